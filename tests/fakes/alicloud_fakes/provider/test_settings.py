import json

import pytest

from alicloud_fakes.provider.provider_configuration import SettingsError, problems, settle

KEYS = {"accessKey": "FAKEid", "secretKey": "FAKEsecret"}


@pytest.mark.parametrize(
    ("inputs", "property_name", "word"),
    [
        ({"endpoints": json.dumps([{"ram": "http://127.0.0.1:80"}])}, "endpoints.ram", "host[:port]"),
        ({"endpoints": [{"sts": "127.0.0.1:80/path"}]}, "endpoints.sts", "host[:port]"),
        ({"protocol": "ftp"}, "protocol", "HTTPS"),
        ({"region": "Hangzhou"}, "region", "Hangzhou"),
        ({"accountId": "company-a"}, "accountId", "digits"),
        ({"assumeRole": {"sessionName": "x"}}, "assumeRole.roleArn", "required"),
        ({"assumeRole": [{"roleArn": "a"}, {"roleArn": "b"}]}, "assumeRole", "one role"),
        ({"assumeRole": {"roleArn": "a", "sessionExpiration": "soon"}}, "assumeRole.sessionExpiration", "'soon'"),
        ({"assumeRole": {"roleArn": "a", "sessionExpiration": 899}}, "assumeRole.sessionExpiration", "900 to 43200"),
        ({"assumeRole": "acs:ram::1:role/ops"}, "assumeRole", "expected an object"),
        ({"endpoints": "127.0.0.1:80"}, "endpoints", "expected an object"),
        ({"endpoints": [80]}, "endpoints", "expected an object"),
    ],
)
def test_wrong_configuration_is_named(inputs, property_name, word):
    [failure] = problems(inputs)
    assert failure.property == property_name
    assert word in failure.reason


@pytest.mark.parametrize("true", [True, "true", "True"])
def test_a_region_of_another_cloud_can_be_let_through(true):
    assert not list(problems({"region": "Lab", "skipRegionValidation": true}))


def test_endpoints_come_from_the_configuration_then_the_environment_then_the_public_ones():
    environment = {"RAM_ENDPOINT": "127.0.0.1:1"}
    nowhere = settle(KEYS, {})
    assert settle({**KEYS, "endpoints": '[{"ram": "127.0.0.1:2"}]'}, environment).endpoint("ram", environment) == (
        "127.0.0.1:2"
    )
    assert nowhere.endpoint("ram", environment) == "127.0.0.1:1"
    assert nowhere.endpoint("ram", {}).startswith("ram.")


def test_credentials_come_from_the_environment_or_a_profile(tmp_path):
    names = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "a", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "b"}
    assert settle({}, names).access_key == "a"
    (tmp_path / ".aliyun").mkdir()
    profiles = [{"name": "b", "mode": "AK", "access_key_id": "c", "access_key_secret": "d", "region_id": "cn-shanghai"}]
    (tmp_path / ".aliyun" / "config.json").write_text(json.dumps({"profiles": profiles}))
    stored = settle({"profile": "b"}, {"HOME": str(tmp_path)})
    assert (stored.access_key, stored.secret_key, stored.region) == ("c", "d", "cn-shanghai")


@pytest.mark.parametrize("inputs", [{}, {"accessKey": "a"}, {"profile": "gone"}])
def test_no_credentials_is_an_error_that_says_what_to_set(inputs, tmp_path):
    with pytest.raises(SettingsError, match=r"accessKey|profile"):
        settle(inputs, {"HOME": str(tmp_path)})


def test_settings_never_show_their_secret():
    assert "FAKEsecret" not in repr(settle(KEYS, {}))

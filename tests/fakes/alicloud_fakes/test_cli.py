"""The command line: accounts from options, the environment and a file, and what `--state` keeps of every service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import oss2
import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_tea_openapi.client import Client as OpenApiClient
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from alicloud_fakes import Cloud
from alicloud_fakes.cli import add_accounts, main, parser
from ram_policies.errors import InvalidInputError

FILE = """
accounts:
  - id: "11223344"
    alias: company-a
    rootKey: {id: FAKEA, secret: a-secret}
    users: [{name: AAA, policies: [AliyunECSFullAccess], accessKey: {id: FAKEAAA, secret: aaa-secret}}]
    databases: [{description: orders}]
    loadBalancers: [{name: front}]
"""


class Running:
    """A server started by its command line, and clients for it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def config(self, key: str, secret: str) -> Config:
        return Config(access_key_id=key, access_key_secret=secret, endpoint=self.endpoint, protocol="HTTP")

    def ram(self, key: str, secret: str) -> RamClient:
        return RamClient(self.config(key, secret))

    def bucket(self, key: str, secret: str, name: str) -> oss2.Bucket:
        return oss2.Bucket(oss2.Auth(key, secret), f"http://{self.endpoint}", name)

    def call(self, version: str, action: str, **parameters: Any) -> Any:
        form = {"style": "RPC", "req_body_type": "formData", "body_type": "json", "auth_type": "AK"}
        params = Params(action=action, version=version, protocol="HTTP", pathname="/", method="POST", **form)
        client = OpenApiClient(self.config("FAKEA", "a-secret"))
        return client.call_api(params, OpenApiRequest(query=parameters), RuntimeOptions())["body"]


@contextmanager
def started(*options: object, environment: dict[str, str] | None = None) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "alicloud_fakes", "serve", *map(str, options)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    try:
        assert process.stdout is not None
        endpoint = ""
        for line in process.stdout:
            if line.startswith("export ALICLOUD_FAKES_ENDPOINT="):
                endpoint = line.strip().partition("=")[2]
            if line.startswith("# ready"):
                break
        assert endpoint, "the server ended"
        yield Running(endpoint)
    finally:
        process.kill()  # at any moment: nothing is tidied up
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    with ExitStack() as stack:
        yield lambda *options, **more: stack.enter_context(started(*options, **more))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_file_of_accounts(start: Callable[..., Running], config: Path) -> None:
    server = start("--config", config, "--account", "5", environment={"ALICLOUD_FAKES_ROOT_KEY_5": "FAKEfive:five"})
    assert server.ram("FAKEA", "a-secret").get_account_alias().body.account_alias == "company-a"
    assert server.ram("FAKEfive", "five").get_account_alias().body.account_alias == "5"
    user = server.ram("FAKEA", "a-secret").get_user(ram.GetUserRequest(user_name="AAA")).body.user
    assert user.user_name == "AAA"


def test_state_of_every_service_outlives_a_kill(config: Path, tmp_path: Path) -> None:
    options = ("--config", config, "--account", "5", "--state", tmp_path / "state")
    ecs, rds, slb = "2014-05-26", "2014-08-15", "2014-05-15"
    with started(*options) as server:
        bucket = server.bucket("FAKEA", "a-secret", "data-of-a")
        bucket.create_bucket()
        bucket.put_object("k/ü", bytes(range(256)))
        run = {"RegionId": "cn-hangzhou", "ImageId": "img", "InstanceType": "ecs.g6.large", "InstanceName": "web"}
        instance = server.call(ecs, "RunInstances", **run)["InstanceIdSets"]["InstanceIdSet"][0]
        server.call(ecs, "StopInstance", InstanceId=instance)
        server.call(ecs, "CreateSecurityGroup", RegionId="cn-hangzhou", SecurityGroupName="doors")
        server.call("2019-08-15", "CreateUser", UserPrincipalName="ims@company-a.onaliyun.com", DisplayName="ims")
        balancer = server.call(slb, "DescribeLoadBalancers", RegionId="cn-hangzhou")["LoadBalancers"]["LoadBalancer"][0]
        front = {"RegionId": "cn-hangzhou", "LoadBalancerId": balancer["LoadBalancerId"]}
        server.call(slb, "AddBackendServers", **front, BackendServers=json.dumps([{"ServerId": instance}]))
        server.ram("FAKEA", "a-secret").delete_access_key(
            ram.DeleteAccessKeyRequest(user_name="AAA", user_access_key_id="FAKEAAA")
        )
    with started(*options) as server:
        bucket = server.bucket("FAKEA", "a-secret", "data-of-a")
        assert bucket.get_object("k/ü").read() == bytes(range(256))
        found = server.call(ecs, "DescribeInstances", RegionId="cn-hangzhou")["Instances"]["Instance"]
        assert [(one["InstanceId"], one["Status"]) for one in found] == [(instance, "Stopped")]
        groups = server.call(ecs, "DescribeSecurityGroups", RegionId="cn-hangzhou")["SecurityGroups"]["SecurityGroup"]
        assert "doors" in [one["SecurityGroupName"] for one in groups]
        behind = server.call(slb, "DescribeLoadBalancerAttribute", **front)["BackendServers"]["BackendServer"]
        assert [one["ServerId"] for one in behind] == [instance]
        assert server.call(rds, "DescribeDBInstances", RegionId="cn-hangzhou")["TotalRecordCount"] == 1
        users = server.ram("FAKEA", "a-secret").list_users(ram.ListUsersRequest()).body.users.user
        # The file of accounts is not applied again: the key stays deleted.
        assert {one.user_name for one in users} == {"AAA", "ims"}
        keys = server.ram("FAKEA", "a-secret").list_access_keys(ram.ListAccessKeysRequest(user_name="AAA")).body
        assert keys.access_keys.access_key == []


def parsed(*options: object) -> Any:
    return parser().parse_args(["serve", *map(str, options)])


def test_a_file_is_read_beside_other_accounts_when_the_state_begins(config: Path, tmp_path: Path) -> None:
    cloud = Cloud()
    add_accounts(cloud, parsed("--account", "5", "--config", config, "--state", tmp_path / "state"), {})
    assert set(cloud.accounts) == {"5", "11223344"}
    cloud.account("11223344").ram.users.get("AAA").keys.clear()
    add_accounts(cloud, parsed("--account", "5", "--config", config, "--state", tmp_path / "state"), {})
    assert not cloud.account("11223344").ram.users.get("AAA").keys, "kept accounts are not made again"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--account", "abc"), "no account id may"),
        (("--account", "1", "--account", "1"), "is there already"),
        (("--account", "1:A_B"), "no alias may"),
        (("--account", "1", "--root-key", "1:FAKE"), "is not ACCOUNT:ID:SECRET"),
        (("--root-key", "1:FAKEa:s"), "add --account 1"),
        (("--account", "1", "--root-key", "1:LTAI5tabc:hidden-secret"), "looks like a live access key"),
        (("--config", "no-such-file.yaml"), "cannot be read"),
    ],
)
def test_bad_options_are_told_without_secrets(options: tuple[str, ...], says: str) -> None:
    with pytest.raises(InvalidInputError, match=says) as caught:
        add_accounts(Cloud(), parsed(*options), {})
    assert "hidden-secret" not in str(caught.value)


def test_a_mistake_is_an_exit_code_and_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "accounts.yaml"
    path.write_text("accounts: [{id: '1', colour: red}]", encoding="utf-8")
    assert main(["serve", "--config", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("alicloud-fakes: accounts[0].colour: ")
    assert said.count("\n") == 1


def test_the_help_names_each_option_with_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    (commands,) = [action for action in parser()._actions if isinstance(action.choices, dict)]
    for action in commands.choices["serve"]._actions:  # type: ignore[index] - a mapping, for subcommands
        assert action.option_strings[-1] in said
        assert action.help
    assert "examples:" in said


CLIENTS = """
import os
import oss2
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from oss2.credentials import EnvironmentVariableCredentialsProvider

from alicloud_fakes.provider.api import SdkApi
from alicloud_fakes.provider.provider_configuration import settle


def config(product):
    return Config(credential=Credentials(), endpoint=os.environ[product + "_ENDPOINT"], protocol="HTTP")


print(StsClient(config("STS")).get_caller_identity().body.account_id)
print(RamClient(config("RAM")).get_account_alias().body.account_alias)
older = AcsClient(region_id=os.environ["ALIBABA_CLOUD_REGION_ID"])
request = CommonRequest(os.environ["STS_ENDPOINT"], "2015-04-01", "GetCallerIdentity")
print(b'"AccountId":"11223344"' in older.do_action_with_exception(request))
auth = oss2.ProviderAuth(EnvironmentVariableCredentialsProvider())
print(oss2.Service(auth, "http://" + os.environ["ALICLOUD_FAKES_ENDPOINT"]).list_buckets().owner.id)
settings = settle({"protocol": "HTTP"}, os.environ)
print(settings.region, SdkApi(settings).call("GetCallerIdentity", product="sts")["AccountId"])
"""


def test_the_variables_that_are_printed_are_those_that_clients_read(tmp_path: Path) -> None:
    """Official SDKs, and the stand-in provider, with nothing but these variables."""
    command = [sys.executable, "-m", "alicloud_fakes", "serve", "--account", "11223344:company-a", "--account", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [line.strip() for line in iter(process.stdout.readline, "# ready\n")]
        printed = dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
        ran = subprocess.run(
            [sys.executable, "-c", CLIENTS],
            capture_output=True,
            text=True,
            env={**kept, "HOME": str(tmp_path), **printed},
            check=False,
        )
        process.kill()
    assert ran.stdout.split() == ["11223344", "company-a", "True", "11223344", "cn-hangzhou", "11223344"], ran.stderr

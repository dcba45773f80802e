"""The provider protocol, spoken as the engine speaks it."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from alicloud_fakes.cloud.consistency import EventualConsistency
from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.http import Server
from alicloud_fakes.pipeline.faults import Fault, FaultKind
from alicloud_fakes.provider.property_maps import from_property_map, to_property_map

USER = "urn:pulumi:s::p::alicloud:ram/user:User::u"
ROLE = "urn:pulumi:s::p::x:index:Y$alicloud:ram/role:Role::r"
KEY = "urn:pulumi:s::p::alicloud:ram/accessKey:AccessKey::k"


@pytest.fixture
def cloud():
    return Cloud.of({"11223344": "company-a"})


@pytest.fixture
def plugin():
    """The plugin as a process, as the engine starts it."""
    command = [sys.executable, "-m", "alicloud_fakes.provider", "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
        process.terminate()


@pytest.fixture
def configured(plugin, cloud):
    key = cloud.account("company-a").root_key
    with Server(cloud) as server:
        endpoints = json.dumps([dict.fromkeys(("ram", "sts"), server.endpoint)])
        given = {"accessKey": key.id, "secretKey": key.secret, "protocol": "HTTP", "endpoints": endpoints}
        plugin.Configure(
            provider_pb2.ConfigureRequest(variables={f"alicloud:config:{name}": text for name, text in given.items()})
        )
        yield plugin


def create(plugin, urn, **inputs):
    return plugin.Create(provider_pb2.CreateRequest(urn=urn, properties=to_property_map(inputs)))


def refusal(call):
    with pytest.raises(grpc.RpcError) as error:
        call()
    assert "Traceback" not in error.value.details()
    return error.value.code(), error.value.details()


def test_the_stand_in_says_which_version_and_which_types_it_has(plugin):
    assert plugin.GetPluginInfo(Empty()).version == "4.0.0"
    schema = json.loads(plugin.GetSchema(provider_pb2.GetSchemaRequest()).schema)
    assert schema["resources"]["alicloud:ram/accessKey:AccessKey"]["properties"]["secret"]["secret"] is True
    assert "roleName" in schema["resources"]["alicloud:ram/role:Role"]["inputProperties"]


def test_a_type_it_does_not_have_is_named_with_the_way_out(plugin):
    urn = "urn:pulumi:s::p::alicloud:vpc/network:Network::n"
    code, text = refusal(lambda: plugin.Check(provider_pb2.CheckRequest(urn=urn, news=Struct())))
    assert code == grpc.StatusCode.UNIMPLEMENTED
    assert "alicloud:vpc/network:Network" in text
    assert "install the real pulumi-resource-alicloud" in text


def test_before_it_is_configured_it_makes_nothing(plugin):
    code, text = refusal(lambda: create(plugin, USER, name="AAA"))
    assert (code, text) == (grpc.StatusCode.FAILED_PRECONDITION, "the provider is not configured yet")


def test_wrong_configuration_is_a_failed_check(plugin):
    news = to_property_map({"endpoints": json.dumps([{"ram": "http://127.0.0.1:1"}])})
    [failure] = plugin.CheckConfig(provider_pb2.CheckRequest(news=news)).failures
    assert failure.property == "endpoints.ram"


def test_no_credentials_is_an_error_that_says_what_to_set(plugin):
    _, text = refusal(lambda: plugin.Configure(provider_pb2.ConfigureRequest(variables={})))
    assert "set accessKey and secretKey" in text


def test_a_preview_calls_nothing(configured, cloud):
    request = provider_pb2.CreateRequest(urn=ROLE, properties=to_property_map({"roleName": "ops"}), preview=True)
    answer = configured.Create(request)
    assert (answer.id, from_property_map(answer.properties)) == ("", {"id": "", "roleName": "ops", "version": "1"})
    assert cloud.account("company-a").ram.roles.get("ops") is None


def test_a_new_access_key_keeps_its_secret_marked(configured):
    create(configured, USER, name="AAA")
    answer = create(configured, KEY, userName="AAA")
    assert answer.id.startswith("FAKE")
    assert "value" in answer.properties["secret"]
    read = configured.Read(provider_pb2.ReadRequest(urn=KEY, id=answer.id, properties=answer.properties))
    assert from_property_map(read.properties)["secret"] == answer.properties["secret"]["value"]
    assert "value" in read.properties["secret"]


def test_a_deleted_resource_reads_as_absent(configured):
    assert configured.Read(provider_pb2.ReadRequest(urn=ROLE, id="gone")).id == ""


def test_deleting_what_is_gone_is_fine(configured):
    assert configured.Delete(provider_pb2.DeleteRequest(urn=ROLE, id="gone")) == Empty()


def test_a_resource_that_was_made_but_cannot_be_read_stays_in_the_state(configured, cloud):
    cloud.faults.add(Fault(FaultKind.RESET_BEFORE, action="ram:GetUser", next=1))
    with pytest.raises(grpc.RpcError) as error:
        create(configured, USER, name="AAA")
    [detail] = [value for key, value in error.value.trailing_metadata() if key == "grpc-status-details-bin"]
    made = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(detail).details[0].Unpack(made)
    assert made.id == cloud.account("company-a").ram.users.get("AAA").id
    assert made.properties["name"] == "AAA"


def test_a_creation_waits_until_the_resource_can_be_read(configured, cloud):
    EventualConsistency(cloud, 1.0).install()
    made = create(configured, ROLE, roleName="ops", assumeRolePolicyDocument=TRUST_TEXT)
    assert made.properties["arn"] == "acs:ram::11223344:role/ops"


TRUSTED = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["ecs.aliyuncs.com"]}}
TRUST_TEXT = json.dumps({"Version": "1", "Statement": [TRUSTED]})
RECORDED = json.loads(Path(__file__).with_name("recorded_states.json").read_text())["resources"]


def test_a_program_reads_what_the_real_provider_shows(configured):
    """Each output of each type, no more and no less, beside what the official provider has in its state."""
    for recorded in RECORDED:
        made = create(configured, f"urn:pulumi:s::p::alicloud:ram/{recorded['type']}::x", **recorded["inputs"])
        found = from_property_map(made.properties)
        assert found["id"] == made.id
        hidden = {name for name, value in recorded["outputs"].items() if value == "*"}
        assert all(found[name] for name in hidden), recorded["case"]
        shown = {name: "*" if name in hidden else value for name, value in found.items()}
        assert shown == recorded["outputs"], recorded["case"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the number of a parent that has ended")
def test_the_stand_in_ends_with_the_engine():
    # The engine of this test starts the plugin, reads its port, and exits. Standard error stays open for as long as
    # anybody holds it, so this returns only when the plugin has ended as well.
    engine = (
        "import os, subprocess, sys; "
        "plugin = subprocess.Popen([sys.executable, '-m', 'alicloud_fakes.provider'], stdout=subprocess.PIPE); "
        "os.write(1, plugin.stdout.readline()); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", engine], capture_output=True, check=True, timeout=300)
    assert int(done.stdout) > 0


def test_throttling_is_waited_for(configured, cloud):
    cloud.faults.add(Fault(FaultKind.THROTTLING, action="ram:CreateUser", next=2))
    assert create(configured, USER, name="AAA").id


def test_the_stand_in_answers_many_calls_at_once(configured, cloud):
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: create(configured, USER, name=f"user-{n}"), range(60)))
    assert len({answer.id for answer in answers}) == 60
    assert cloud.account("company-a").ram.users.get("user-59") is not None


def test_functions_and_no_other(configured):
    token = "alicloud:index/getCallerIdentity:getCallerIdentity"
    answer = configured.Invoke(provider_pb2.InvokeRequest(tok=token))
    assert getattr(answer, "return")["accountId"] == "11223344"
    other = provider_pb2.InvokeRequest(tok="alicloud:ecs/getInstances:getInstances")
    assert refusal(lambda: configured.Invoke(other))[0] == grpc.StatusCode.UNIMPLEMENTED


def test_an_import_finds_its_inputs(configured):
    trust = json.dumps(
        {
            "Version": "1",
            "Statement": [
                {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::11223344:root"]}}
            ],
        }
    )
    create(configured, ROLE, roleName="ops", assumeRolePolicyDocument=trust, description="d")
    found = configured.Read(provider_pb2.ReadRequest(urn=ROLE, id="ops"))
    assert from_property_map(found.inputs) == {
        "roleName": "ops", "description": "d", "maxSessionDuration": 3600, "assumeRolePolicyDocument": trust,
    }  # fmt: skip

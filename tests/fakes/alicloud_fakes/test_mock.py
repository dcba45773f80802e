"""The in-process mock: it intercepts nothing else, and everything is restored when it ends."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlencode

import alibabacloud_credentials.utils.auth_util as reader
import pytest
import requests
import responses
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.core import signature
from alicloud_fakes.core.messages import Delivery
from alicloud_fakes.guard import NotTheFakeError, is_alibaba


def client(cloud: Cloud, account: str = "1") -> Client:
    key = cloud.account(account).root_key
    return Client(Config(access_key_id=key.id, access_key_secret=key.secret, endpoint="ram.aliyuncs.com"))


@mock_alicloud({"1": "company-x"})
def test_decorator(cloud: Cloud) -> None:
    assert client(cloud).get_account_alias().body.account_alias == "company-x"


@mock_alicloud({"1": ""})
def test_decorator_without_the_cloud() -> None:
    with pytest.raises(NotTheFakeError):
        socket.getaddrinfo("ram.aliyuncs.com", 443)


def test_fixture(alicloud: Cloud) -> None:
    assert client(alicloud, "company-a").get_account_alias().body.account_alias == "company-a"


@pytest.mark.alicloud({"7": "seven"})
def test_fixture_with_accounts(alicloud: Cloud) -> None:
    assert set(alicloud.accounts) == {"7"}


def test_stopping_restores_what_starting_replaced() -> None:
    mock = mock_alicloud({"1": ""})
    before = requests.adapters.HTTPAdapter.send, socket.getaddrinfo
    cloud = mock.start()
    with pytest.raises(RuntimeError, match="stop it first"):
        mock.start()
    assert client(cloud).get_account_alias().body.account_alias == "1"
    mock.stop()
    mock.stop()
    assert (requests.adapters.HTTPAdapter.send, socket.getaddrinfo) == before


def test_one_cloud_in_two_mocks() -> None:
    cloud = Cloud.of({"1": "first"})
    with mock_alicloud(cloud=cloud):
        client(cloud).create_user(ram.CreateUserRequest(user_name="u"))
    with mock_alicloud(cloud=cloud) as same:
        assert same is cloud
        assert client(cloud).get_user(ram.GetUserRequest(user_name="u")).body.user.user_name == "u"


@pytest.mark.parametrize(
    "host",
    ["kms.cn-hangzhou.aliyuncs.com", "mts.aliyuncs.com", "example.alibabacloud.com", "signin.aliyun.com"],
)
def test_other_alibaba_hosts_are_refused(host: str) -> None:
    with mock_alicloud({"1": ""}), pytest.raises(NotTheFakeError, match=host):
        requests.get(f"https://{host}/?Action=X&Version=2001-01-01", timeout=1)


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("1.cn-hangzhou.fc.aliyuncs.com", {"authorization": "FC FAKEa:YQ=="}),
        ("1.cn-hangzhou.fc.aliyuncs.com", {"authorization": "acs FAKEa:YQ==", "x-acs-version": "2023-03-30"}),
        ("p.cn-hangzhou.log.aliyuncs.com", {"authorization": "LOG FAKEa:YQ==", "x-log-apiversion": "0.6.0"}),
    ],
)
def test_hosts_of_other_protocols_are_refused(host: str, headers: dict[str, str]) -> None:
    with mock_alicloud({"1": ""}), pytest.raises(NotTheFakeError, match=host):
        requests.get(f"https://{host}/2023-03-30/functions", headers=headers, timeout=1)


def test_instance_metadata_is_refused() -> None:
    with mock_alicloud({"1": ""}), pytest.raises(NotTheFakeError):
        requests.get("http://100.100.100.200/latest/meta-data/", timeout=1)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("ram.aliyuncs.com", True),
        ("RAM.ALIYUNCS.COM", True),
        ("aliyuncs.com", True),
        ("signin.alibabacloud.com", True),
        ("bucket.oss-cn-hangzhou.aliyuncs.com", True),
        ("100.100.100.200", True),
        ("notaliyuncs.com", False),
        ("aliyuncs.com.example.org", False),
        ("127.0.0.1", False),
    ],
)
def test_hosts_of_alibaba_cloud_are_recognised(host: str, expected: bool) -> None:
    assert is_alibaba(host) is expected


def test_asynchronous_clients_cannot_slip_through() -> None:
    with mock_alicloud({"1": ""}) as cloud, pytest.raises(Exception, match="mock_alicloud"):
        asyncio.run(client(cloud).get_account_alias_async())


@pytest.fixture
def neighbour() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"me")

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_other_hosts_are_reached_as_ever(neighbour: str) -> None:
    with mock_alicloud({"1": ""}):
        assert requests.get(neighbour, timeout=5).text == "me"


def test_other_mocks_go_on_working() -> None:
    with responses.RequestsMock() as other:
        other.get("https://example.org/", body="theirs")
        with mock_alicloud({"1": ""}) as cloud:
            assert requests.get("https://example.org/", timeout=1).text == "theirs"
            assert client(cloud).get_account_alias().body.account_alias == "1"


def test_live_credentials_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    live = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIlive",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "live",
        "ALICLOUD_ACCESS_KEY": "LTAIlive",
        "ALIBABACLOUD_ACCESS_KEY_ID": "LTAIlive",
        "ALIYUN_ACCESS_KEY": "LTAIlive",
        "OSS_ACCESS_KEY_ID": "LTAIlive",
    }
    for name, value in live.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ALICLOUD_FAKES_ROOT_KEY_1", "FAKEx:y")
    with mock_alicloud({"1": ""}):
        assert not live.keys() & os.environ.keys()
        assert reader.environment_access_key_id is None
        assert os.environ["ALICLOUD_FAKES_ROOT_KEY_1"] == "FAKEx:y"
        assert os.environ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] == "true"
    assert {name: os.environ.get(name) for name in live} == live
    assert "ALIBABA_CLOUD_ECS_METADATA_DISABLED" not in os.environ
    assert reader.environment_access_key_id == "LTAIlive"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_is_no_way_out(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """With a proxy, hosts are resolved by the proxy, so a local resolver cannot refuse them."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.05)
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "intranet.example")
        with mock_alicloud({"1": ""}):
            assert os.environ["NO_PROXY"].startswith("intranet.example,")
            for host in ("ecs-cn-hangzhou.aliyuncs.com", "signin.alibabacloud.com"):
                with pytest.raises(urllib.error.URLError, match="mock_alicloud is active"):
                    urllib.request.urlopen(f"https://{host}/", timeout=1)
        assert os.environ["NO_PROXY"] == "intranet.example"
        assert "no_proxy" not in os.environ
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_hosts_do_not_resolve_by_the_older_calls_either() -> None:
    with mock_alicloud({"1": ""}):
        for resolve in (socket.gethostbyname, socket.gethostbyname_ex):
            with pytest.raises(NotTheFakeError):
                resolve("ram.aliyuncs.com")
        assert socket.gethostbyname("127.0.0.1") == "127.0.0.1"


@pytest.mark.parametrize("host", ["ram.aliyuncs.com", "100.100.100.200"])
def test_no_socket_connects_to_a_host_of_alibabas(host: str) -> None:
    with mock_alicloud({"1": ""}), socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        for connect in (client.connect, client.connect_ex):
            with pytest.raises(NotTheFakeError):
                connect((host, 80))
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()

    async def connects() -> None:
        await asyncio.open_connection(host, 80)

    with mock_alicloud({"1": ""}), pytest.raises(NotTheFakeError):
        asyncio.run(connects())


def test_no_key_looks_live(alicloud: Cloud) -> None:
    made = client(alicloud, "company-a").create_user(ram.CreateUserRequest(user_name="u"))
    assert made.body.user.user_id.isdigit()
    key = client(alicloud, "company-a").create_access_key(ram.CreateAccessKeyRequest(user_name="u")).body.access_key
    for identifier in (key.access_key_id, alicloud.account("company-a").root_key.id):
        assert identifier.startswith("FAKE")


def core_client(cloud: Cloud) -> AcsClient:
    key = cloud.account("company-a").root_key
    return AcsClient(key.id, key.secret, "cn-hangzhou")


def core_request(action: str, **parameters: str) -> CommonRequest:
    request = CommonRequest(domain="ram.aliyuncs.com", version="2015-05-01", action_name=action)
    request.set_method("POST")
    for name, value in parameters.items():
        request.add_query_param(name, value)
    return request


def test_the_older_core_sdk_and_its_own_copy_of_requests(alicloud: Cloud) -> None:
    body = core_client(alicloud).do_action_with_exception(core_request("CreateUser", UserName="u", Comments="a b*~"))
    assert b'"UserName":"u"' in body
    with pytest.raises(ServerException) as error:
        core_client(alicloud).do_action_with_exception(core_request("GetUser", UserName="nobody"))
    assert (error.value.error_code, error.value.http_status) == ("EntityNotExist.User", 404)
    with pytest.raises(ServerException) as error:
        core_client(alicloud).do_action_with_exception(core_request("MakeCoffee"))
    assert error.value.http_status == 400


class Deliver:
    """An interceptor that does not deliver."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery

    def before(self, _: Any) -> None:
        return None

    def after(self, _: Any, response: Any) -> Any:
        response.delivery = self.delivery
        return response


@pytest.mark.parametrize(
    ("delivery", "error"), [(Delivery.RESET, requests.ConnectionError), (Delivery.HANG, requests.ReadTimeout)]
)
def test_answers_that_are_not_delivered(alicloud: Cloud, delivery: Delivery, error: type[Exception]) -> None:
    alicloud.interceptors.append(Deliver(delivery))
    with pytest.raises(error):
        _send(alicloud)
    assert "u" in alicloud.account("company-a").ram.users


def _send(cloud: Cloud) -> None:
    key = cloud.account("company-a").root_key
    parameters = {
        "Action": "CreateUser",
        "UserName": "u",
        "Version": "2015-05-01",
        "AccessKeyId": key.id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    text = signature.v1_string_to_sign("POST", parameters)
    parameters["Signature"] = signature.v1_signature(key.secret, text)
    requests.post(f"https://ram.aliyuncs.com/?{urlencode(parameters)}", timeout=1)

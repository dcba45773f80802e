"""The file of state survives a kill at any moment, with nothing acknowledged lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.cloud.accounts import account_from
from alicloud_fakes.cloud.file import StateFile, StateFileError

ROUNDS = 4


def serve(path):
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "alicloud_fakes",
            "serve",
            "--account",
            "1",
            "--root-key",
            "1:FAKEroot:secret",
            "--state",
            path,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if line.startswith("export ALICLOUD_FAKES_ENDPOINT="):
            endpoint = line.strip().partition("=")[2]
        if line.startswith("# ready"):
            return process, endpoint
    raise AssertionError(f"the server ended with {process.wait()}")


def all_users(client):
    names: set[str] = set()
    marker = None
    while True:
        page = client.list_users(models.ListUsersRequest(max_items=1000, marker=marker)).body
        names |= {user.user_name for user in page.users.user}
        if not page.is_truncated:
            return names
        marker = page.marker


def test_kill_at_any_moment_loses_nothing_acknowledged(tmp_path):
    path = tmp_path / "state"
    acknowledged: set[str] = set()
    chance = random.Random(3)
    for round_ in range(ROUNDS):
        process, endpoint = serve(path)
        try:
            client = Client(
                Config(access_key_id="FAKEroot", access_key_secret="secret", endpoint=endpoint, protocol="HTTP")
            )
            assert acknowledged <= all_users(client)
            die_at = time.monotonic() + chance.uniform(0.1, 0.5)
            number = 0
            while time.monotonic() < die_at:
                name = f"u{round_}-{number}"
                client.create_user(models.CreateUserRequest(user_name=name))
                acknowledged.add(name)
                number += 1
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    cloud = Cloud()
    state = StateFile(cloud, path)
    state.open()
    state.close()
    assert len(acknowledged) > ROUNDS
    assert acknowledged <= {user.name for user in cloud.account("1").ram.users}


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "state"
    cloud = Cloud()
    cloud.add_account("1")
    state = StateFile(cloud, path)
    state.open()
    yield cloud, state, path
    state.close()


def test_only_the_owner_may_read_the_file(kept):
    assert kept[2].stat().st_mode & 0o777 == 0o600


def test_two_processes_cannot_share_a_file(kept):
    with pytest.raises(StateFileError, match="another process"):
        StateFile(Cloud(), kept[2]).open()


@pytest.mark.parametrize("torn", [b'{"time"', b"{}", b"\xff"])
def test_a_line_that_was_being_written_is_nobodys_change(kept, torn):
    cloud, state, path = kept
    state.close()
    with path.open("ab") as file:
        file.write(torn)
    again = StateFile(Cloud(), path)
    again.open()
    again.close()
    assert cloud.account("1").root_key.id in path.read_text()


def test_damage_in_the_middle_names_the_line(kept):
    _, state, path = kept
    state.close()
    with path.open("ab") as file:
        file.write(b"{}\n")
    with pytest.raises(StateFileError, match="line 3"):
        StateFile(Cloud(), path).open()


def test_sessions_outlive_a_restart_and_end_with_their_role(tmp_path, refused):
    trust = {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::1:root"]}}],
    }
    user = {"name": "u", "policies": ["AdministratorAccess"], "accessKey": {"id": "FAKEu", "secret": "s"}}
    path = tmp_path / "state"
    first = Cloud()
    account_from(first, {"id": "1", "users": [user], "roles": [{"name": "r", "trust": trust}]}, "account")
    state = StateFile(first, path)
    state.open()
    config = {"endpoint": "ram.aliyuncs.com", "protocol": "HTTPS"}
    with mock_alicloud(cloud=first):
        owner = StsClient(
            Config(access_key_id="FAKEu", access_key_secret="s", **{**config, "endpoint": "sts.aliyuncs.com"})
        )
        request = sts.AssumeRoleRequest(role_arn="acs:ram::1:role/r", role_session_name="name")
        given = owner.assume_role(request).body.credentials
        session = {
            "access_key_id": given.access_key_id,
            "access_key_secret": given.access_key_secret,
            "security_token": given.security_token,
        }
        with refused("NoPermission") as denial:
            Client(Config(**session, **config)).list_users(models.ListUsersRequest())
        message = denial.error.data["AccessDeniedDetail"]["EncodedDiagnosticMessage"]
    state.close()

    second = Cloud()
    state = StateFile(second, path)
    state.open()
    with mock_alicloud(cloud=second):
        mine = StsClient(Config(**session, **{**config, "endpoint": "sts.aliyuncs.com"}))
        assert mine.get_caller_identity().body.arn == "acs:ram::1:assumed-role/r/name"
        client = Client(Config(access_key_id="FAKEu", access_key_secret="s", **config))
        decode = models.DecodeDiagnosticMessageRequest(encoded_diagnostic_message=message)
        decoded = client.decode_diagnostic_message(decode).body.decoded_diagnostic_message
        assert decoded.auth_action == "ram:ListUsers"
        client.delete_role(models.DeleteRoleRequest(role_name="r"))
        document = json.dumps(trust)
        client.create_role(models.CreateRoleRequest(role_name="r", assume_role_policy_document=document))
    state.close()

    third = Cloud()
    state = StateFile(third, path)
    state.open()
    with mock_alicloud(cloud=third), refused("InvalidSecurityToken.Expired", 400):
        StsClient(Config(**session, **{**config, "endpoint": "sts.aliyuncs.com"})).get_caller_identity()
    state.close()

"""A fake behind its HTTP server, set up and called through official SDKs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.client import Client as OpenApiClient
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from darabonba.exceptions import DaraException
from darabonba.runtime import RuntimeOptions

from alicloud_fakes import Cloud
from alicloud_fakes.console import Console
from alicloud_fakes.http import Server
from alicloud_fakes.identity import totp
from alicloud_fakes.tls import certificates

ASSUME_ROLE = "sts:AssumeRole"
DENIALS = {"NoPermission", "Forbidden.RAM"}
VERSIONS = {"ecs": "2014-05-26", "rds": "2014-08-15", "ram": "2015-05-01"}
HELPER = "case-helper"
PASSWORD = "Correct-Horse-7-Battery"


@dataclass(frozen=True)
class Credentials:
    """Credentials that sign a call."""

    key: str
    secret: str
    token: str | None = None


@dataclass(frozen=True)
class Answer:
    """Answer of the fake to the request of a case: allowed, or its message on the denial."""

    allowed: bool
    no_permission_type: str | None = None
    policy_type: str | None = None


class Realised:
    """The fake with the accounts, entities and policies of one case, and the request of the case.

    Attributes:
        case: the case, as its JSON file has it.
    """

    def __init__(self, case: Mapping[str, Any], server: Server, authority: Path) -> None:
        self.case = case
        self.cloud = cloud = server.cloud
        self.endpoint = server.endpoint
        self.authority = str(authority)
        self.request: Mapping[str, Any] = case["request"]
        self.caller: Mapping[str, Any] = self.request["caller"]
        self.account: str = self.caller["account"]
        self.context: Mapping[str, Any] = self.request["context"]
        self.protocol = "HTTPS" if self.context.get("acs:SecureTransport") == "true" else "HTTP"
        for account in sorted(_accounts(case)):
            cloud.add_account(account)

    def ask(self) -> Answer:
        """Set the case up, make its request, and return the answer."""
        credentials = self._caller()
        if self.case["kind"] == "assume_role":
            self._trusting_role()
            return self._answer(lambda: self._assume(credentials))
        return self._answer(lambda: self._call(credentials))

    def root(self, account: str) -> Credentials:
        key = self.cloud.accounts[account].root_key
        return Credentials(key.id, key.secret)

    def config(self, credentials: Credentials) -> Config:
        return Config(
            access_key_id=credentials.key,
            access_key_secret=credentials.secret,
            security_token=credentials.token,
            endpoint=self.endpoint,
            protocol=self.protocol,
            ca=self.authority,
        )

    def ram(self, account: str) -> RamClient:
        return RamClient(self.config(self.root(account)))

    # --- setting up ----------------------------------------------------------------------------------------------

    def _caller(self) -> Credentials:
        client = self.ram(self.account)
        if "root" in self.caller:
            return self.root(self.account)
        if "role" in self.caller:
            return self._role_session(client)
        credentials = self._user(client, self.caller["user"])
        for group in self.caller.get("groups", ()):
            client.create_group(ram.CreateGroupRequest(group_name=group))
            client.add_user_to_group(ram.AddUserToGroupRequest(group_name=group, user_name=self.caller["user"]))
        self._attach(client, self._attach_to_user)
        factor = self.context.get("acs:MFAPresent")
        return credentials if factor is None else self._console(client, self.caller["user"], factor)

    def _console(self, client: RamClient, user: str, factor: str) -> Credentials:
        """Credentials of the console after the user signed in, with a second factor or without."""
        client.create_login_profile(ram.CreateLoginProfileRequest(user_name=user, password=PASSWORD))
        code = ""
        if factor == "true":
            device = client.create_virtual_mfadevice(
                ram.CreateVirtualMFADeviceRequest(virtual_mfadevice_name="phone")
            ).body.virtual_mfadevice
            before, now, code = (
                totp.code_at(device.base_32string_seed, self.cloud.clock.time() + drift * totp.STEP)
                for drift in (-1, 0, 1)
            )
            client.bind_mfadevice(
                ram.BindMFADeviceRequest(
                    user_name=user,
                    serial_number=device.serial_number,
                    authentication_code_1=before,
                    authentication_code_2=now,
                )
            )
        given = Console(self.cloud).sign_in(user, self.account, PASSWORD, mfa_code=code).credentials
        return Credentials(given.access_key_id, given.access_key_secret, given.security_token)

    def _user(self, client: RamClient, name: str) -> Credentials:
        client.create_user(ram.CreateUserRequest(user_name=name))
        made = client.create_access_key(ram.CreateAccessKeyRequest(user_name=name)).body.access_key
        return Credentials(made.access_key_id, made.access_key_secret)

    def _role_session(self, client: RamClient) -> Credentials:
        """A session of the caller's role, begun by a helper user that may assume anything."""
        helper = self._user(client, HELPER)
        client.attach_policy_to_user(
            ram.AttachPolicyToUserRequest(
                policy_type="System", policy_name="AliyunSTSAssumeRoleAccess", user_name=HELPER
            )
        )
        trust = _document(Effect="Allow", Action=ASSUME_ROLE, Principal={"RAM": [f"acs:ram::{self.account}:root"]})
        name = self.caller["role"]
        client.create_role(ram.CreateRoleRequest(role_name=name, assume_role_policy_document=json.dumps(trust)))
        self._attach(client, self._attach_to_role)
        session = self.case["policies"].get("session")
        given = StsClient(self.config(helper)).assume_role(
            sts.AssumeRoleRequest(
                role_arn=f"acs:ram::{self.account}:role/{name}",
                role_session_name=self.caller["session"],
                policy=json.dumps(session) if session else None,
            )
        )
        made = given.body.credentials
        return Credentials(made.access_key_id, made.access_key_secret, made.security_token)

    def _attach(self, client: RamClient, attach: Callable[[RamClient, Mapping[str, Any]], None]) -> None:
        for policy in self.case["policies"].get("identity", ()):
            if policy["type"] == "Custom":
                text = json.dumps(policy["document"])
                client.create_policy(ram.CreatePolicyRequest(policy_name=policy["name"], policy_document=text))
            attach(client, policy)

    def _attach_to_user(self, client: RamClient, policy: Mapping[str, Any]) -> None:
        what = {"policy_type": policy["type"], "policy_name": policy["name"]}
        group = policy.get("attached_to", "").removeprefix("group:")
        if group:
            client.attach_policy_to_group(ram.AttachPolicyToGroupRequest(group_name=group, **what))
        else:
            client.attach_policy_to_user(ram.AttachPolicyToUserRequest(user_name=self.caller["user"], **what))

    def _attach_to_role(self, client: RamClient, policy: Mapping[str, Any]) -> None:
        client.attach_policy_to_role(
            ram.AttachPolicyToRoleRequest(
                policy_type=policy["type"], policy_name=policy["name"], role_name=self.caller["role"]
            )
        )

    def _trusting_role(self) -> None:
        """Make the role of the case's resource, and the principals its trust policy names."""
        trust = self.case["policies"]["trust"]
        for kind, account, name in _principals(trust):
            self._principal(kind, account, name)
        owner, role = self._target()
        document = json.dumps(trust)
        self.ram(owner).create_role(ram.CreateRoleRequest(role_name=role, assume_role_policy_document=document))

    def _principal(self, kind: str, account: str, name: str) -> None:
        entities = self.cloud.accounts[account].ram
        if kind == "user" and name.lower() not in {user.lower() for user in _names(entities.users)}:
            self.ram(account).create_user(ram.CreateUserRequest(user_name=name))
        if kind == "role" and name.lower() not in {role.lower() for role in _names(entities.roles)}:
            nobody = _document(Effect="Allow", Action=ASSUME_ROLE, Principal={"Service": ["ecs.aliyuncs.com"]})
            self.ram(account).create_role(
                ram.CreateRoleRequest(role_name=name, assume_role_policy_document=json.dumps(nobody))
            )

    # --- asking --------------------------------------------------------------------------------------------------

    def _target(self) -> tuple[str, str]:
        fields = self.request["resource"].split(":", 4)
        return fields[3], fields[4].removeprefix("role/")

    def _assume(self, credentials: Credentials) -> None:
        owner, role = self._target()
        StsClient(self.config(credentials)).assume_role(
            sts.AssumeRoleRequest(
                role_arn=f"acs:ram::{owner}:role/{role}",
                role_session_name="case",
                external_id=self.context.get("sts:ExternalId"),
                source_identity=self.context.get("sts:SourceIdentity"),
            )
        )

    def _call(self, credentials: Credentials) -> None:
        service, action = self.request["action"].split(":")
        params = Params(
            action=action,
            version=VERSIONS[service],
            protocol=self.protocol,
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        query = _parameters(self.request["resource"])
        OpenApiClient(self.config(credentials)).call_api(params, OpenApiRequest(query=query), RuntimeOptions())

    def _answer(self, call: Callable[[], None]) -> Answer:
        try:
            call()
        except DaraException as error:
            code = str(getattr(error, "code", ""))
            if code in DENIALS:
                detail = getattr(error, "access_denied_detail", None) or {}
                return Answer(False, detail.get("NoPermissionType"), detail.get("PolicyType"))
            if "NotFound" in code or "EntityNotExist" in code:  # the call was allowed, and the resource does not exist
                return Answer(True)
            raise
        return Answer(True)


def _document(**statement: Any) -> dict[str, Any]:
    return {"Version": "1", "Statement": [statement]}


def _names(entities: Any) -> set[str]:
    return {
        getattr(entity, "name", entity) for entity in (entities.values() if hasattr(entities, "values") else entities)
    }


def _accounts(case: Mapping[str, Any]) -> set[str]:
    accounts = {case["request"]["caller"]["account"], case["request"]["resource"].split(":", 4)[3]}
    accounts |= {account for _, account, _ in _principals(case["policies"].get("trust", {"Statement": []}))}
    return {account for account in accounts if account.isdigit()}


def _principals(trust: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for statement in trust["Statement"]:
        named = statement["Principal"].get("RAM", [])
        for arn in [named] if isinstance(named, str) else named:
            fields = arn.split(":", 4)
            kind, _, name = fields[4].partition("/")
            yield kind, fields[3], name


def _parameters(resource: str) -> dict[str, str]:
    """The parameters of the API call that is checked for a resource."""
    _, service, region, account, relative = resource.split(":", 4)
    kind, _, name = relative.partition("/")
    given = {"RegionId": region} if region not in {"", "*"} else {}
    if name in {"", "*"}:
        return given
    if service == "ram":
        parameters = {f"{kind.title()}Name": name}
        if kind == "policy":
            parameters["PolicyType"] = "System" if account == "system" else "Custom"
        return given | parameters
    return given | {"instance": {"InstanceId": name}, "dbinstance": {"DBInstanceId": name}}[kind]


@pytest.fixture(scope="session")
def through_the_fake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Mapping[str, Any]], Answer]]:
    """Ask a case of a fake over HTTP, or HTTPS where the case says so. One server serves all cases."""
    made = certificates(tmp_path_factory.mktemp("certificates"))
    with Server(Cloud(), certificates=made) as server:

        def ask(case: Mapping[str, Any]) -> Answer:
            for account in list(server.cloud.accounts.values()):
                server.cloud.remove_account(account)
            return Realised(case, server, made.ca).ask()

        yield ask

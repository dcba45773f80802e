"""A small stand-in for the alicloud provider: it echoes inputs and makes up what only the cloud decides."""

# Pulumi's mocks hand over bare dictionaries.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import cast

import pulumi

from ram_policies.arn import policy_arn, role_arn, root_arn

SOME_ACCOUNT = "1234567890123456"
"""Account of every provider that a test gives no account."""

Properties = dict[str, object]
_GET_CALLER_IDENTITY = "alicloud:index/getCallerIdentity:getCallerIdentity"


class EchoMocks(pulumi.runtime.Mocks):
    """Answers for alicloud's RAM resources and ``getCallerIdentity``.

    At preview a resource has no ID and only its inputs, as with an engine.
    """

    def __init__(self, accounts: Mapping[str, str], *, preview: bool) -> None:
        """Make the mocks.

        Args:
            accounts: account ID by the name of the provider resource; the default provider is named ``default``.
            preview: whether the run is a preview.
        """
        self._accounts = dict(accounts)
        self._preview = preview

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        """The ID and the state of a new resource."""
        inputs = cast("Properties", args.inputs)
        if self._preview or not args.custom or args.typ.startswith("pulumi:"):
            return ("" if self._preview else args.name), dict(inputs)
        account = self._account(args.provider or "")
        state = {**inputs, **_COMPUTED.get(args.typ, _nothing)(account, inputs, args.name)}
        return str(state.pop("id", inputs.get("userName") or args.name)), state

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]]]:
        """The answer of a provider function."""
        if args.token == _GET_CALLER_IDENTITY:
            account = self._account(args.provider)
            identity: Properties = {"accountId": account, "arn": root_arn(account), "id": account}
            return {**identity, "identityType": "Account"}, []
        return {}, []

    def _account(self, provider: str) -> str:
        name = provider.split("::")[3] if provider.count("::") >= 4 else "default"
        return self._accounts.get(name, SOME_ACCOUNT)


def _nothing(_account: str, _inputs: Properties, _name: str) -> Properties:
    return {}


def _role(account: str, inputs: Properties, name: str) -> Properties:
    role = str(inputs.get("roleName", name))
    return {"id": role, "arn": role_arn(account, role), "roleId": _digits(account, role)}


def _policy(account: str, inputs: Properties, name: str) -> Properties:
    policy = str(inputs.get("policyName", name))
    return {"id": policy, "arn": policy_arn(account, policy), "type": "Custom", "defaultVersion": "v1"}


def _user(account: str, inputs: Properties, name: str) -> Properties:
    return {"id": _digits(account, str(inputs.get("name", name)))}


def _group(_account: str, inputs: Properties, name: str) -> Properties:
    return {"id": str(inputs.get("groupName", name))}


def _access_key(account: str, inputs: Properties, name: str) -> Properties:
    seed = f"{account} {inputs.get('userName')} {name}"
    return {"id": f"FAKE{_hash(seed)[:16]}", "secret": _hash(f"secret {seed}")[:30], "status": "Active"}


def _digits(*parts: str) -> str:
    return str(int(_hash(" ".join(parts))[:13], 16)).zfill(16)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_COMPUTED = {
    "alicloud:ram/role:Role": _role,
    "alicloud:ram/policy:Policy": _policy,
    "alicloud:ram/user:User": _user,
    "alicloud:ram/group:Group": _group,
    "alicloud:ram/accessKey:AccessKey": _access_key,
}

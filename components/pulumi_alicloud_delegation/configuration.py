"""The program's configuration: one Pulumi namespace, read as a whole so that a misspelt key cannot go unnoticed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from pydantic import StrictBool, StrictStr

from pulumi_alicloud_delegation.reading import read, unknown_key
from pulumi_alicloud_delegation.specs import DelegationSpec, RoleSpec, TeamSpec
from pulumi_alicloud_delegation.spelling import camel, respelled, snake
from ram_policies import InvalidInputError

Side = Literal["both", "owner", "delegate"]
SECRET_KEYS = ("ownerSecretKey", "ownerSecurityToken", "delegateSecretKey", "delegateSecurityToken")
_ENDINGS = {"owner": "terminated", "delegate": "relinquished"}
_TEXT_KEYS = {"side", "state", "offer", "acceptance"}
_NESTED_SECRETS = {"secretKey": "SecretKey", "securityToken": "SecurityToken"}


class Configuration(DelegationSpec):
    """Everything the program reads; described key by key in Pulumi.yaml. Secrets are read apart, and not from here."""

    side: Side = "both"
    roles: tuple[RoleSpec, ...] = ()
    teams: tuple[TeamSpec, ...] = ()
    ended: StrictBool = False
    """If true, this side has ended the contract; written as the state `terminated` (A) or `relinquished` (B)."""
    offer: StrictStr | None = None
    acceptance: StrictStr | None = None


KEYS = tuple(camel(name) for name, field in Configuration.model_fields.items() if not field.exclude and name != "ended")


def read_configuration(values: Mapping[str, object]) -> Configuration:
    """Read the configuration.

    Args:
        values: by key without the namespace; structured values as JSON text, as Pulumi gives them, or already parsed.

    Raises:
        InvalidInputError: a key is unknown or missing, or a value has the wrong shape.
    """
    try:
        return _read(values)
    except InvalidInputError as error:
        raise respelled(error) from None


def _read(values: Mapping[str, object]) -> Configuration:
    known = [*KEYS, *SECRET_KEYS]
    for key in values:
        if key not in known:
            raise unknown_key("configuration", key, [snake(name) for name in known])
    # An empty text is the default that Pulumi.yaml gives to keys that a stack may leave out.
    plain = {key: _parsed(key, value) for key, value in values.items() if key not in SECRET_KEYS and value != ""}
    for side in ("owner", "delegate"):
        _refuse_nested_secrets(side, plain.get(side))
    return read(Configuration, {**plain, **_ended(plain)})


def _ended(plain: Mapping[str, object]) -> dict[str, object]:
    """The state that ends a contract, which each side has its own word for."""
    state, side = plain.get("state"), plain.get("side", "both")
    if state not in _ENDINGS.values():
        return {}
    if _ENDINGS.get(str(side)) != state:
        fix = f"write {_ENDINGS[str(side)]}" if side in _ENDINGS else "destroy the stack to end both sides"
        raise InvalidInputError("state", state, f"is not a state of side: {side}", fix, code="not-a-choice")
    return {"state": "active", "ended": True}


def _parsed(key: str, value: object) -> object:
    if key in _TEXT_KEYS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise InvalidInputError(
            key,
            value,
            f"is not structured: {error}",
            f"set it with pulumi config set --path '{key}…', or as YAML",
            code="wrong-type",
        ) from None


def _refuse_nested_secrets(side: str, account: object) -> None:
    if isinstance(account, dict):
        for key, name in _NESTED_SECRETS.items():
            if key in account:
                raise InvalidInputError(
                    side,
                    key,
                    "is not kept among the plain settings",
                    f"pulumi config set --secret {side}{name}",
                    code="plain-secret",
                )

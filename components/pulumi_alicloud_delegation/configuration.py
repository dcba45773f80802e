"""The program's configuration: one Pulumi namespace, read as a whole so that a misspelt key cannot go unnoticed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from pydantic import StrictStr

from pulumi_alicloud_delegation.reading import camel, read, unknown_key
from pulumi_alicloud_delegation.specs import AccountSpec, OperatorSpec, RoleSpec, Spec, State, TeamSpec
from ram_policies import InvalidInputError

Side = Literal["both", "owner", "delegate"]
SECRET_KEYS = ("ownerSecretKey", "ownerSecurityToken", "delegateSecretKey", "delegateSecurityToken")
_TEXT_KEYS = {"side", "state", "offer", "acceptance"}
_NESTED_SECRETS = {"secretKey": "SecretKey", "securityToken": "SecurityToken"}


class Configuration(Spec):
    """Everything the program reads but the secrets; described key by key in Pulumi.yaml."""

    side: Side = "both"
    owner: AccountSpec
    delegate: AccountSpec
    roles: tuple[RoleSpec, ...] = ()
    teams: tuple[TeamSpec, ...] = ()
    operators: tuple[OperatorSpec, ...] = ()
    state: State = "active"
    offer: StrictStr | None = None
    acceptance: StrictStr | None = None


KEYS = tuple(camel(name) for name in Configuration.model_fields)


def read_configuration(values: Mapping[str, object]) -> tuple[Configuration, dict[str, object]]:
    """Read the configuration.

    Args:
        values: by key without the namespace; structured values as JSON text, as Pulumi gives them, or already parsed.

    Returns:
        The configuration, and the same as plain values, which the components take as they are.

    Raises:
        InvalidInputError: a key is unknown or missing, or a value has the wrong shape.
    """
    known = [*KEYS, *SECRET_KEYS]
    for key in values:
        if key not in known:
            raise unknown_key("configuration", key, known)
    # An empty text is the default that Pulumi.yaml gives to keys that a stack may leave out.
    plain = {key: _parsed(key, value) for key, value in values.items() if key not in SECRET_KEYS and value != ""}
    for side in ("owner", "delegate"):
        _refuse_nested_secrets(side, plain.get(side))
    return read(Configuration, plain, "", camel), plain


def _parsed(key: str, value: object) -> object:
    if key in _TEXT_KEYS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise InvalidInputError(
            key, value, f"is not structured: {error}", f"set it with pulumi config set --path '{key}…', or as YAML"
        ) from None


def _refuse_nested_secrets(side: str, account: object) -> None:
    if isinstance(account, dict):
        for key, name in _NESTED_SECRETS.items():
            if key in account:
                raise InvalidInputError(
                    side, key, "is not kept among the plain settings", f"pulumi config set --secret {side}{name}"
                )

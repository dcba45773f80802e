"""The program's configuration: one Pulumi namespace, read as a whole so that a misspelt key cannot go unnoticed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from pydantic import StrictBool, StrictStr

from pulumi_alicloud_delegation.key_spelling import camel, respelled, snake
from pulumi_alicloud_delegation.spec_reader import read_spec, unknown_key
from pulumi_alicloud_delegation.specs import (
    AccountSpec,
    CustomerSpec,
    DelegationSpec,
    OpeningSpec,
    OperatorSpec,
    RoleSpec,
    Spec,
    TeamSpec,
)
from ram_policies import InvalidInputError

Side = Literal["both", "owner", "delegate"]
SECRET_KEYS = ("ownerSecretKey", "ownerSecurityToken", "delegateSecretKey", "delegateSecurityToken")
_ENDINGS = {"owner": "terminated", "delegate": "relinquished"}
_TEXT_KEYS = {"side", "state", "offer", "acceptance"}
_STRUCTURED = ("{", "[")
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


class DelegateConfiguration(Spec):
    """The configuration of a stack that deploys the delegate alone, for one owner or for several.

    Attributes:
        several: whether the stack file lists owners, so that roles are named together with theirs:
            ``company-a/ecs-admin``.
    """

    side: Literal["delegate"] = "delegate"
    delegate: AccountSpec
    owners: tuple[CustomerSpec, ...]
    teams: tuple[TeamSpec, ...] = ()
    operators: tuple[OperatorSpec, ...] = ()
    openings: tuple[OpeningSpec, ...] = ()
    several: StrictBool = True


_OWNERS = "owners"
KEYS = (
    *(camel(name) for name, field in Configuration.model_fields.items() if not field.exclude and name != "ended"),
    _OWNERS,
)


def read_stack(values: Mapping[str, object]) -> Configuration | DelegateConfiguration:
    """Read the configuration of a stack.

    Args:
        values: by key without the namespace; structured values as JSON text, as Pulumi gives them, or already parsed.

    Returns:
        The configuration for one owner, or that of a delegate who lists several.

    Raises:
        InvalidInputError: a key is unknown or missing, or a value has the wrong shape.
    """
    try:
        plain = _plain(values)
        if _OWNERS not in plain:
            return read_spec(Configuration, {**plain, **_ended(plain)})
        _check_several(plain)
        return read_spec(DelegateConfiguration, plain)
    except InvalidInputError as error:
        raise respelled(error) from None


def read_configuration(values: Mapping[str, object]) -> Configuration:
    """Read the configuration of a stack that has one owner.

    Raises:
        InvalidInputError: it cannot be read, or lists several owners.
    """
    found = read_stack(values)
    if isinstance(found, DelegateConfiguration):
        names = [one.alias or one.id for one in found.owners]
        raise InvalidInputError(
            _OWNERS,
            names,
            "are several owners, and this command works on one",
            "give the stack file of one owner",
            code="wrong-file",
        )
    return found


def read_delegate(values: Mapping[str, object]) -> DelegateConfiguration:
    """Read what a stack says of the delegate, for one owner or for several.

    Raises:
        InvalidInputError: it cannot be read.
    """
    found = read_stack(values)
    return found if isinstance(found, DelegateConfiguration) else delegate_of(found)


def _check_several(plain: Mapping[str, object]) -> None:
    for key in ("owner", "roles", "acceptance", "contract", "never", "state"):
        if key in plain:
            raise InvalidInputError(
                key,
                "given",
                "stands beside 'owners'",
                "move it into the owner's entry of 'owners'",
                code="conflicting-values",
            )
    if plain.get("side") != "delegate":
        problem = "deploys the owner's side, and 'owners' are those that a delegate works for"
        raise InvalidInputError("side", plain.get("side", "both"), problem, "write side: delegate", code="out-of-place")


def delegate_of(one: Configuration) -> DelegateConfiguration:
    """The delegate's part of a configuration that has one owner."""
    customer = CustomerSpec(
        id=one.owner.id,
        alias=one.owner.alias,
        site=one.owner.site,
        roles=one.roles,
        contract=one.contract,
        never=one.never,
        acceptance=one.acceptance,
        state="relinquished" if one.ended else "active",
    )
    return DelegateConfiguration(
        delegate=one.delegate,
        owners=(customer,),
        teams=one.teams,
        operators=one.operators,
        openings=one.openings,
        several=False,
    )


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """The values without secrets, parsed; a key that is left out is absent."""
    known = [*KEYS, *SECRET_KEYS]
    for key in values:
        if key not in known:
            raise unknown_key("configuration", key, [snake(name) for name in known])
    # Pulumi.yaml gives an empty default to keys that a stack may leave out.
    parsed = {key: _parsed(key, value) for key, value in values.items() if key not in SECRET_KEYS and value != ""}
    plain = {key: value for key, value in parsed.items() if value not in ({}, [])}
    for side in ("owner", "delegate"):
        _refuse_nested_secrets(side, plain.get(side))
    return plain


def _ended(plain: Mapping[str, object]) -> dict[str, object]:
    """The state that ends a contract: `terminated` for the owner, `relinquished` for the delegate."""
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
    if value.lstrip()[:1] not in _STRUCTURED:
        return value  # a text where a structure is needed, which the model refuses
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

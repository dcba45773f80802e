"""Any value in any place of the arguments is accepted, or refused in one line that can be printed."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.output import Unknown

from pulumi_alicloud_delegation.plan import plan_delegation, plan_role, plan_team
from ram_policies import InvalidInputError

DOCUMENT = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:Describe*", "Resource": "*"}]}
ROLE = {
    "name": "r",
    "description": "d",
    "max_session_duration": 3600,
    "tags": {"a": "b"},
    "tier": "standing",
    "system_policies": ["AliyunECSReadOnlyAccess"],
    "existing_policies": [{"name": "own-x", "type": "Custom"}],
    "policies": [{"name": "p", "document": DOCUMENT}],
    "trust": {
        "external_id": "abcdef123456-x",
        "source_ips": ["203.0.113.0/24"],
        "not_before": "2026-01-01T00:00:00Z",
        "not_after": "2027-01-01T00:00:00Z",
        "source_identity": "optional",
    },
}
ARGS: dict[Callable[[Any], object], dict[str, Any]] = {
    plan_role: {"owner_account_id": "11223344", "delegate_account_id": "12345678", "role": ROLE, "state": "active"},
    plan_team: {
        "account_id": "12345678",
        "name": "t",
        "role_arns": ["acs:ram::11223344:role/r"],
        "operators": [{"name": "AAA", "teams": ["t"], "mfa": True}],
    },
    plan_delegation: {
        "owner": {"id": "11223344", "alias": "company-a", "region": "cn-hangzhou"},
        "delegate": {"id": "12345678", "alias": "company-b"},
        "roles": [ROLE],
        "teams": [{"name": "t", "roles": ["r"], "assume_permission": "scoped"}],
        "operators": [
            {"name": "AAA", "teams": ["t"], "display_name": "x", "mfa": True, "kind": "person", "login": True},
            {"name": "app", "kind": "application", "teams": ["t"], "access_keys": ["1"]},
        ],
        "contract": {"not_before": "2026-01-01T00:00:00Z", "not_after": "2028-01-01T00:00:00Z"},
        "state": "active",
    },
}


class Odd:
    def __repr__(self) -> str:
        return "two\nlines"


VALUES: list[Any] = [
    None, "", "  ", " r", "r ", "R", "\u0130", "a\nb", "a\x00b", "\ud800", 0, -1, 1.5, float("nan"), float("inf"),
    10**5000, True, False, [], {}, [[]], [None], [{}], [""], ["r", "r"], ["r", "R"], {"a": None}, {"Name": "x"}, {1: 2},
    {None: 1}, (), ("r",), {"r"}, dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.time(1), b"x", Odd(),
    [Odd()], object, "x" * 100_000, ["x"] * 3000, "2026-01-01", "2026-13-45", "-4h", "9999-12-31T23:59:59-08:00",
    "true", "{}", 2**63, iter(()),
]  # fmt: skip
KEYS = ["a\nb", "\ud800", "x" * 100_000, "Name", "unknownKey", ""]


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from places(one, (*path, key))


def put(value: Any, path: tuple[Any, ...], other: object) -> Any:
    if not path:
        return other
    changed = copy.copy(value)
    changed[path[0]] = put(value[path[0]], path[1:], other)
    return changed


def spelled(path: tuple[Any, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


class Awaited:
    def __await__(self) -> Iterator[None]:
        yield


@pytest.mark.parametrize("plan", ARGS)
@pytest.mark.parametrize("later", [Awaited(), Unknown()], ids=["an Output", "unknown to the plugin"])
def test_an_unknown_value_is_named_with_its_place(plan: Callable[[Any], object], later: object) -> None:
    for path in places(ARGS[plan]):
        error = refusal(plan, put(ARGS[plan], path, later))
        assert error is not None, path
        assert (error.field, error.code) == (spelled(path) or "configuration", "unknown-at-preview")


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def variants(args: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in places(args):
        yield from (put(args, path, value) for value in VALUES)
        found = at(args, path)
        if isinstance(found, dict):
            yield from (put(args, path, {**found, key: 1}) for key in KEYS)


def refusal(plan: Callable[[Any], object], args: dict[str, Any]) -> InvalidInputError | None:
    try:
        plan(args)
    except InvalidInputError as error:
        return error
    return None


@pytest.mark.parametrize("plan", ARGS)
def test_any_argument_is_taken_or_refused_in_one_line(plan: Callable[[Any], object]) -> None:
    assert refusal(plan, ARGS[plan]) is None
    answers = [refusal(plan, args) for args in variants(ARGS[plan])]
    refused = [one for one in answers if one is not None]
    for error in refused:
        message = str(error)
        assert (message.isprintable(), len(message) < 3500, " at 0x" in message) == (True, True, False), message
        assert message.endswith(f"[{error.code}]")
    assert (len(refused) > 500, len(answers) - len(refused) > 3) == (True, True)

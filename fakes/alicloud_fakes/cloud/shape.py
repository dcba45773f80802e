"""Check that a restored graph of objects has the shape that the fake's own code would have given it.

A snapshot may come from outside. `object_graph` makes sure that it holds data and classes of the fake only. This module
makes sure that each object has the fields of its class, with values of their types, so that a snapshot is taken whole
or not at all.
"""

from __future__ import annotations

import dataclasses
import enum
import math
import sys
import types
import typing
from collections.abc import Collection, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from alicloud_fakes.cloud.access_export import access_of
from alicloud_fakes.cloud.object_graph import fields_of
from alicloud_fakes.core.paging import NameIndex
from alicloud_fakes.identity.account import AccessKey, Account
from alicloud_fakes.identity.directory import Directory
from alicloud_fakes.identity.passwords import PasswordPolicy
from alicloud_fakes.services.oss.models import KeyIndex

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud


class ShapeError(ValueError):
    """A part of a snapshot that does not have the expected shape."""


def check_shape(cloud: Cloud) -> None:
    """Refuse a cloud whose state does not have the expected shape.

    Raises:
        ShapeError: with the class and field.
    """
    _table(cloud.accounts, str, Account, "accounts")
    _table(cloud.keys, str, AccessKey, "keys")
    _table(cloud.aliases, str, Account, "aliases")
    for one in _reachable([cloud.accounts, cloud.keys, cloud.aliases], cloud):
        _object(one)
    _accounts(cloud)
    if any(name != key.id for name, key in cloud.keys.items()):
        raise ShapeError("keys: one has another ID")
    try:
        # What refers to what: grants to policies, members to groups, names to documents that can be read.
        access_of(cloud)
        for account in cloud.accounts.values():
            for user in account.ram.users:
                account.ram.policies_of_user(user)
            for role in account.ram.roles:
                account.ram.policies_of_role(role)
                role.trust()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not a state that the fake wrote
        raise ShapeError(f"what the accounts hold does not fit together ({type(error).__name__})") from None


def _accounts(cloud: Cloud) -> None:
    blank = Account(cloud, "1")
    kinds: dict[str, type[object]] = {name: type(blank.state(name)) for name in cloud.service_names}
    for account in cloud.accounts.values():
        if any(type(state) is not kinds.get(name) for name, state in account.states.items()):
            raise ShapeError(f"account {account.id!r} has another state than that of its services")
    for name, account in cloud.accounts.items():
        if account.id != name or account.cloud is not cloud or account.states.get("ram") is not account.ram:
            raise ShapeError(f"account {name!r} is not the account of that ID")


def _table(found: object, key: type, value: type, name: str) -> None:
    if not isinstance(found, dict):
        raise ShapeError(f"{name} is not a mapping")
    for one, other in cast("dict[object, object]", found).items():
        if not isinstance(one, key) or not isinstance(other, value):
            raise ShapeError(f"{name} holds something else than {value.__name__}")


def _reachable(roots: list[object], cloud: Cloud) -> Iterator[object]:
    seen: set[int] = set()
    waiting: list[object] = [*roots]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            mapping = cast("dict[object, object]", one)
            waiting += [*mapping.keys(), *mapping.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            waiting += cast("list[object]", one)
        elif _is_ours(one) and one is not cloud and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += fields_of(one).values()


def _is_ours(one: object) -> bool:
    return type(one).__module__.startswith("alicloud_fakes.") and not isinstance(one, enum.Enum)


def _object(one: object) -> None:
    kind, fields = type(one), fields_of(one)
    if isinstance(one, NameIndex | KeyIndex):
        _index(kind, fields)
        return
    hints = field_types(kind)
    names = {field.name for field in dataclasses.fields(one)} if dataclasses.is_dataclass(one) else hints.keys()
    _same_names(kind, fields, names)
    for name, value in fields.items():
        if not _fits(value, hints[name]):
            raise ShapeError(f"{kind.__name__}.{name} is a {type(value).__name__}")


def _index(kind: type, fields: dict[str, Any]) -> None:
    """Refuse an index whose keys, which are kept in order, are not those of its values."""
    _same_names(kind, fields, {"_keys", "_values"})
    if not _fits(fields["_values"], dict[str, Any]) or fields["_keys"] != sorted(fields["_values"]):
        raise ShapeError(f"{kind.__name__} has other keys than values")


def _same_names(kind: type, fields: dict[str, Any], expected: Collection[str]) -> None:
    if fields.keys() != set(expected):
        raise ShapeError(f"{kind.__name__} has the fields {sorted(fields)}, not {sorted(expected)}")


_ABOVE = {kind.__name__: kind for kind in (AccessKey, Account, Directory, PasswordPolicy)}
"""Classes that states of lower rooms refer to, and import for type checkers alone."""


@cache
def field_types(kind: type) -> dict[str, Any]:
    """Types of the fields of a dataclass, as its own module names them."""
    return typing.get_type_hints(kind, globalns={**_ABOVE, **vars(sys.modules[kind.__module__])})


def _fits(value: Any, hint: Any) -> bool:  # noqa: ANN401 - any data, any type
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return any(_fits(value, one) for one in arguments)
    if origin is typing.Annotated:
        return _fits(value, arguments[0])
    if origin is not None:
        return not isinstance(origin, type) or (isinstance(value, origin) and _items_fit(value, origin, arguments))
    if hint in {int, float}:
        return isinstance(value, int | hint) and not isinstance(value, bool) and math.isfinite(value)
    return hint is Any or not isinstance(hint, type) or isinstance(value, hint)


def _items_fit(value: Any, origin: type, arguments: tuple[Any, ...]) -> bool:  # noqa: ANN401 - any container
    if origin in {NameIndex, KeyIndex}:
        return all(_fits(one, arguments[0]) for one in value)
    if origin is dict:
        return all(_fits(key, arguments[0]) and _fits(one, arguments[1]) for key, one in value.items())
    if origin in {list, set, frozenset}:
        return all(_fits(one, arguments[0]) for one in value)
    if origin is tuple:
        several = len(arguments) == 2 and arguments[1] is Ellipsis
        return several or (len(value) == len(arguments) and all(map(_fits, value, arguments)))
    return True

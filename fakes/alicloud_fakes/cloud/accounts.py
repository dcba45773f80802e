"""Accounts from data: a YAML file, or a request to the fake's administration.

Everything that has an action to make it is made by that action, as root, so that what the API refuses is refused here
as well. Databases and load balancers have none in the fake: those that an account has are in its data.

```yaml
accounts:
  - id: "12345678"
    alias: company-b
    rootKey: {id: FAKEROOTB, secret: only-for-tests}
    policies:
      - name: assume-ecs-admin
        document:
          Version: "1"
          Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: "acs:ram:*:11223344:role/ecs-admin"}]
    groups:
      - {name: operators, policies: [assume-ecs-admin]}
    users:
      - {name: AAA, groups: [operators], password: "First-Password-1", accessKey: {id: FAKEAAA, secret: only-for-tests}}
  - id: "11223344"
    roles:
      - name: ecs-admin
        trust:
          Version: "1"
          Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {RAM: ["acs:ram::12345678:root"]}}]
        policies: [AliyunECSFullAccess]
    databases:
      - {description: orders, region: cn-hangzhou, engine: MySQL, tags: {team: ops}}
    loadBalancers:
      - {name: front, region: cn-hangzhou, listeners: {80: http, 443: https}}
```
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.identity.account import AccessKey, Account
from ram_policies.errors import InvalidInputError
from ram_policies.file_text import text_in, yaml_in
from ram_policies.system_policies import system_policy

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud

_KEYS = {
    "account": ("id", "alias", "rootKey", "policies", "groups", "users", "roles", "databases", "loadBalancers"),
    "key": ("id", "secret"),
    "policy": ("name", "document", "description"),
    "group": ("name", "policies", "comments"),
    "user": ("name", "displayName", "groups", "policies", "password", "accessKey"),
    "role": ("name", "trust", "policies", "description", "maxSessionDuration"),
    "database": ("description", "region", "engine", "engineVersion", "instanceClass", "tags", "resourceGroup"),
    "loadBalancer": ("name", "region", "listeners", "tags", "resourceGroup"),
}
_REGION = re.compile(r"[a-z]{2,3}-[a-z0-9-]{2,40}\Z")
_ENGINES = ("MySQL", "MariaDB", "PostgreSQL", "SQLServer")
_PROTOCOLS = ("tcp", "udp", "http", "https")
_LAST_PORT = 65535


def read_accounts(cloud: Cloud, path: Path, leave: Container[str] = ()) -> list[Account]:
    """Add the accounts of a YAML file to a cloud.

    Args:
        cloud: where to.
        path: the file.
        leave: IDs of accounts that are left as they are, whatever the file says about them.

    Raises:
        InvalidInputError: the file has another form, or holds what the API refuses.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInputError(
            "--config", str(path), f"cannot be read ({error.strerror})", "name a YAML file", code="unreadable-file"
        ) from None
    content = yaml_in(text_in(data, "--config", str(path)), "--config", str(path), "name a file of accounts")
    if not isinstance(content, dict) or set(cast("Mapping[str, object]", content)) != {"accounts"}:
        raise InvalidInputError(
            "--config", str(path), "has no list of accounts", 'begin it with "accounts:"', code="wrong-file"
        )
    return [
        account_from(cloud, one, where)
        for where, one in _items(cast("Mapping[str, Any]", content), "accounts", "", "account")
        if str(one.get("id", "")) not in leave
    ]


def account_from(cloud: Cloud, data: object, where: str) -> Account:
    """Add one account. When something in it is refused, the cloud is left without it.

    Args:
        cloud: where to.
        data: see above.
        where: what to call it in errors.

    Raises:
        InvalidInputError: a key that does not exist, or what the API refuses.
    """
    spec = _checked(data, "account", where)
    key = _checked(spec.get("rootKey") or {}, "key", f"{where}.rootKey")
    account = cloud.add_account(
        str(spec.get("id", "")),
        alias=str(spec.get("alias") or ""),
        root_key_id=str(key.get("id") or ""),
        root_key_secret=str(key.get("secret") or ""),
    )
    try:
        _Filling(cloud, account).fill(spec, where)
    except InvalidInputError:
        cloud.remove_account(account)
        raise
    return account


class _Filling:
    def __init__(self, cloud: Cloud, account: Account) -> None:
        self._cloud = cloud
        self._account = account

    def fill(self, spec: Mapping[str, Any], where: str) -> None:
        for place, policy in _items(spec, "policies", where, "policy"):
            self._call(
                place,
                "CreatePolicy",
                PolicyName=policy.get("name"),
                Description=policy.get("description"),
                PolicyDocument=policy.get("document"),
            )
        for place, group in _items(spec, "groups", where, "group"):
            self._call(place, "CreateGroup", GroupName=group.get("name"), Comments=group.get("comments"))
            self._attach(place, "Group", group)
        for place, user in _items(spec, "users", where, "user"):
            self._user(place, user)
        for place, role in _items(spec, "roles", where, "role"):
            self._call(
                place,
                "CreateRole",
                RoleName=role.get("name"),
                Description=role.get("description"),
                AssumeRolePolicyDocument=role.get("trust"),
                MaxSessionDuration=role.get("maxSessionDuration"),
            )
            self._attach(place, "Role", role)
        for place, database in _items(spec, "databases", where, "database"):
            self._account.rds.create(
                _word(database, "description", place),
                region=_region(database, place),
                engine=_one_of(_ENGINES, database.get("engine", "MySQL"), f"{place}.engine"),
                engine_version=_word(database, "engineVersion", place, "8.0"),
                instance_class=_word(database, "instanceClass", place, "mysql.n2.medium.1"),
                tags=_tags(database, place),
                resource_group=_word(database, "resourceGroup", place),
            )
        for place, balancer in _items(spec, "loadBalancers", where, "loadBalancer"):
            self._account.slb.create(
                _word(balancer, "name", place),
                region=_region(balancer, place),
                listeners=_listeners(balancer, place),
                tags=_tags(balancer, place),
                resource_group=_word(balancer, "resourceGroup", place),
            )

    def _user(self, where: str, user: Mapping[str, Any]) -> None:
        name = user.get("name")
        self._call(where, "CreateUser", UserName=name, DisplayName=user.get("displayName"))
        for group in _names(user, "groups", where):
            self._call(f"{where}.groups", "AddUserToGroup", UserName=name, GroupName=group)
        self._attach(where, "User", user)
        if user.get("password"):
            self._call(f"{where}.password", "CreateLoginProfile", UserName=name, Password=user["password"])
        if user.get("accessKey"):
            self._key(f"{where}.accessKey", str(name), _checked(user["accessKey"], "key", f"{where}.accessKey"))

    def _key(self, where: str, user_name: str, key: Mapping[str, Any]) -> None:
        cloud, user = self._cloud, self._account.ram.users.get(user_name)
        if user is None or not key.get("id") or not key.get("secret"):
            raise InvalidInputError(
                where, key.get("id"), "is not a whole access key", "give id and secret, both texts", code="wrong-type"
            )
        cloud.check_key(str(key["id"]), where)
        made = AccessKey(str(key["id"]), str(key["secret"]), self._account, user, cloud.clock.stamp())
        user.keys[made.id] = cloud.keys[made.id] = made

    def _attach(self, where: str, kind: str, spec: Mapping[str, Any]) -> None:
        for policy in _names(spec, "policies", where):
            own = self._account.ram.policies.get(policy) is not None
            if not own and system_policy(policy) is None:
                fix = "define it under policies, or name a system policy"
                raise InvalidInputError(
                    f"{where}.policies", policy, "is not a policy of this account", fix, code="unknown-name"
                )
            self._call(
                f"{where}.policies",
                f"AttachPolicyTo{kind}",
                PolicyName=policy,
                PolicyType="Custom" if own else "System",
                **{f"{kind}Name": spec.get("name")},
            )

    def _call(self, where: str, name: str, **parameters: object) -> None:
        given = {key: _text(value, where, key) for key, value in parameters.items() if value is not None}
        try:
            self._cloud.act(self._account, "ram", name, given)
        except ApiError as error:
            # The value is left out: it may be a password.
            raise InvalidInputError(
                where, name, f"is refused: {error.code}", error.message, code="refused-by-fake"
            ) from None


def _text(value: object, where: str, name: str) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        # YAML reads 2030-01-01 as a date, and can write a mapping into itself; JSON has neither.
        fix = 'put dates in quotes: "2030-01-01T00:00:00Z"'
        raise InvalidInputError(where, name, "holds what JSON cannot say", fix, code="wrong-type") from None


def _checked(data: object, kind: str, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise InvalidInputError(
            where, type(data).__name__, "is not a mapping", f"give {', '.join(_KEYS[kind])}", code="wrong-type"
        )
    unknown = [str(key) for key in cast("Mapping[object, object]", data) if key not in _KEYS[kind]]
    if unknown:
        raise InvalidInputError(
            f"{where}.{unknown[0]}", unknown[0], "does not exist", f"use {', '.join(_KEYS[kind])}", code="unknown-key"
        )
    return cast("Mapping[str, Any]", data)


def _word(spec: Mapping[str, Any], name: str, where: str, default: str = "") -> str:
    value = spec.get(name, default)
    if not isinstance(value, str):
        raise InvalidInputError(f"{where}.{name}", value, "is not a string", "put it in quotes", code="wrong-type")
    return value


def _region(spec: Mapping[str, Any], where: str) -> str:
    region = _word(spec, "region", where, "cn-hangzhou")
    if not _REGION.match(region):
        raise InvalidInputError(
            f"{where}.region", region, "is not the ID of a region", "give one such as cn-hangzhou", code="not-a-region"
        )
    return region


def _one_of(known: tuple[str, ...], value: object, where: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise InvalidInputError(where, value, "is not known", f"use one of {', '.join(known)}", code="not-a-choice")
    return value


def _mapping(spec: Mapping[str, Any], name: str, where: str) -> Mapping[object, object]:
    value: object = spec.get(name) or {}
    if not isinstance(value, Mapping):
        raise InvalidInputError(
            f"{where}.{name}", type(value).__name__, "is not a mapping", "give pairs", code="wrong-type"
        )
    return cast("Mapping[object, object]", value)


def _tags(spec: Mapping[str, Any], where: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    for key, value in _mapping(spec, "tags", where).items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise InvalidInputError(
                f"{where}.tags", str(key), "is not a string, or its value is none", "use quotes", code="wrong-type"
            )
        tags[key] = value
    return tags


def _listeners(spec: Mapping[str, Any], where: str) -> dict[int, str] | None:
    if "listeners" not in spec:
        return None
    listeners: dict[int, str] = {}
    for port, protocol in _mapping(spec, "listeners", where).items():
        text = str(port)
        if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:6]) <= _LAST_PORT:
            raise InvalidInputError(f"{where}.listeners", text, "is not a port", "give 1 to 65535", code="out-of-range")
        listeners[int(text)] = _one_of(_PROTOCOLS, protocol, f"{where}.listeners.{text}")
    return listeners


def _names(spec: Mapping[str, Any], name: str, where: str) -> Iterator[str]:
    for place, one in _items(spec, name, where):
        if not isinstance(one, str):
            raise InvalidInputError(place, type(one).__name__, "is not a name", "give a text", code="wrong-type")
        yield one


def _items(spec: Mapping[str, Any], name: str, where: str, kind: str = "") -> Iterator[tuple[str, Any]]:
    given = spec.get(name) or ()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise InvalidInputError(
            f"{where}.{name}".lstrip("."), type(given).__name__, "is not a list", "give a list", code="wrong-type"
        )
    for number, one in enumerate(cast("Sequence[object]", given)):
        place = f"{where}.{name}[{number}]".lstrip(".")
        yield place, _checked(one, kind, place) if kind else one

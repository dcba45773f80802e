"""Properties of each resource type that the stand-in knows, and the effect of a change of each.

The facts are those of the provider's published schema (the API docs of `pulumi_alicloud.ram` 4.0, made from
terraform-provider-alicloud 1.285): a change of a `replaces` property makes a new resource, an input that is also
`computed` keeps its value when the program stops naming it, a `json` property is compared by meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PropertyType(StrEnum):
    """Type of a property's value."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    JSON = "json"
    SET = "set"
    OBJECTS = "objects"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a resource type.

    Attributes:
        kind: type of its value.
        required: a program must set it.
        computed: the cloud sets it where a program does not.
        is_input: a program may set it.
        replaces: a change of it makes a new resource.
        secret: it is encrypted in a state.
        among: the values that it may have; empty for any.
        conflicts: inputs that cannot be set beside it.
        default: what it is where a program does not set it; empty for nothing.
        refused: the reason why the stand-in takes no value for it; empty where it does.
    """

    kind: PropertyType = PropertyType.STRING
    required: bool = False
    computed: bool = False
    is_input: bool = True
    replaces: bool = False
    secret: bool = False
    among: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    default: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type: its token and properties.

    Attributes:
        auto_name: the property that gets a generated name when none is given. The real provider's bridge gives none to
            a property that is deprecated, so only users have one.
        names: the properties that name it, the newest last.
    """

    token: str
    properties: Mapping[str, Property]
    auto_name: str | None = None
    names: tuple[str, ...] = ()

    @property
    def inputs(self) -> dict[str, Property]:
        """The properties a program may set."""
        return {name: prop for name, prop in self.properties.items() if prop.is_input}


def _token(module: str, name: str) -> str:
    return f"alicloud:{module}/{name[0].lower()}{name[1:]}:{name}"


_OUT = Property(is_input=False, computed=True)
_TEXT = Property()
_FLAG = Property(PropertyType.BOOLEAN)
_TAGS = Property(PropertyType.MAP)
_KEY = Property(required=True, replaces=True)
_POLICY_TYPE = Property(required=True, replaces=True, among=("System", "Custom"))


def _name(*others: str) -> Property:
    return Property(computed=True, replaces=True, conflicts=others)


def _document(*others: str) -> Property:
    return Property(PropertyType.JSON, computed=True, conflicts=others)


def _attachment(kind: str) -> ResourceType:
    properties = {"policyName": _KEY, "policyType": _POLICY_TYPE, f"{kind.lower()}Name": _KEY}
    return ResourceType(_token("ram", f"{kind}PolicyAttachment"), properties)


_TYPES = (
    ResourceType(
        _token("ram", "Role"),
        {
            "arn": _OUT,
            "assumeRolePolicyDocument": _document("document", "ramUsers", "services", "version"),
            "createTime": _OUT,
            "description": _TEXT,
            "document": _document("assumeRolePolicyDocument", "ramUsers", "services", "version"),
            "force": _FLAG,
            "maxSessionDuration": Property(PropertyType.INTEGER, computed=True),
            "name": _name("roleName"),
            "ramUsers": Property(PropertyType.SET, computed=True, conflicts=("assumeRolePolicyDocument", "document")),
            "roleId": _OUT,
            "roleName": _name("name"),
            "services": Property(PropertyType.SET, computed=True, conflicts=("assumeRolePolicyDocument", "document")),
            "tags": _TAGS,
            "version": Property(
                computed=True, among=("1",), conflicts=("assumeRolePolicyDocument", "document"), default="1"
            ),
        },
        names=("name", "roleName"),
    ),
    ResourceType(
        _token("ram", "Policy"),
        {
            "attachmentCount": Property(PropertyType.INTEGER, is_input=False, computed=True),
            "createTime": _OUT,
            "defaultVersion": _OUT,
            "description": _TEXT,
            "document": _document("policyDocument", "statements", "version"),
            "force": _FLAG,
            "name": _name("policyName"),
            "policyDocument": _document("document", "statements", "version"),
            "policyName": _name("name"),
            "rotateStrategy": Property(among=("None", "DeleteOldestNonDefaultVersionWhenLimitExceeded")),
            "statements": Property(PropertyType.OBJECTS, computed=True, conflicts=("document", "policyDocument")),
            "tags": _TAGS,
            "type": _OUT,
            "version": Property(computed=True, among=("1",), conflicts=("document",), default="1"),
            "versionId": _OUT,
        },
        names=("name", "policyName"),
    ),
    ResourceType(
        _token("ram", "User"),
        {
            "comments": _TEXT,
            "displayName": _TEXT,
            "email": _TEXT,
            "force": _FLAG,
            "mobile": _TEXT,
            "name": Property(computed=True),
            "tags": Property(PropertyType.MAP, refused="the stand-in gives users no tags"),
        },
        auto_name="name",
        names=("name",),
    ),
    ResourceType(
        _token("ram", "Group"),
        {
            "comments": _TEXT,
            "createTime": _OUT,
            "force": _FLAG,
            "groupName": _name("name"),
            "name": _name("groupName"),
        },
        names=("name", "groupName"),
    ),
    ResourceType(
        _token("ram", "LoginProfile"),
        {
            "createTime": _OUT,
            "mfaBindRequired": Property(PropertyType.BOOLEAN, computed=True),
            "password": Property(required=True),
            "passwordResetRequired": _FLAG,
            "userName": _KEY,
        },
    ),
    ResourceType(
        _token("ram", "AccessKey"),
        {
            "createTime": _OUT,
            "encryptedSecret": _OUT,
            "keyFingerprint": _OUT,
            "pgpKey": Property(replaces=True, refused="the stand-in encrypts nothing with PGP"),
            "secret": Property(is_input=False, computed=True, secret=True),
            "secretFile": Property(replaces=True),
            "status": Property(computed=True, among=("Active", "Inactive")),
            "userName": Property(replaces=True),
        },
    ),
    _attachment("Role"),
    _attachment("User"),
    _attachment("Group"),
    ResourceType(
        _token("ram", "GroupMembership"), {"groupName": _KEY, "userNames": Property(PropertyType.SET, required=True)}
    ),
    ResourceType(_token("ram", "UserGroupAttachment"), {"groupName": _KEY, "userName": _KEY}),
    ResourceType(_token("ram", "AccountAlias"), {"accountAlias": Property(required=True)}),
)

RESOURCE_TYPES: Mapping[str, ResourceType] = {each.token: each for each in _TYPES}
"""Every resource type the stand-in serves, by its token."""

PROVIDER_VERSION = "4.0.0"
"""Version of the real provider whose schema this is."""

"""The schema that the plugin publishes: the one inferred from the components, made fit for generated SDKs.

The SDK infers names, types and docstrings (`pulumi.provider.experimental`). What a publisher adds is here: package
metadata, type names without our `Args` suffix (a generator adds its own), enumerations, and which values are secret.

Source: "Pulumi Packages schema", https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, metadata
from typing import Any, Final, cast, get_args

from pulumi_alicloud_delegation.acceptance_type import acceptance_types
from pulumi_alicloud_delegation.naming import PACKAGE
from pulumi_alicloud_delegation.specs import AssumePermission, PolicyTypeName, Site, State
from ram_policies.extras import DISTRIBUTION
from ram_policies.presets import presets
from ram_policies.presets.preset_parameters import TAGS

Schema = dict[str, Any]
"""A schema, or a part of one, as JSON."""

_DESCRIPTION: Final = (
    "One Alibaba Cloud account lets the operators of another work in it: the owner's RAM role with its trust policy "
    "and grants, the delegate's users with their right to assume it."
)
_TOKEN: Final = f"{PACKAGE}:index:"
_SUFFIX: Final = "Args"
_PRESET_PARAMETERS: Final = "PresetParameters"
_SECRETS: Final = frozenset(
    {
        "ownerSecretKey",
        "ownerSecurityToken",
        "delegateSecretKey",
        "delegateSecurityToken",
        "firstPasswords",
        "accessKeys",
        "AccessKeyPair.secret",
    }
)
"""Properties whose values are secret: everywhere, or of one type."""
_PUBLIC: Final = frozenset({"Operator.accessKeys"})
"""Properties that only share a secret's name: the labels of an application's keys."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A string with few values.

    Attributes:
        name: of the type.
        description: what it chooses.
        values: each value with its description.
    """

    name: str
    description: str
    values: Mapping[str, str]


def _choices(name: str, description: str, literal: object, *descriptions: str) -> Enumeration:
    return Enumeration(name, description, dict(zip(get_args(literal), descriptions, strict=True)))


_STATE = _choices(
    "State",
    "Whether the delegation is in force.",
    State,
    "The grants are in force.",
    "The grants are taken away, the trust is closed, and every call of a live session is denied.",
)
_ASSUME_PERMISSION = _choices(
    "AssumePermission",
    "What lets a team assume its roles.",
    AssumePermission,
    "Exactly the roles that are named.",
    "The system policy of that name: any role of any account that trusts the delegate.",
)
ENUMERATIONS: Final[Mapping[str, Enumeration]] = {
    "Account.site": _choices(
        "Site",
        "The Alibaba Cloud site that an account is registered on.",
        Site,
        "alibabacloud.com",
        "aliyun.com",
    ),
    "ExistingPolicy.type": _choices(
        "PolicyType",
        "Who maintains a policy.",
        PolicyTypeName,
        "Maintained by Alibaba Cloud.",
        "Maintained in the account.",
    ),
    "Operator.kind": Enumeration(
        "OperatorKind",
        "Who an operator is.",
        {
            "person": "Signs in to the console with a password.",
            "application": "Has access keys and no password.",
        },
    ),
    "Preset.name": Enumeration(
        "PresetName", "A grant with a name and parameters.", {p.name: p.title for p in presets().values()}
    ),
    "Team.assumePermission": _ASSUME_PERMISSION,
    "OperatorTeam.assumePermission": _ASSUME_PERMISSION,
    "DelegatedRole.state": _STATE,
    "CrossAccountDelegation.state": _STATE,
}
"""Enumerations by type and property."""


def schema_to_publish(inferred: Mapping[str, Any]) -> Schema:
    """The schema to publish.

    Args:
        inferred: as `pulumi.provider.experimental.component.ComponentProvider` makes it, read as JSON.
    """
    schema = _renamed(dict(inferred), _clean_name)
    for section in ("types", "resources"):
        for token, definition in schema[section].items():
            _finish(token.rpartition(":")[2], definition)
    schema["types"][_TOKEN + _PRESET_PARAMETERS] = _preset_parameters()
    for enumeration in dict.fromkeys(one.name for one in ENUMERATIONS.values()):
        schema["types"][_TOKEN + enumeration] = _enumeration_type(_by_name(enumeration))
    delegation = schema["resources"][_TOKEN + "CrossAccountDelegation"]["properties"]
    acceptance, more = acceptance_types(_TOKEN, schema["types"])
    delegation["acceptance"] = {**acceptance, "description": delegation["acceptance"]["description"]}
    schema["types"] = dict(sorted((schema["types"] | more).items()))
    about = metadata(DISTRIBUTION)
    return {**schema, **_package(about), "language": _languages(about)}


def _renamed(node: Any, rename: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    """A copy with the names of types changed, in definitions and in references."""
    if isinstance(node, dict):
        return {rename(key): _renamed(value, rename) for key, value in cast("Schema", node).items()}
    if isinstance(node, list):
        return [_renamed(item, rename) for item in cast("list[Any]", node)]
    return rename(node) if isinstance(node, str) else node


def _clean_name(text: str) -> str:
    return re.sub(rf"({re.escape(_TOKEN)}\w+?){_SUFFIX}\Z", r"\1", text)


def _finish(name: str, definition: Schema) -> None:
    """Descriptions as text, secrets marked, enumerations referred to."""
    if "description" in definition:
        definition["description"] = inspect.cleandoc(definition["description"])
    for group in ("properties", "inputProperties"):
        for key, value in definition.get(group, {}).items():
            path = f"{name}.{key}"
            if "description" in value:
                value["description"] = inspect.cleandoc(value["description"])
            value.get("items", {}).pop("description", None)  # the property's own, once more
            if path not in _PUBLIC and (key in _SECRETS or path in _SECRETS):
                value["secret"] = True
            if path == "Preset.parameters":
                value.pop("additionalProperties")
                value.pop("type")
                value["$ref"] = f"#/types/{_TOKEN}{_PRESET_PARAMETERS}"
            if path in ENUMERATIONS:
                value.pop("type")
                value["$ref"] = f"#/types/{_TOKEN}{ENUMERATIONS[path].name}"


def _preset_parameters() -> Schema:
    """The parameters of all presets as one type; which preset takes which is checked when it is rendered."""
    takers: dict[str, list[str]] = {}
    meaning: dict[str, str] = {}
    for preset in presets().values():
        for parameter in preset.parameters:
            takers.setdefault(parameter.name, []).append(preset.name)
            meaning.setdefault(parameter.name, parameter.description)
    texts = {"type": "array", "items": {"type": "string", "plain": True}, "plain": True}
    return {
        "type": "object",
        "description": "What narrows a preset. Each preset takes its own.",
        "properties": {
            name: {
                **({"type": "object", "additionalProperties": texts, "plain": True} if name == TAGS else texts),
                "description": f"{meaning[name]} Taken by {', '.join(names)}.",
            }
            for name, names in sorted(takers.items())
        },
    }


def _by_name(name: str) -> Enumeration:
    return next(one for one in ENUMERATIONS.values() if one.name == name)


def _enumeration_type(enumeration: Enumeration) -> Schema:
    values = [
        {"name": _member(value), "value": value, "description": text} for value, text in enumeration.values.items()
    ]
    return {"type": "string", "description": enumeration.description, "enum": values}


def _member(value: str) -> str:
    """The name of an enumeration's member, valid in every language: `ecs-operate` becomes `EcsOperate`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", value))


def _package(about: PackageMetadata) -> Schema:
    urls = _urls(about)
    return {
        "displayName": "Alibaba Cloud cross-account delegation",
        "description": _DESCRIPTION,
        "keywords": ["pulumi", "alicloud", "ram", "category/cloud", "kind/component"],
        "homepage": urls["Homepage"],
        "repository": urls["Repository"],
        "license": about["License-Expression"],
        "publisher": about["Author"],
    }


def _urls(about: PackageMetadata) -> dict[str, str]:
    pairs = (value.partition(", ") for value in about.get_all("Project-URL", []))
    return {label: url for label, _, url in pairs}


def _languages(about: PackageMetadata) -> Schema:
    """Package names of generated SDKs. Without them a generator takes names that only Pulumi itself may publish."""
    repository = _urls(about)["Repository"].removeprefix("https://")
    shared = {"respectSchemaVersion": True}
    return {
        "nodejs": {**shared, "packageName": DISTRIBUTION},
        # Not pulumi_alicloud_delegation: that is this distribution, which has the components themselves.
        "python": {**shared, "packageName": "alicloud_delegation_sdk"},
        "go": {
            **shared,
            "importBasePath": f"{repository}/sdk/go/alicloud-delegation",
            "generateResourceContainerTypes": True,
        },
        "csharp": {**shared, "rootNamespace": "AlicloudDelegation.Pulumi"},
        "java": {**shared, "basePackage": "io.github.alicloud_delegation"},
    }

"""Resources out of a stack's exported state (`pulumi stack export`), for what was there before a preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from ram_policies.conditions import UNKNOWN
from ram_policies.errors import InvalidInputError
from ram_policies.stack.build import TYPES
from ram_policies.stack.facts import Provider, ResourceFacts, Value

# The mark that Pulumi puts into objects which stand for something else; secrets are such objects.
# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
_SIGNATURE = "4dabf18193072939515e22adb298388d"


def resources_of_state(state: Mapping[str, object], field: str = "state") -> Iterator[ResourceFacts]:
    """The resources about access in an exported state. What is secret in it becomes UNKNOWN.

    Raises:
        InvalidInputError: it is not an exported state.
    """
    deployment = state.get("deployment")
    if not isinstance(deployment, Mapping):
        raise InvalidInputError(field, "", "has no deployment", "give the output of `pulumi stack export`")
    resources = cast("Mapping[str, Sequence[Mapping[str, object]]]", deployment).get("resources") or ()
    by_urn = {str(entry["urn"]): entry for entry in resources}
    for entry in resources:
        if entry.get("type") not in TYPES or entry.get("delete"):
            continue
        provider_urn = str(entry.get("provider") or "").rpartition("::")[0]
        provider = by_urn.get(provider_urn)
        depends_on = cast("Mapping[str, Sequence[str]]", entry.get("propertyDependencies") or {})
        yield ResourceFacts(
            str(entry["urn"]),
            str(entry["type"]),
            {**_properties(entry.get("inputs")), **_properties(entry.get("outputs"))},
            Provider(provider_urn, _properties(provider.get("inputs"))) if provider else None,
            {name: urns or () for name, urns in depends_on.items()},
        )


def _properties(given: object) -> dict[str, Value]:
    if not isinstance(given, Mapping):
        return {}
    return {name: _value(value) for name, value in cast("Mapping[str, object]", given).items()}


def _value(value: object) -> Value:
    if isinstance(value, Mapping):
        given = cast("Mapping[str, object]", value)
        return UNKNOWN if _SIGNATURE in given else {name: _value(item) for name, item in given.items()}
    if isinstance(value, list):
        return [_value(item) for item in cast("list[object]", value)]
    return cast("Value", value)

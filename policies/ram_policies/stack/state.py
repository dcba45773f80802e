"""Resources out of a stack's exported state (`pulumi stack export`), for what was there before a preview."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from ram_policies.conditions import UNKNOWN
from ram_policies.errors import InvalidInputError
from ram_policies.nodes import Node, is_list, is_object
from ram_policies.stack.facts import ProviderInstance, ResourceFacts, Value
from ram_policies.stack.type_tokens import usual_type
from ram_policies.stack.value_marks import SIGNATURE, UNKNOWN_TEXTS

Entry = Mapping[str, object]
"""A resource as a state or a step of a preview describes it."""

_FIX = "give the output of `pulumi stack export`"


def resources_of_state(state: object, field: str = "state") -> tuple[ResourceFacts, ...]:
    """The resources in an exported state. What is secret in it becomes UNKNOWN.

    Args:
        state: what `pulumi stack export` prints, read as JSON.
        field: what to call it in messages.

    Raises:
        InvalidInputError: it is not an exported state.
    """
    return tuple(facts_of_entries(state_entries(state, field).values()))


def made_resources_of_state(state: object, field: str = "state") -> tuple[ResourceFacts, ...]:
    """The resources that an exported stack makes, as `resources_of_state` gives them.

    What a program only reads (`.get()`) is left out: the engine does not show it to policies, and it may have changed.

    Raises:
        InvalidInputError: it is not an exported state.
    """
    entries = state_entries(state, field)
    read = {urn for urn, entry in entries.items() if entry.get("external")}
    return tuple(facts for facts in facts_of_entries(entries.values()) if facts.urn not in read)


def state_entries(state: object, field: str = "state") -> dict[str, Entry]:
    """The resources in an exported state by URN, as they are written; those that wait to be deleted are left out.

    Raises:
        InvalidInputError: it is not an exported state.
    """
    deployment = state.get("deployment") if is_object(state) else None
    if not is_object(deployment):
        raise InvalidInputError(field, "", "has no deployment", _FIX, code="wrong-file")
    entries: dict[str, Entry] = {}
    for node in Node(deployment, f"{field}.deployment").get("resources").items():
        entry = checked_entry(node)
        if not entry.get("delete"):
            entries[str(entry["urn"])] = entry
    return entries


def checked_entry(node: Node) -> Entry:
    """The resource in a node.

    Raises:
        InvalidInputError: it is not an object, or has no URN or type.
    """
    node.get("urn").text()
    node.get("type").text()
    return node.object()


def facts_of_entries(entries: Iterable[Entry], planned: Container[str] = ()) -> Iterator[ResourceFacts]:
    """Resources with their providers.

    Args:
        entries: resources as a state or the steps of a preview describe them, providers among them.
        planned: URNs of resources that a change is planned for. Of their properties the inputs count: the outputs are
            still those of before.
    """
    entries = list(entries)
    by_urn = {str(entry["urn"]): entry for entry in entries}
    for entry in entries:
        urn, reference = str(entry["urn"]), entry.get("provider")
        provider = reference.rpartition("::")[0] if isinstance(reference, str) else ""
        given, computed = _properties(entry.get("inputs")), _properties(entry.get("outputs"))
        yield ResourceFacts(
            urn,
            usual_type(str(entry["type"])),
            {**computed, **given} if urn in planned else {**given, **computed},
            ProviderInstance(provider, _properties(by_urn.get(provider, {}).get("inputs"))) if provider else None,
            _dependencies(entry.get("propertyDependencies")),
        )


def _dependencies(given: object) -> dict[str, Sequence[str]]:
    if not is_object(given):
        return {}
    return {name: [str(urn) for urn in urns] for name, urns in given.items() if is_list(urns)}


def _properties(given: object) -> dict[str, Value]:
    return {name: _value(value) for name, value in given.items()} if is_object(given) else {}


def _value(value: object) -> Value:
    if is_object(value):
        return UNKNOWN if SIGNATURE in value else {name: _value(item) for name, item in value.items()}
    if is_list(value):
        return [_value(item) for item in value]
    if isinstance(value, str) and value in UNKNOWN_TEXTS:
        return UNKNOWN
    return value if isinstance(value, str | int | float) else None

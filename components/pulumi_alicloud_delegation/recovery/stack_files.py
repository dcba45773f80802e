"""A stack as `pulumi stack export` and `pulumi preview --json` describe it, as far as a recovery needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ram_policies import InvalidInputError
from ram_policies.nodes import Node, is_list, is_object
from ram_policies.stack.preview import is_preview
from ram_policies.stack.state import Entry, checked_entry

PROVIDER_TYPE: Final = "pulumi:providers:alicloud"
CREATING: Final = "creating"
_STACK: Final = "pulumi:pulumi:Stack"
_MAKES: Final = frozenset({"create", "create-replacement"})
_TYPES_OF_OPERATIONS: Final = frozenset({CREATING, "updating", "deleting", "reading", "importing"})


@dataclass(frozen=True, slots=True)
class StackState:
    """An exported state.

    Attributes:
        exported: all of it, as it was exported.
        resources: the resources in their order, those that wait to be deleted among them.
        interrupted: what the engine had begun and not ended: the kind of operation, and the resource.
    """

    exported: Mapping[str, object]
    resources: Sequence[Entry]
    interrupted: Sequence[tuple[str, Entry]]

    @property
    def known(self) -> Mapping[str, Entry]:
        """Resources by URN, without those that wait to be deleted."""
        return {str(one["urn"]): one for one in self.resources if not one.get("delete")}

    @property
    def providers(self) -> Mapping[str, Entry]:
        """Providers of alicloud by the reference that their resources have."""
        return {f"{one['urn']}::{one.get('id')}": one for one in self.resources if one["type"] == PROVIDER_TYPE}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource that the stack makes and does not have.

    Attributes:
        urn: of the resource.
        type: its type token.
        entries: the resource as each interrupted operation and the preview describe it, in this order.
        interrupted: whether an operation on it was interrupted, so that it may exist.
    """

    urn: str
    type: str
    entries: tuple[Entry, ...]
    interrupted: bool

    @property
    def provider(self) -> str:
        """Reference of its provider."""
        return str(self.entries[0].get("provider") or "")


def exported_state(content: object) -> StackState:
    """The state in what `pulumi stack export` prints.

    Raises:
        InvalidInputError: it is not an exported state.
    """
    deployment = Node(content, "state").get("deployment")
    resources = [checked_entry(node) for node in deployment.get("resources").items()]
    interrupted = [_operation(node) for node in deployment.get("pending_operations").items()]
    return StackState(Node(content, "state").object(), resources, interrupted)


def _operation(node: Node) -> tuple[str, Entry]:
    kind = node.get("type").text()
    if kind not in _TYPES_OF_OPERATIONS:
        fix = "export the state with the engine that wrote it"
        raise InvalidInputError(f"{node.field}.type", kind, "is not a kind of operation", fix, code="wrong-file")
    return kind, checked_entry(node.get("resource"))


def wanted_of(state: StackState, preview: object) -> list[Wanted]:
    """Resources that may exist outside the state: interrupted creations, and those the next update would make.

    Args:
        state: of the stack.
        preview: what `pulumi preview --json` prints, read as JSON; None to look at interrupted operations alone.

    Raises:
        InvalidInputError: it is not a preview.
    """
    entries: dict[str, list[Entry]] = {}
    for kind, entry in state.interrupted:
        if kind == CREATING:
            entries.setdefault(str(entry["urn"]), []).append(entry)
    interrupted = frozenset(entries)
    for entry in () if preview is None else _created(preview):
        entries.setdefault(str(entry["urn"]), []).append(entry)
    return [
        Wanted(urn, str(found[0]["type"]), tuple(found), urn in interrupted)
        for urn, found in entries.items()
        if found[0].get("custom") and str(found[0]["type"]) != PROVIDER_TYPE
    ]


def frame_of(preview: object) -> list[str]:
    """URNs of the providers and components that the next update would make: what resources are put below.

    Args:
        preview: what `pulumi preview --json` prints, read as JSON.

    Raises:
        InvalidInputError: it is not a preview.
    """
    made = [entry for entry in _created(preview) if entry["type"] != _STACK]
    return [str(entry["urn"]) for entry in made if not entry.get("custom") or entry["type"] == PROVIDER_TYPE]


def _created(preview: object) -> Iterator[Entry]:
    if not is_preview(preview) or is_list(preview):
        fix = "give what `pulumi preview --json` prints"
        raise InvalidInputError("preview", preview, "is not a preview", fix, code="wrong-file")
    for step in Node(preview, "preview").get("steps").items():
        if step.get("op").text() in _MAKES:
            yield checked_entry(step.get("newState"))


def neighbours_of(entry: Entry) -> set[str]:
    """URNs of the resources that one names, which a state has to hold before it."""
    named = {str(entry["parent"])} if entry.get("parent") else set[str]()
    named |= {str(entry["deletedWith"])} if entry.get("deletedWith") else set[str]()
    by_property = entry.get("propertyDependencies")
    lists = [entry.get("dependencies"), *(by_property.values() if is_object(by_property) else ())]
    return named | {str(urn) for urns in lists if is_list(urns) for urn in urns}

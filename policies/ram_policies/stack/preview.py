"""Resources before and after a change, out of what `pulumi preview --json` prints.

A preview says what a change would do to each resource. What stays as it is is only in it with ``--show-sames``, else it
comes from an exported state. Both forms are read: one object with ``steps``, and the stream of events that
``PULUMI_ENABLE_STREAMING_JSON_PREVIEW`` turns on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ram_policies.errors import InvalidInputError
from ram_policies.nodes import Node, is_list, is_object
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.state import Entry, checked_entry, facts_of_entries, state_entries

_GONE_AFTER = frozenset({"delete", "delete-replaced", "discard-replaced", "read-discard", "remove-pending-replace"})
_FIX = "give what `pulumi preview --json` prints"


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview.

    Attributes:
        before: the resources that are there.
        after: the resources that will be there.
        unchanged: how many resources stay as they are and are neither in the preview nor in a state that was given.
        config: the stack's configuration; secrets are hidden in it.
    """

    before: tuple[ResourceFacts, ...]
    after: tuple[ResourceFacts, ...]
    unchanged: int = 0
    config: Mapping[str, object] = field(default_factory=dict[str, object])


def is_preview(content: object) -> bool:
    """True if a JSON value looks like a preview, in either form."""
    if is_list(content):
        return bool(content) and all(is_object(event) and "sequence" in event for event in content)
    return is_object(content) and ("steps" in content or "changeSummary" in content)


def read_preview(content: object, state: object = None, source: str = "plan") -> Preview:
    """Read a preview.

    Args:
        content: what `pulumi preview --json` prints, read as JSON; a list of events for the streaming form.
        state: what `pulumi stack export` prints, for the resources that stay as they are.
        source: what to call the preview in messages.

    Raises:
        InvalidInputError: it is not a preview, or one that failed or was cut off, or the state is not a state.
    """
    if not is_preview(content):
        raise InvalidInputError(source, content, "is not a preview", _FIX, code="wrong-file")
    root = _from_events(content) if is_list(content) else content
    node = Node(root, source)
    _check_whole(node)
    kept = {} if state is None else state_entries(state)
    before: dict[str, Entry] = dict(kept)
    after: dict[str, Entry] = dict(kept)
    planned: set[str] = set()
    same = 0
    for step in node.get("steps").items():
        operation, urn = step.get("op").text(), step.get("urn").text()
        same += operation == "same"
        if operation in _GONE_AFTER and operation != "delete-replaced":
            after.pop(urn, None)
            planned.discard(urn)
        old, new = step.get("oldState"), step.get("newState")
        if old.value is not None:
            before[urn] = checked_entry(old)
        if new.value is not None and operation not in _GONE_AFTER:
            after[urn] = checked_entry(new)
            planned.add(urn)
    summary, config = node.get("changeSummary").value, node.get("config").value
    total = summary.get("same") if is_object(summary) else 0
    unchanged = total - same if isinstance(total, int) and not kept else 0
    return Preview(
        tuple(facts_of_entries(before.values())),
        tuple(facts_of_entries(after.values(), planned)),
        max(unchanged, 0),
        config if is_object(config) else {},
    )


def _check_whole(preview: Node) -> None:
    """Refuse a preview that ended early: what it does not say would count as unchanged."""
    for diagnostic in preview.get("diagnostics").items():
        if diagnostic.get("severity").value == "error":
            message = str(diagnostic.get("message").value or "").strip().partition("\n")[0]
            problem = "is a preview that failed, so it does not say everything that would change"
            fix = "mend what it names, and preview again"
            raise InvalidInputError(preview.field, message, problem, fix, code="wrong-file")


def _from_events(events: object) -> Mapping[str, object]:
    """The events of the streaming form as one object with steps."""
    diagnostics: list[object] = []
    found: dict[str, object] = {"steps": list(_steps(events)), "diagnostics": diagnostics}
    for event in Node(events, "").items():
        prelude, summary = event.get("preludeEvent").value, event.get("summaryEvent").value
        if is_object(event.get("diagnosticEvent").value):
            diagnostics.append(event.get("diagnosticEvent").value)
        if is_object(prelude):
            found["config"] = prelude.get("config")
        if is_object(summary):
            found["changeSummary"] = summary.get("resourceChanges")
    if "changeSummary" not in found:
        diagnostics.append({"severity": "error", "message": "the stream of events ends without a summary"})
    return found


def _steps(events: object) -> Iterator[Mapping[str, object]]:
    for event in Node(events, "").items():
        step = event.get("resourcePreEvent").value
        metadata = step.get("metadata") if is_object(step) else None
        if is_object(metadata):
            yield {
                "op": metadata.get("op"),
                "urn": metadata.get("urn"),
                "oldState": metadata.get("old"),
                "newState": metadata.get("new"),
            }

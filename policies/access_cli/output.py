"""Answers for people, for programs, and for reviews."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from rich.console import Console
from rich.markup import escape

from ram_policies.access.compare import ChangeKind, Difference, titles
from ram_policies.access.marks import SHADES
from ram_policies.access.model import Holder
from ram_policies.access.what import Permission
from ram_policies.access.who import Access
from ram_policies.arn import role_arn
from ram_policies.document import Effect
from ram_policies.evaluation.decision import Request

_HEADINGS = {
    ChangeKind.ADDED: "Access added",
    ChangeKind.UNKNOWN: "Known only after the deployment",
    ChangeKind.REMOVED: "Access removed",
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+!|~])")
# Actions and ARNs: as code, or reviewing sites make an emoji of the ram in acs:ram:.
_CODE = re.compile(r"((?:acs|[A-Za-z0-9_*?-]+):[^\s,()`|]+)")


class Format(StrEnum):
    """Formats of an answer."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def say(text: str, style: str = "") -> None:
    """Print one line to standard output, never broken, coloured on a terminal."""
    console = Console(soft_wrap=True, highlight=False, emoji=False)
    console.print(f"[{style}]{escape(text)}[/]" if style else escape(text))


def complain(text: str) -> None:
    """Print one line to standard error."""
    Console(stderr=True, soft_wrap=True, highlight=False, emoji=False).print(escape(text))


def say_json(value: object) -> None:
    """Print JSON to standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - this is the output


def say_gaps(gaps: Iterable[str]) -> None:
    """Print what a model does not know."""
    for gap in gaps:
        complain(f"not known: {gap}")


def say_access(found: Sequence[Access]) -> None:
    """Print ways of access, holders with the same way together."""
    together: dict[tuple[object, ...], list[Access]] = {}
    for access in found:
        key = (access.path[1:], access.conditions, access.depends_on, access.example, access.resource)
        together.setdefault(key, []).append(access)
    several = len({access.resource for access in found}) > 1
    for group in together.values():
        first = group[0]
        say(titles(access.holder for access in group), "bold")
        for step in first.path[1:]:
            say(f"  → {step}")
        for phrase in first.conditions:
            say(f"    {phrase}", "yellow")
        for what in first.depends_on:
            say(f"    depends on {what}", "yellow")
        if first.example is not None:
            say(f"    for example {' on '.join(first.example)}")
        elif several:
            say(f"    on {first.resource}")


def access_json(access: Access) -> dict[str, object]:
    """One way of access."""
    return {
        "principal": access.holder.arn,
        "name": access.holder.name,
        "kind": access.holder.kind,
        "account": access.holder.account.id,
        "certain": access.certain,
        "path": list(access.path),
        "roles": [role_arn(hop.account.id, hop.role.name) for hop in access.hops],
        "conditions": list(access.conditions),
        "dependsOn": list(access.depends_on),
        "action": access.action,
        "resource": access.resource,
        "example": None if access.example is None else dict(zip(("action", "resource"), access.example, strict=True)),
        "resourceGroup": access.scope,
    }


def request_json(request: Request) -> dict[str, object]:
    """A request, without what it does not carry."""
    parts: dict[str, object] = {"action": request.action, "resource": request.resource}
    if request.principal:
        parts["principal"] = request.principal
    return parts | ({"context": dict(request.context)} if request.context else {})


def say_permissions(holder: Holder, found: Sequence[Permission]) -> None:
    """Print what somebody may do, by role."""
    say(holder.title, "bold")
    place: tuple[str, ...] | None = None
    for permission in found:
        here = tuple(step for hop in permission.hops for step in hop.steps)
        if here and here != place:
            tail = f" ({', '.join(permission.conditions)})" if permission.conditions else ""
            say(f"  → {' → '.join(here)}{tail}")
        place = here
        style = "red" if permission.effect is Effect.DENY else "yellow" if permission.effect is None else ""
        say(f"    {permission.phrase}  [{permission.policy.name}]", style)
    if not found:
        say("    nothing")


def permission_json(permission: Permission) -> dict[str, object]:
    """One statement that decides."""
    return {
        "roles": [hop.title for hop in permission.hops],
        "conditions": list(permission.conditions),
        "account": permission.account.id,
        "policy": permission.policy.name,
        "attachedTo": permission.policy.attached_to,
        "effect": permission.effect,
        "words": permission.phrase,
        "resourceGroup": permission.policy.scope,
    }


def say_difference(difference: Difference, unchanged: int) -> None:
    """Print a comparison for a terminal."""
    for change in difference.changes:
        say(str(change), SHADES[change.kind.mark].terminal)
        for detail in change.details():
            say(f"    {detail}", "yellow" if change.hazards else "")
    if not difference.changes:
        say("No access is added or removed.")
    for note in notes(difference, unchanged):
        say(note)


def notes(difference: Difference, unchanged: int) -> list[str]:
    """Notes on a comparison."""
    found = [f"Not known: {gap}." for gap in difference.gaps]
    if unchanged:
        found.append(
            f"{unchanged} resources stay as they are and are not in this preview: make it with --show-sames, or give "
            "--state, to see access that comes about through them."
        )
    return found


def difference_json(difference: Difference, unchanged: int) -> dict[str, object]:
    """A comparison."""
    return {
        "adds": bool(difference.of(ChangeKind.ADDED)),
        "mayAdd": difference.adds,
        "removes": difference.removes,
        "changes": [
            {
                "kind": change.kind,
                "who": change.who,
                "what": change.what,
                "account": change.account,
                "hazards": {str(hazard): list(actions) for hazard, actions in change.hazards},
                "remains": list(change.remains),
            }
            for change in difference.changes
        ],
        "notKnown": list(difference.gaps),
        "unchangedNotShown": unchanged,
    }


def difference_markdown(difference: Difference, unchanged: int) -> str:
    """A comparison as a review comment for a pull request."""
    counts = [f"{len(difference.of(kind))} {kind}" for kind in _HEADINGS if difference.of(kind)]
    lines = ["## Access", "", f"{', '.join(counts)}." if counts else "No access is added or removed."]
    for kind, heading in _HEADINGS.items():
        changes = difference.of(kind)
        if changes:
            lines += ["", f"### {heading}", "", "| | Who | What |", "|---|---|---|"]
            lines += [
                f"| {_MARKDOWN.sub(_ESCAPED, kind.mark.sign)} | {markdown_text(c.who)} "
                f"| {'<br>'.join(markdown_text(text) for text in (c.what, *c.details()))} |"
                for c in changes
            ]
    remarks = notes(difference, unchanged)
    if remarks:
        lines += ["", *(f"- {markdown_text(remark)}" for remark in remarks)]
    return "\n".join(lines) + "\n"


_ESCAPED = r"\\\1"


def markdown_text(text: str) -> str:
    """Text for Markdown: what Markdown takes for markup is escaped, actions and ARNs are code."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(f"`{part}`" if number % 2 else _MARKDOWN.sub(_ESCAPED, part) for number, part in enumerate(parts))

"""Checks of a lifecycle configuration. The fake keeps and shows the rules; nothing expires or moves by them.

Rules overlap when both are enabled, carry the same tags, and the prefix of one begins with that of the other.

Source: Alibaba Cloud, OSS, PutBucketLifecycle; "Lifecycle rules based on the last modified time"; the pages of the
error numbers 0014-00000031 and 0014-00000082.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

from alicloud_fakes.services.oss.errors import OssError

_MOST_RULES = 1000
_LONGEST_ID = 255
_CLASSES = ("IA", "Archive", "ColdArchive", "DeepColdArchive")
# Each action, and the elements that say when it happens. One of them has to be there, and no other.
_WHEN = {
    "Expiration": ("Days", "Date", "CreatedBeforeDate", "ExpiredObjectDeleteMarker"),
    "AbortMultipartUpload": ("Days", "Date", "CreatedBeforeDate"),
    "Transition": ("Days", "Date", "CreatedBeforeDate"),
    "NoncurrentVersionExpiration": ("NoncurrentDays",),
    "NoncurrentVersionTransition": ("NoncurrentDays",),
}
_DAY = re.compile(r"[1-9][0-9]{0,8}\Z")
_MIDNIGHT = re.compile(r"\d{4}-\d{2}-\d{2}T00:00:00(\.000)?Z\Z", re.ASCII)
_TAG = re.compile(r"[A-Za-z0-9+\-=._:/ ]*\Z")


@dataclass(frozen=True, slots=True)
class _RuleScope:
    """Objects that a rule is about, and what it does to them: actions with their storage class."""

    prefix: str
    tags: frozenset[tuple[str, str]]
    actions: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, rule: ET.Element) -> _RuleScope:
        return cls(
            _text(rule, "Prefix"),
            frozenset((_text(tag, "Key"), _text(tag, "Value")) for tag in rule.findall("Tag")),
            tuple((action.tag, _text(action, "StorageClass")) for action in _actions(rule)),
        )


def check_lifecycle(root: ET.Element, new_id: Callable[[], str], *, may_overlap: bool) -> None:
    """Check a configuration, and give an ID to each rule that has none.

    Args:
        root: its document, without namespaces.
        new_id: source of IDs.
        may_overlap: the client allows rules that do the same to the same objects.

    Raises:
        OssError: MalformedXML, InvalidArgument or InvalidRequest.
    """
    rules = root.findall("Rule")
    if not 1 <= len(rules) <= _MOST_RULES or len(rules) != len(root):
        raise OssError("MalformedXML")
    for rule in rules:
        if not _text(rule, "ID"):
            _set_id(rule, new_id())
        _check_rule(rule)
    names = [_text(rule, "ID") for rule in rules]
    if len(set(names)) < len(names):
        raise OssError("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule.")
    if not may_overlap:
        _check_overlap(rules)


def _text(element: ET.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _set_id(rule: ET.Element, text: str) -> None:
    found = rule.find("ID")
    if found is None:
        found = ET.Element("ID")
        rule.insert(0, found)
    found.text = text


def _actions(rule: ET.Element) -> Iterator[ET.Element]:
    return (element for element in rule if element.tag in _WHEN)


def _check_rule(rule: ET.Element) -> None:
    if len(_text(rule, "ID")) > _LONGEST_ID:
        raise OssError("InvalidArgument", f"The length of a rule's ID must not exceed {_LONGEST_ID}.")
    if _text(rule, "Status") not in {"Enabled", "Disabled"} or len(rule.findall("Prefix")) > 1:
        raise OssError("MalformedXML")
    actions = list(_actions(rule))
    if not actions:
        raise OssError("MalformedXML")
    for tag in rule.findall("Tag"):
        if not _text(tag, "Key") or not all(_TAG.match(_text(tag, name)) for name in ("Key", "Value")):
            raise OssError("InvalidArgument", "The tag of a rule is not valid.", EC="0014-00000031")
    for action in actions:
        _check_when(action)
    _check_order(actions, "Expiration", "Transition", "Days")
    _check_order(actions, "NoncurrentVersionExpiration", "NoncurrentVersionTransition", "NoncurrentDays")


def _check_when(action: ET.Element) -> None:
    given = [name for name in _WHEN[action.tag] if action.find(name) is not None]
    if len(given) != 1:
        raise OssError("MalformedXML")
    value = _text(action, given[0])
    if given[0].endswith("Days"):
        fits = _DAY.match(value) is not None
    elif given[0] == "ExpiredObjectDeleteMarker":
        fits = value in {"true", "false"}
    else:
        fits = _MIDNIGHT.match(value) is not None
    if not fits:
        raise OssError("InvalidArgument", f"{given[0]} of {action.tag} is not valid.")
    if action.tag.endswith("Transition") and _text(action, "StorageClass") not in _CLASSES:
        raise OssError("InvalidArgument", "The storage class of a transition must be colder than Standard.")


def _check_order(actions: Iterable[ET.Element], end: str, move: str, unit: str) -> None:
    """Colder classes come later, and the end comes last; days and dates cannot be compared."""
    moves = [action for action in actions if action.tag == move]
    ends = [action for action in actions if action.tag == end and action.find("ExpiredObjectDeleteMarker") is None]
    if len({action.find(unit) is None for action in (*moves, *ends)}) > 1:
        raise OssError("InvalidRequest", "Days and dates cannot be mixed in one rule.")
    if any(action.find(unit) is None for action in (*moves, *ends)):
        return
    moves.sort(key=lambda one: _CLASSES.index(_text(one, "StorageClass")))
    days = [int(_text(action, unit)) for action in (*moves, *ends)]
    if any(later <= earlier for earlier, later in pairwise(days)):
        text = f"{unit} must rise from each storage class to the colder one, and to the end."
        raise OssError("InvalidArgument", text, EC="0014-00000082")


def _same_actions(one: _RuleScope, other: _RuleScope) -> list[str]:
    return [kind for kind, storage in one.actions if (kind, storage) in other.actions]


def _check_overlap(rules: list[ET.Element]) -> None:
    """Refuse rules that do the same to the same objects."""
    enabled = [_RuleScope.of(rule) for rule in rules if _text(rule, "Status") == "Enabled"]
    for one, other in combinations(enabled, 2):
        nested = one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)
        if nested and one.tags == other.tags and (same := _same_actions(one, other)):
            raise OssError("InvalidArgument", f"Overlap for same action type {same[0]}", EC="0014-00000082")

"""Warnings and suggestions: documents RAM takes, but that may not mean what was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ram_policies.catalogue.condition_keys import Presence, find_key, find_key_ignoring_case
from ram_policies.conditions import FOR_ALL, Operator, parse_operator
from ram_policies.document import DocumentKind
from ram_policies.findings import Code
from ram_policies.pattern import Token, as_text, cover, glob_matcher, glob_tokens, has_wildcard, resource_tokens
from ram_policies.validation.action_checks import check_actions
from ram_policies.validation.jsontext import Kind, Node
from ram_policies.validation.reader import Notes

_EVERYTHING = {"*", "*:*"}
_COMPARE_AT_MOST = 200
_ABSENT_WHERE_IT_MATTERS = {
    "acs:MFAPresent": "calls with an AccessKey do not carry it",
    "sts:ExternalId": "callers who give no external ID do not carry it",
    "acs:SourceVpc": "requests from outside a VPC do not carry it",
}


def check_statements(kind: DocumentKind, root: Node, notes: Notes) -> None:
    """Note what is legal but doubtful in a document that has no error."""
    for index, statement in enumerate(_member(root, "Statement").items):
        _Statement(kind, statement, f"Statement[{index}]", notes).check()
    if kind is not DocumentKind.TRUST:
        check_actions(root, notes)


class _Statement:
    def __init__(self, kind: DocumentKind, node: Node, path: str, notes: Notes) -> None:
        self.kind = kind
        self.node = node
        self.path = path
        self.notes = notes
        self.members = {key.text: value for key, value in node.members}
        self.allows = self.members["Effect"].text == "Allow"

    def check(self) -> None:
        if self.allows and self.kind is DocumentKind.IDENTITY:
            self._too_much()
        if self.kind is DocumentKind.TRUST:
            self._trust_action()
        for name, tokens in (("Action", _action_tokens), ("NotAction", _action_tokens), ("Resource", resource_tokens)):
            if name in self.members:
                self._repeated(name, self.members[name], tokens)
        for operator, key, values in self._conditions():
            parsed = parse_operator(operator)
            if parsed is not None:
                where = f"{self.path}.Condition.{operator}.{key.text}"
                self._condition(where, key, *parsed)
                self._known_key(where, key)
                self._repeated(where, values, None)

    def _too_much(self) -> None:
        not_action = self.members.get("NotAction")
        if not_action is not None:
            message = "The statement allows every action but those it names, also those that do not exist yet."
            fix = "Name the actions to allow, or deny the others."
            self._note(Code.ALLOW_WITH_NOT_ACTION, not_action, "NotAction", message, fix)
            return
        actions, resources = self.members["Action"], self.members["Resource"]
        everything = _EVERYTHING & set(_texts(actions)) and "*" in _texts(resources)
        if everything and "Condition" not in self.members:
            message = "The statement allows everything on everything."
            fix = "Name the services, the actions or the resources that are needed."
            self._note(Code.ALLOW_EVERYTHING, actions, "Action", message, fix)

    def _trust_action(self) -> None:
        actions = self.members["Action"]
        if not any(glob_matcher(text.lower())("sts:assumerole") for text in _texts(actions)):
            message = "The statement never applies: roles are assumed with sts:AssumeRole."
            fix = "Write sts:AssumeRole."
            self._note(Code.TRUST_ACTION, actions, "Action", message, fix)

    def _condition(self, path: str, key: Node, prefix: str, operator: Operator) -> None:
        known = find_key(key.text)
        if self.allows and prefix == FOR_ALL:
            message = f"ForAllValues also matches when the request does not carry {key.text}."
            code, fix = Code.ALLOW_WITH_FOR_ALL_VALUES, "Use ForAnyValue, or test the key with a second condition."
        elif self.allows and operator.negated and not (known and known.presence is Presence.ALWAYS):
            message = f"A negated operator also matches when the request does not carry {key.text}."
            code, fix = Code.ALLOW_WITH_NEGATED_CONDITION, "Name the values to allow, or deny the others instead."
        elif not self.allows and not operator.negated and key.text in _ABSENT_WHERE_IT_MATTERS:
            message = f"The Deny does not fire when {key.text} is absent: {_ABSENT_WHERE_IT_MATTERS[key.text]}."
            code, fix = (
                Code.DENY_MISSES_ABSENT_KEY,
                "Allow only with the condition you want instead of denying without.",
            )
        else:
            return
        self.notes.add(code, key.offset, path, message, fix)

    def _known_key(self, path: str, key: Node) -> None:
        if find_key(key.text) is not None:
            return
        meant = find_key_ignoring_case(key.text)
        if meant is not None:  # unconfirmed.CONDITION_KEY_CASE
            message = f"The condition key {key.text!r} is written {meant.name!r} in the documentation."
            code, fix = Code.CONDITION_KEY_CASE, f"Write {meant.name}."
        elif key.text.startswith("acs:"):
            message = f"No common condition key is named {key.text!r}."
            code, fix = Code.UNKNOWN_CONDITION_KEY, "Use a documented key."
        else:
            return
        self.notes.add(code, key.offset, path, message, fix)

    def _repeated(self, path: str, values: Node, tokens: Callable[[str], tuple[Token, ...]] | None) -> None:
        """Note values that occur twice, and patterns that another pattern of the list covers."""
        where = path if path.startswith(self.path) else f"{self.path}.{path}"
        items = values.items[:_COMPARE_AT_MOST]
        seen: set[str] = set()
        wide = [(i.text, cover(tokens(i.text))) for i in items if tokens is not None and has_wildcard(i.text)]
        for index, item in enumerate(items):
            place = f"{where}[{index}]"
            if item.text in seen:
                message = f"{item.text!r} occurs twice."
                self.notes.add(Code.DUPLICATE_VALUE, item.offset, place, message, "Remove one.")
                continue
            seen.add(item.text)
            wider = _wider(item.text, wide, tokens) if tokens is not None else None
            if wider is not None:
                message = f"{item.text!r} is covered by {wider!r}."
                self.notes.add(Code.REDUNDANT_VALUE, item.offset, place, message, "Remove it.")

    def _conditions(self) -> Iterator[tuple[str, Node, Node]]:
        condition = self.members.get("Condition")
        for operator, keys in condition.members if condition is not None else ():
            for key, values in keys.members:
                yield operator.text, key, values

    def _note(self, code: Code, node: Node, name: str, message: str, fix: str) -> None:
        self.notes.add(code, node.offset, f"{self.path}.{name}", message, fix)


def _wider(
    text: str, wide: list[tuple[str, Callable[[str], bool]]], tokens: Callable[[str], tuple[Token, ...]]
) -> str | None:
    own = as_text(tokens(text))
    return next(
        (other for other, covers in wide if other != text and covers(own) and other.lower() != text.lower()), None
    )


def _action_tokens(pattern: str) -> tuple[Token, ...]:
    return glob_tokens(pattern.lower())


def _texts(node: Node) -> list[str]:
    return [item.text for item in node.items] if node.kind is Kind.ARRAY else [node.text]


def _member(node: Node, name: str) -> Node:
    return next(value for key, value in node.members if key.text == name)

"""Statements without errors, as JSON nodes with their places, for the checks of quality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ram_policies.arn import Arn
from ram_policies.document import DocumentKind
from ram_policies.findings import Code
from ram_policies.operators import ConditionOperator, parse_operator
from ram_policies.validation.jsontext import JsonNode, JsonType
from ram_policies.validation.reader import Notes


@dataclass(frozen=True, slots=True)
class StatementValue:
    """One string of a statement.

    Attributes:
        text: the string.
        node: where it starts in the text.
        path: where it is in the document: ``Statement[0].Action[1]``.
    """

    text: str
    node: JsonNode
    path: str

    @property
    def arn(self) -> Arn | None:
        """The string as an ARN; None where it is not one, such as ``*``."""
        return Arn.read(self.text)


@dataclass(frozen=True, slots=True)
class ConditionNode:
    """One condition of a statement.

    Attributes:
        prefix: ``ForAllValues``, ``ForAnyValue`` or nothing.
        operator_name: the operator as it is written, without the prefix.
        operator: what it does.
        key: the condition key.
        values: what the key is compared with.
    """

    prefix: str
    operator_name: str
    operator: ConditionOperator
    key: StatementValue
    values: tuple[StatementValue, ...]


class StatementNode:
    """One statement of a document of one kind."""

    def __init__(self, kind: DocumentKind, node: JsonNode, path: str, notes: Notes) -> None:
        self.kind = kind
        self.node = node
        self.path = path
        self.members = {key.text: value for key, value in node.members}
        self.allows = self.members["Effect"].text == "Allow"
        self._notes = notes

    def note(self, code: Code, at: StatementValue, **values: str) -> None:
        """Note a finding at a value, worded as its kind says."""
        self._notes.tell(code, at.node.offset, at.path, **values)

    def note_here(self, code: Code, member: str = "", **values: str) -> None:
        """Note a finding at a member of the statement, or at the statement."""
        node, path = (self.members[member], f"{self.path}.{member}") if member else (self.node, self.path)
        self._notes.tell(code, node.offset, path, **values)

    @cached_property
    def actions(self) -> tuple[StatementValue, ...]:
        """The patterns of Action; none where the statement has NotAction."""
        return self._values("Action")

    @cached_property
    def not_actions(self) -> tuple[StatementValue, ...]:
        """The patterns of NotAction."""
        return self._values("NotAction")

    @cached_property
    def resources(self) -> tuple[StatementValue, ...]:
        """The patterns of Resource; none in a trust policy."""
        return self._values("Resource")

    @cached_property
    def principals(self) -> tuple[tuple[str, StatementValue], ...]:
        """Each principal with its type: ``RAM``, ``Service`` or ``Federated``; no type in bucket policies."""
        node = self.members.get("Principal")
        if node is None:
            return ()
        if node.kind is not JsonType.OBJECT:
            return tuple(("", value) for value in self._values("Principal"))
        return tuple(
            (key.text, value)
            for key, values in node.members
            for value in _strings(values, f"{self.path}.Principal.{key.text}")
        )

    @cached_property
    def conditions(self) -> tuple[ConditionNode, ...]:
        """The conditions, in the order of the text."""
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[ConditionNode]:
        condition = self.members.get("Condition")
        for operator, keys in condition.members if condition is not None else ():
            parsed = parse_operator(operator.text)
            if parsed is None:
                continue
            for key, values in keys.members:
                path = f"{self.path}.Condition.{operator.text}.{key.text}"
                yield ConditionNode(
                    parsed[0],
                    operator.text.rpartition(":")[2],
                    parsed[1],
                    StatementValue(key.text, key, path),
                    tuple(_strings(values, path)),
                )

    def _values(self, member: str) -> tuple[StatementValue, ...]:
        node = self.members.get(member)
        return () if node is None else tuple(_strings(node, f"{self.path}.{member}"))


def statements_of(kind: DocumentKind, root: JsonNode, notes: Notes) -> tuple[StatementNode, ...]:
    """The statements of a document that has no error."""
    listed = next(value for key, value in root.members if key.text == "Statement")
    return tuple(
        StatementNode(kind, node, f"Statement[{index}]", notes) for index, node in enumerate(_elements(listed))
    )


def _elements(node: JsonNode) -> list[JsonNode]:
    return node.items if node.kind is JsonType.ARRAY else [node]


def _strings(node: JsonNode, path: str) -> Iterator[StatementValue]:
    if node.kind is JsonType.ARRAY:
        yield from (StatementValue(item.text, item, f"{path}[{index}]") for index, item in enumerate(node.items))
    else:
        yield StatementValue(node.text, node, path)

"""Suggestions on values that say nothing: those that occur twice, and those that another one covers."""

from __future__ import annotations

from collections.abc import Sequence

from ram_policies.findings import Code
from ram_policies.folding import fold
from ram_policies.pattern import Tokenizer, action_tokens, as_text, cover, has_wildcard, resource_tokens
from ram_policies.validation.statements import StatementNode, StatementValue

_COMPARE_AT_MOST = 200


def check_repeated(statement: StatementNode) -> None:
    """Note values that occur twice, and patterns that another pattern of the list covers."""
    _repeated(statement, statement.actions, action_tokens)
    _repeated(statement, statement.not_actions, action_tokens)
    _repeated(statement, statement.resources, resource_tokens)
    for condition in statement.conditions:
        _repeated(statement, condition.values, None)


def _repeated(statement: StatementNode, values: Sequence[StatementValue], tokens: Tokenizer | None) -> None:
    values = values[:_COMPARE_AT_MOST]
    seen: set[str] = set()
    wide = [(v.text, cover(tokens(v.text))) for v in values if tokens is not None and has_wildcard(v.text)]
    for value in values:
        if value.text in seen:
            statement.note(Code.DUPLICATE_VALUE, value, value=repr(value.text))
            continue
        seen.add(value.text)
        own = as_text(tokens(value.text)) if tokens is not None else ""
        wider = next((other for other, covers in wide if fold(other) != fold(value.text) and covers(own)), None)
        if wider is not None:
            statement.note(Code.REDUNDANT_VALUE, value, value=repr(value.text), wider=repr(wider))

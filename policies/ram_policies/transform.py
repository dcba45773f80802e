"""Rewriting documents without changing what they mean.

"Meaning" is the outcome for every request. All functions are pure and give new documents.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ram_policies.document import Condition, Document, Effect, Principals, Statement
from ram_policies.errors import InvalidInputError
from ram_policies.folding import fold
from ram_policies.limits import POLICY_DOCUMENT_LENGTH
from ram_policies.operators import FOR_ALL, parse_operator
from ram_policies.pattern import (
    Tokenizer,
    action_tokens,
    as_text,
    cover,
    has_wildcard,
    normal_resource,
    resource_tokens,
)
from ram_policies.principals import spares_owner

_EMPTY_LENGTH = len(Document(()).to_json())


def normalise(document: Document) -> Document:
    """The document in its normal form: values and statements sorted, each once, empty ARN fields as ``*``.

    Documents with the same normal form mean the same.
    """
    statements = {normalise_statement(statement) for statement in document.statements}
    return Document(tuple(sorted(statements, key=_sort_key)), document.version)


def normalise_statement(statement: Statement) -> Statement:
    """One statement in its normal form."""
    principals = statement.principals
    return replace(
        statement,
        actions=_without_case(statement.actions),
        not_actions=_without_case(statement.not_actions),
        resources=_each_once(normal_resource(resource) for resource in statement.resources),
        principals=principals and Principals(*map(_each_once, _lists(principals))),
        conditions=tuple(
            sorted(
                (replace(c, values=_each_once(c.values)) for c in statement.conditions),
                key=lambda c: (c.operator, c.key),
            )
        ),
    )


def merge(documents: Iterable[Document]) -> Document:
    """One document that means what all of them mean together, with statements joined that differ in one list only."""
    statements = [statement for document in documents for statement in document.statements]
    return Document(tuple(_join(normalise(Document(tuple(statements))).statements)))


def minimise(document: Document) -> Document:
    """A document that means the same with nothing in it that another part of it covers.

    Patterns covered by another pattern of their list go, statements covered by another statement go, and so does an
    Allow whose every request is denied by a Deny of the same document. The result is never longer than the document:
    of two spellings of a resource, ``acs:ram::1:role/a`` and ``acs:ram:*:1:role/a``, the shorter one that it has stays.
    """
    written = {resource for statement in document.statements for resource in statement.resources}
    spelt = {normal_resource(resource): resource for resource in sorted(written, key=lambda r: (-len(r), r))}
    before: tuple[Statement, ...] = ()
    statements = document.statements
    while statements != before:  # joining statements can make one that covers another
        before = statements
        joined = merge([Document(tuple(map(_thin, statements)))]).statements
        statements = tuple(sorted(map(_thin, _join(_uncovered(list(joined)))), key=_sort_key))
    short = (replace(s, resources=tuple(spelt.get(r, r) for r in s.resources)) for s in statements)
    return Document(tuple(short), document.version)


def split(document: Document, length: int = POLICY_DOCUMENT_LENGTH) -> tuple[Document, ...]:
    """Documents that, attached together, mean what this one means, none with more characters than `length`.

    Statements are kept whole where they fit. One that does not is cut along its actions, resources, principals or the
    values of a positive condition; a list of NotAction cannot be cut. (A role has one trust policy: cutting one only
    makes sense for a caller that merges it again.)

    Args:
        document: what to split.
        length: the most characters, counted in the canonical text, that one document may have.

    Raises:
        InvalidInputError: a statement cannot be made short enough.
    """
    if len(document.to_json()) <= length:
        return (document,)
    pieces = [piece for statement in document.statements for piece in _cut(statement, length)]
    sized = sorted(((_size(piece), index, piece) for index, piece in enumerate(pieces)), key=lambda s: (-s[0], s[1]))
    bins: list[_Bin] = []
    for size, index, piece in sized:
        free = next((b for b in bins if b.length + size + 1 <= length), None)
        if free is None:
            bins.append(_Bin(_EMPTY_LENGTH + size, [(index, piece)]))
        else:
            free.length += size + 1
            free.pieces.append((index, piece))
    for filled in bins:
        filled.pieces.sort(key=lambda item: item[0])
    bins.sort(key=lambda b: b.pieces[0][0])
    return tuple(Document(tuple(piece for _, piece in b.pieces), document.version) for b in bins)


@dataclass(slots=True)
class _Bin:
    length: int
    pieces: list[tuple[int, Statement]]


def _size(statement: Statement) -> int:
    return len(json.dumps(statement.to_dict(), ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class _Axis:
    """A list of a statement along which it can be cut: what the list holds, and how to put another one in its place."""

    values: tuple[str, ...]
    put: Callable[[tuple[str, ...]], Statement]


def _axes(statement: Statement) -> Iterator[_Axis]:
    yield _Axis(statement.actions, lambda v: replace(statement, actions=v))
    yield _Axis(statement.resources, lambda v: replace(statement, resources=v))
    named = statement.principals
    if named is not None and sum(bool(values) for values in _lists(named)) == 1:
        for name, values in zip(("ram", "service", "federated", "uids"), _lists(named), strict=True):
            yield _Axis(values, lambda v, name=name: replace(statement, principals=Principals(**{name: v})))
    for index, condition in enumerate(statement.conditions):
        parsed = parse_operator(condition.operator)
        if parsed is not None and not parsed[1].negated and parsed[0] != FOR_ALL:
            yield _Axis(condition.values, lambda v, index=index: _with_values(statement, index, v))


def _with_values(statement: Statement, index: int, values: tuple[str, ...]) -> Statement:
    conditions = list(statement.conditions)
    conditions[index] = replace(conditions[index], values=values)
    return replace(statement, conditions=tuple(conditions))


def _cut(statement: Statement, length: int) -> Iterator[Statement]:
    waiting = [statement]
    while waiting:
        piece = waiting.pop()
        if _EMPTY_LENGTH + _size(piece) <= length:
            yield piece
            continue
        axes = [axis for axis in _axes(piece) if len(axis.values) > 1]
        if not axes:
            raise InvalidInputError(
                "document",
                piece.to_dict(),
                f"has a statement of {_size(piece)} characters that cannot be cut to fit into {length}",
                "shorten the statement, for example with wildcards",
                code="too-long",
            )
        axis = max(axes, key=lambda a: sum(map(len, a.values)))
        first = _most_that_fit(axis, length) or len(axis.values) // 2
        waiting += [axis.put(axis.values[first:]), axis.put(axis.values[:first])]


def _most_that_fit(axis: _Axis, length: int) -> int:
    low, high = 0, len(axis.values) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _EMPTY_LENGTH + _size(axis.put(axis.values[:middle])) <= length:
            low = middle
        else:
            high = middle - 1
    return low


def _join(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Join statements that differ only in their actions, then those that differ only in their resources."""
    by_actions: dict[Statement, list[str]] = {}
    for statement in statements:
        by_actions.setdefault(replace(statement, actions=()), []).extend(statement.actions)
    by_resources: dict[tuple[Statement, bool], list[str]] = {}  # an empty list of resources means something else
    for statement, actions in by_actions.items():
        whole = replace(statement, actions=_without_case(actions))
        by_resources.setdefault((replace(whole, resources=()), not whole.resources), []).extend(whole.resources)
    joined = [replace(statement, resources=_each_once(values)) for (statement, _), values in by_resources.items()]
    yield from sorted(joined, key=_sort_key)


def _thin(statement: Statement) -> Statement:
    """The statement without the patterns that another pattern of the same list covers."""
    return replace(
        statement,
        actions=_uncovered_patterns(statement.actions, action_tokens),
        not_actions=_uncovered_patterns(statement.not_actions, action_tokens),
        resources=_uncovered_patterns(statement.resources, resource_tokens),
    )


def _uncovered_patterns(patterns: tuple[str, ...], tokens: Tokenizer) -> tuple[str, ...]:
    if "*" in patterns:
        return ("*",)
    wide = [(pattern, _cover(pattern, tokens)) for pattern in patterns if has_wildcard(pattern)]
    if not wide:
        return patterns
    texts = {pattern: _as_text(pattern, tokens) for pattern in patterns}
    kept: list[str] = []
    for position, pattern in enumerate(patterns):
        others = ((other, covers) for other, covers in wide if other != pattern and texts[other] != texts[pattern])
        twin = any(texts[earlier] == texts[pattern] for earlier in patterns[:position])
        if not twin and not any(covers(texts[pattern]) for _, covers in others):
            kept.append(pattern)
    return tuple(kept)


def _uncovered(statements: list[Statement]) -> Iterator[Statement]:
    """The statements that no other one covers; of two that cover each other, the last."""
    dropped: set[int] = set()
    for index, statement in enumerate(statements):
        for other_index, other in enumerate(statements):
            if other_index == index or other_index in dropped:
                continue
            denied = statement.effect is Effect.ALLOW and other.effect is Effect.DENY
            if (statement.effect is other.effect or denied) and statement_covers(other, statement):
                dropped.add(index)
                break
    yield from (statement for index, statement in enumerate(statements) if index not in dropped)


def statement_covers(wide: Statement, narrow: Statement) -> bool:
    """True if every request that `narrow` matches is matched by `wide`; effects aside. True is always right."""
    return (
        set(wide.conditions) <= set(narrow.conditions)
        and _principals_cover(wide.principals, narrow.principals)
        and (not spares_owner(wide) or spares_owner(narrow))
        and _resources_cover(wide.resources, narrow.resources)
        and _actions_cover(wide, narrow)
    )


def _actions_cover(wide: Statement, narrow: Statement) -> bool:
    if narrow.not_actions:
        if wide.not_actions:  # fewer exceptions match more
            return _patterns_cover(narrow.not_actions, wide.not_actions, action_tokens)
        return "*" in wide.actions
    if wide.not_actions:
        return False
    return _patterns_cover(wide.actions, narrow.actions, action_tokens)


def _resources_cover(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    if not wide or not narrow:
        return wide == narrow
    return _patterns_cover(wide, narrow, resource_tokens)


def _patterns_cover(wide: tuple[str, ...], narrow: tuple[str, ...], tokens: Tokenizer) -> bool:
    if "*" in wide:
        return True
    texts = {_as_text(pattern, tokens) for pattern in narrow}
    covers: list[Callable[[str], bool]] = []
    for pattern in wide:  # a pattern without wildcards covers nothing but itself
        if has_wildcard(pattern):
            covers.append(_cover(pattern, tokens))
        texts.discard(_as_text(pattern, tokens))
    return all(any(covers_it(text) for covers_it in covers) for text in texts)


@lru_cache(maxsize=8192)
def _as_text(pattern: str, tokens: Tokenizer) -> str:
    return as_text(tokens(pattern))


@lru_cache(maxsize=4096)
def _cover(pattern: str, tokens: Tokenizer) -> Callable[[str], bool]:
    return cover(tokens(pattern))


def _principals_cover(wide: Principals | None, narrow: Principals | None) -> bool:
    if wide is None or narrow is None:
        return wide is narrow
    return all(set(few) <= set(many) for many, few in zip(_lists(wide), _lists(narrow), strict=True))


def _lists(principals: Principals) -> tuple[tuple[str, ...], ...]:
    return principals.ram, principals.service, principals.federated, principals.uids


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _without_case(values: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for value in sorted(values):
        kept.setdefault(fold(value), value)
    return tuple(sorted(kept.values()))


def _condition_key(condition: Condition) -> tuple[str, str, tuple[str, ...]]:
    return condition.operator, condition.key, condition.values


def _sort_key(statement: Statement) -> tuple[object, ...]:
    return (
        statement.effect == Effect.ALLOW,
        statement.actions,
        statement.not_actions,
        statement.resources,
        tuple(statement.principals or ()),
        tuple(map(_condition_key, statement.conditions)),
    )

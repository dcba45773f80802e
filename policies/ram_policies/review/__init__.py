"""All findings about one document: those of the parser, and those that take a proof.

`access check`, the guardrail document-findings and the fake's ValidatePolicy ask here, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ram_policies.document import Document, DocumentKind, Effect, Statement
from ram_policies.evaluation.unchecked import changes_nothing
from ram_policies.findings import Code
from ram_policies.proof import allows_at_most
from ram_policies.proof.budget import Budget
from ram_policies.review.condition_review import always_holds, contradicted_key
from ram_policies.review.exposure import review_exposure
from ram_policies.transform import statement_covers
from ram_policies.validation.jsontext import read_json_text
from ram_policies.validation.parse import Parsed, findings_of, parse
from ram_policies.validation.reader import Notes
from ram_policies.validation.statements import StatementNode, statements_of

__all__ = ["review"]

_COMPARED_AT_MOST = 60
"""Statements of one document that are compared with each other; what stands behind them is left alone."""

_WORK = 400_000
"""Steps of proof for one document; what is not decided by then is not noted."""


@lru_cache(maxsize=512)
def review(text: str, kind: DocumentKind | str) -> Parsed:
    """Read a policy document and find everything that is known to be wrong or doubtful about it.

    Args:
        text: JSON.
        kind: what the document is for.
    """
    kind = DocumentKind(kind)
    parsed = parse(text, kind)
    if parsed.document is None:
        return parsed
    notes = Notes()
    nodes = statements_of(kind, read_json_text(text), notes)
    budget, exposure = Budget(_WORK), Budget()
    for statement, node in zip(parsed.document.statements, nodes, strict=True):
        review_exposure(statement, node, exposure)
        _review_conditions(statement, node, budget)
    _review_overlap(parsed.document, nodes)
    found = sorted((*parsed.findings, *findings_of(text, notes)), key=lambda finding: (finding.line, finding.column))
    return Parsed(parsed.document, tuple(found))


def _review_conditions(statement: Statement, node: StatementNode, budget: Budget) -> None:
    key = contradicted_key(statement.conditions, budget)
    if key is not None:
        reason = f"no value of {key} meets all that is asked of it"
        node.note_here(Code.CONDITION_NEVER_HOLDS, "Condition", reason=reason)
        return
    for condition, place in zip(statement.conditions, node.conditions, strict=True):
        reason = always_holds(condition, budget)
        if reason:
            node.note(Code.CONDITION_ALWAYS_HOLDS, place.key, key=condition.key, reason=reason)


def _review_overlap(document: Document, nodes: Sequence[StatementNode]) -> None:
    """Note statements that another one makes superfluous, or undoes, or that all others together do."""
    statements = document.statements[:_COMPARED_AT_MOST]
    left: dict[int, Statement] = dict(enumerate(statements))
    for number, statement in enumerate(statements):
        for other_number, other in enumerate(statements):
            if number == other_number or not statement_covers(other, statement):
                continue
            if statement.effect is other.effect:
                if other_number < number or not statement_covers(statement, other):  # of two equal ones the first stays
                    nodes[number].note_here(Code.REDUNDANT_STATEMENT, wider=nodes[other_number].path)
                    left.pop(number)
                    break
            elif statement.effect is Effect.ALLOW and not changes_nothing(statement.actions):
                nodes[number].note_here(Code.ALLOW_WITHOUT_EFFECT, deny=nodes[other_number].path)
                left.pop(number)
                break
    _review_together(left, nodes)


def _review_together(statements: dict[int, Statement], nodes: Sequence[StatementNode]) -> None:
    """Note each Allow that all Deny statements together undo, or all others together cover."""
    budget = Budget(_WORK)
    denies = {n: s for n, s in statements.items() if s.effect is Effect.DENY}
    allows = {n: s for n, s in statements.items() if s.effect is Effect.ALLOW}
    for number, statement in list(allows.items()):
        if changes_nothing(statement.actions):
            continue  # everybody may do it, whatever the other statements say
        others = [s for n, s in allows.items() if n != number]
        if len(denies) > 1 and allows_at_most(Document((statement, *denies.values())), Document(()), budget).holds:
            together = ", ".join(nodes[n].path for n in denies)
            nodes[number].note_here(Code.ALLOW_WITHOUT_EFFECT, deny=f"One of {together}")
            allows.pop(number)
        elif len(others) > 1 and allows_at_most(Document((statement,)), Document(tuple(others)), budget).holds:
            nodes[number].note_here(Code.REDUNDANT_STATEMENT, wider="other statements together")
            allows.pop(number)

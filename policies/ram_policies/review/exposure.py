"""Resource-based policies that let in whole accounts, or anybody."""

from __future__ import annotations

from ram_policies.document import Condition, DocumentKind, Effect, Statement
from ram_policies.findings import Code
from ram_policies.operators import parse_operator
from ram_policies.review.conditions import lets_every_value_through
from ram_policies.validation.statements import StatementNode

_ANYBODY = "*"
_SHOWN = 3


def review_exposure(statement: Statement, node: StatementNode) -> None:
    """Note whom a statement lets in without a condition that tells callers apart."""
    if statement.effect is not Effect.ALLOW or any(map(_tells_apart, statement.conditions)):
        return
    if node.kind is DocumentKind.TRUST:
        _whole_accounts(node)
    elif node.kind is DocumentKind.BUCKET:
        _anybody(statement, node)


def _tells_apart(condition: Condition) -> bool:
    """True if a condition keeps out callers whose requests carry some value, or none."""
    parsed = parse_operator(condition.operator)
    return parsed is not None and not parsed[1].negated and not lets_every_value_through(condition)


def _whole_accounts(node: StatementNode) -> None:
    for kind, value in node.principals:
        if kind == "RAM" and value.arn is not None and value.arn.resource == "root":
            node.note(Code.WHOLE_ACCOUNT_TRUSTED, value, account=value.arn.account)


def _anybody(statement: Statement, node: StatementNode) -> None:
    named = {value.text for _, value in node.principals}
    if named and _ANYBODY not in named:
        return
    actions = statement.actions or tuple(f"all but {action}" for action in statement.not_actions)
    more = f" and {len(actions) - _SHOWN} more" if len(actions) > _SHOWN else ""
    member = "Principal" if "Principal" in node.members else ""
    node.note_here(Code.PUBLIC_BUCKET, member, action=", ".join(actions[:_SHOWN]) + more)

"""Resource-based policies that allow whole accounts, or anybody."""

from __future__ import annotations

from ram_policies.document import Document, DocumentKind, Effect, Statement
from ram_policies.findings import Code
from ram_policies.proof.budget import Budget
from ram_policies.proof.strangers import accounts_strangers, buckets_strangers
from ram_policies.validation.statements import StatementNode

_ANYBODY = "*"
_SHOWN = 3


def review_exposure(statement: Statement, node: StatementNode, budget: Budget) -> None:
    """Report principals that a statement allows without a condition that strangers do not meet."""
    if statement.effect is not Effect.ALLOW:
        return
    if node.kind is DocumentKind.TRUST:
        _whole_accounts(statement, node)
    elif node.kind is DocumentKind.BUCKET and not buckets_strangers(Document((statement,)), budget).holds:
        _anybody(statement, node)


def _whole_accounts(statement: Statement, node: StatementNode) -> None:
    for kind, value in node.principals:
        whole = kind == "RAM" and value.arn is not None and value.arn.resource == "root"
        if not whole or value.arn is None or not accounts_strangers(Document((statement,)), value.text):
            continue
        node.note(Code.WHOLE_ACCOUNT_TRUSTED, value, account=value.arn.account)


def _anybody(statement: Statement, node: StatementNode) -> None:
    named = {value.text for _, value in node.principals}
    if named and _ANYBODY not in named:
        return
    actions = statement.actions or tuple(f"all but {action}" for action in statement.not_actions)
    more = f" and {len(actions) - _SHOWN} more" if len(actions) > _SHOWN else ""
    member = "Principal" if "Principal" in node.members else ""
    node.note_here(Code.PUBLIC_BUCKET, member, action=", ".join(actions[:_SHOWN]) + more)

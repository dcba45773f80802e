"""Grants for the account and grants for a resource group, compared."""

from __future__ import annotations

import pytest

from ram_policies.access.scopes import ScopedDocument, grants_at_most
from ram_policies.build import allow, deny
from ram_policies.document import Condition, Document, Effect, Statement
from ram_policies.proof import Verdict

GROUP = "acs:ResourceGroupId"


def whole(*statements: Statement) -> ScopedDocument:
    return ScopedDocument(Document(statements))


def in_group(*statements: Statement) -> ScopedDocument:
    return ScopedDocument(Document(statements), "rg-1")


def only_for(*groups: str, operator: str = "StringEquals") -> Statement:
    return Statement(Effect.ALLOW, ("ecs:*",), (), ("*",), None, (Condition(operator, GROUP, groups),))


NOT_IN_GROUP = deny("ecs:*", conditions={"StringEquals": {GROUP: "rg-1"}})
EVERY_OPERATOR = Statement(
    Effect.ALLOW,
    ("ecs:*",),
    (),
    ("*",),
    None,
    tuple(
        Condition(operator, GROUP, ("rg-1",))
        for operator in ("StringEquals", "StringLike", "ForAnyValue:StringEquals", "ForAnyValue:StringLike")
    ),
)

CASES = {
    "a grant for a group is less than one for the account": (
        [in_group(allow("ecs:*"))],
        [whole(allow("ecs:*"))],
        Verdict.PROVED,
    ),
    "a grant for the account is more than one for a group": (
        [whole(allow("ecs:*"))],
        [in_group(allow("ecs:*"))],
        Verdict.REFUTED,
    ),
    "a Deny for a group takes nothing from the account": (
        [whole(allow("ecs:*")), in_group(deny("ecs:*"))],
        [],
        Verdict.REFUTED,
    ),
    "a Deny of the account takes from a group": (
        [whole(deny("ecs:*")), in_group(allow("ecs:*"))],
        [],
        Verdict.PROVED,
    ),
    "a Deny of the account is gone": (
        [in_group(allow("ecs:*"))],
        [whole(deny("ecs:*")), in_group(allow("ecs:*"))],
        Verdict.REFUTED,
    ),
    "a condition names the group of the scope": (
        [in_group(only_for("rg-1", "rg-2"))],
        [whole(only_for("rg-1"))],
        Verdict.PROVED,
    ),
    "a condition names the group of a grant for the account": (
        [whole(only_for("rg-1"))],
        [in_group(allow("ecs:*"))],
        Verdict.PROVED,
    ),
    "a condition names more groups than the grant before was for": (
        [whole(only_for("rg-1", "rg-2"))],
        [in_group(allow("ecs:*"))],
        Verdict.REFUTED,
    ),
    "a condition excludes the group of the scope, and a request that does not name it passes": (
        [in_group(only_for("rg-1", operator="StringNotEquals"))],
        [],
        Verdict.REFUTED,
    ),
    "a Deny is for requests that name the group": (
        [whole(NOT_IN_GROUP), in_group(allow("ecs:*"))],
        [],
        Verdict.REFUTED,
    ),
    "a condition takes the place of a scope, for requests that name the group": (
        [in_group(allow("ecs:*"))],
        [whole(only_for("rg-1"))],
        Verdict.REFUTED,
    ),
    "a Deny for another group": (
        [whole(allow("ecs:*")), in_group(deny("ecs:*"))],
        [whole(allow("ecs:*")), ScopedDocument(Document((deny("ecs:*"),)), "rg-2")],
        Verdict.PROVED,
    ),
    "a condition names other groups only": ([in_group(only_for("rg-2"))], [], Verdict.PROVED),
    "every operator tests the group": ([in_group(EVERY_OPERATOR)], [whole(allow("ecs:*"))], Verdict.PROVED),
}


@pytest.mark.parametrize(("new", "old", "verdict"), CASES.values(), ids=CASES)
def test_scoped_grants_are_compared_by_what_they_allow(
    new: list[ScopedDocument], old: list[ScopedDocument], verdict: Verdict
) -> None:
    assert grants_at_most(new, old).verdict is verdict


def test_a_counterexample_names_the_group_and_an_action_that_exists() -> None:
    found = grants_at_most([in_group(allow("ecs:*"))], []).counterexample
    assert found is not None
    assert (found.resource_group, found.action) == ("rg-1", "ecs:AcceptInquiredSystemEvent")

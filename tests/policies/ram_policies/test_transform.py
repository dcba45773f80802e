"""Rewriting documents: the form of the result. test_property_rewriting.py holds that its meaning is the same."""

from __future__ import annotations

import pytest

from ram_policies import Document, InvalidInputError
from ram_policies.build import allow, deny, deny_other_than, trust
from ram_policies.document import Effect, Statement
from ram_policies.limits import POLICY_DOCUMENT_LENGTH
from ram_policies.transform import merge, minimise, normalise, split


def of(*statements: object) -> Document:
    return Document(tuple(statements))  # type: ignore[arg-type]  # the tests pass statements


def test_the_normal_form_sorts_and_drops_repetitions() -> None:
    messy = of(
        allow(["rds:*", "ecs:*", "ECS:*"], ["acs:ecs::1:instance/b", "acs:ecs:*:1:instance/a"]),
        deny("*"),
        deny("*"),
    )
    assert normalise(messy) == of(
        deny("*"), allow(["ECS:*", "rds:*"], ["acs:ecs:*:1:instance/a", "acs:ecs:*:1:instance/b"])
    )


def test_merging_joins_statements_that_differ_in_one_list() -> None:
    merged = merge([of(allow("ecs:*")), of(allow("rds:*")), of(allow("ecs:*", "acs:ecs:*:1:*"))])
    assert merged == of(allow(["ecs:*", "rds:*"]), allow("ecs:*", "acs:ecs:*:1:*")) or merged == of(
        allow("ecs:*", "acs:ecs:*:1:*"), allow(["ecs:*", "rds:*"])
    )


def test_merging_never_joins_lists_of_not_action() -> None:
    apart = of(deny_other_than("ecs:*"), deny_other_than("rds:*"))
    assert set(merge([apart]).statements) == set(apart.statements)


def test_merging_keeps_conditions_apart() -> None:
    with_mfa = allow("ecs:*", conditions={"Bool": {"acs:MFAPresent": "true"}})
    assert set(merge([of(with_mfa, allow("rds:*"))]).statements) == {with_mfa, allow("rds:*")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (of(allow(["ecs:*", "ecs:Stop*", "ECS:startinstance"])), of(allow("ecs:*"))),
        (of(allow("ecs:*"), allow("ecs:Stop*", "acs:ecs:*:1:*")), of(allow("ecs:*"))),
        (of(allow("ecs:*"), allow("ecs:*", conditions={"Bool": {"acs:MFAPresent": "true"}})), of(allow("ecs:*"))),
        (of(allow("ecs:Stop*"), deny("ecs:*")), of(deny("ecs:*"))),
        (of(allow("ecs:Stop*"), deny_other_than("rds:*")), of(deny_other_than("rds:*"), allow("ecs:Stop*"))),
        (of(deny_other_than(["ecs:*", "ecs:Stop*"])), of(deny_other_than("ecs:*"))),
        (of(deny_other_than("ecs:*"), deny_other_than(["ecs:*", "rds:*"])), of(deny_other_than("ecs:*"))),
    ],
)
def test_minimising_drops_what_another_part_covers(before: Document, after: Document) -> None:
    assert minimise(before) == after


def test_minimising_keeps_a_deny_that_has_a_condition() -> None:
    kept = of(deny("ecs:*", conditions={"Bool": {"acs:SecureTransport": "false"}}), allow("ecs:Stop*"))
    assert minimise(kept) == kept


def test_a_document_that_fits_is_not_split() -> None:
    small = of(allow("ecs:*"))
    assert split(small) == (small,)


def test_many_statements_are_packed_into_as_few_documents_as_fit() -> None:
    large = of(*(allow("ecs:*", f"acs:ecs:*:1:instance/i-{i:04}") for i in range(200)))
    parts = split(large)
    assert len(parts) == -(-len(large.to_json()) // POLICY_DOCUMENT_LENGTH)
    assert sum(len(part.statements) for part in parts) == 200


def test_one_long_list_of_roles_fills_each_document() -> None:
    roles = [f"acs:ram::11223344:role/role-{i:05}" for i in range(1000)]
    parts = split(of(allow("sts:AssumeRole", roles)))
    lengths = [len(part.to_json()) for part in parts]
    assert all(length > POLICY_DOCUMENT_LENGTH - 50 for length in sorted(lengths)[1:])
    assert sorted(r for part in parts for s in part.statements for r in s.resources) == roles


def test_a_statement_long_in_two_lists_is_cut_in_both() -> None:
    wide = of(allow([f"ecs:A{i:04}" for i in range(300)], [f"acs:ecs:*:1:instance/i-{i:04}" for i in range(300)]))
    parts = split(wide, 1000)
    pairs = {(a, r) for part in parts for s in part.statements for a in s.actions for r in s.resources}
    assert len(pairs) == 300 * 300
    assert all(len(part.to_json()) <= 1000 for part in parts)


def test_a_condition_is_cut_only_where_its_values_are_alternatives() -> None:
    teams = [f"team-{i:03}" for i in range(100)]
    parts = split(of(allow("ecs:*", conditions={"StringEquals": {"ecs:tag/team": teams}})), 400)
    assert sorted(v for p in parts for s in p.statements for c in s.conditions for v in c.values) == teams
    with pytest.raises(InvalidInputError, match="cannot be cut"):
        split(of(allow("ecs:*", conditions={"StringNotEquals": {"ecs:tag/team": teams}})), 400)


@pytest.mark.parametrize(
    "statement",
    [
        deny_other_than([f"ecs:Action{i:04}" for i in range(600)]),
        allow("ecs:*", "acs:ecs:*:1:instance/" + "x" * 7000),
        trust(["acs:ram::1:root"], conditions={"StringEquals": {"sts:ExternalId": "x" * 7000}}),
    ],
)
def test_a_statement_that_cannot_be_split_is_an_error(statement: object) -> None:
    with pytest.raises(InvalidInputError, match=r"cannot be cut to fit into 6144.*Fix: shorten"):
        split(of(statement))


def test_principals_are_cut_at_the_limit_of_characters() -> None:
    users = [f"acs:ram::1:user/u{i:03}" for i in range(300)]
    parts = split(of(trust(users)), 2048)
    assert sorted(p for part in parts for s in part.statements for p in s.principals or ()) == users


@pytest.mark.parametrize(
    "resources",
    [
        ("acs:ram::1:role/a",),
        ("acs:ram:*:1:role/a",),
        ("acs:ram::1:role/a", "acs:ram:*:1:role/a"),
        ("acs:ecs:::instance/*", "acs:ecs:*::instance/i-1"),
        ("acs:oss:::b", "acs:oss:::b/*"),
    ],
)
def test_a_minimised_document_is_no_longer_than_before(resources: tuple[str, ...]) -> None:
    before = Document((Statement(Effect.ALLOW, ("ram:GetRole",), (), resources),))
    after = minimise(before)
    assert len(after.to_json()) <= len(before.to_json())
    assert normalise(after) == normalise(minimise(normalise(before)))
    assert {resource for s in after.statements for resource in s.resources} <= set(resources)

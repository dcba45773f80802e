"""`never` is proved over each role, and over every role that can be assumed from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies import InvalidInputError
from ram_policies.access.documents import from_documents
from ram_policies.access.never import check_action_pattern, never_broken, prove_never
from ram_policies.build import allow, deny, trust
from ram_policies.document import UNKNOWN_DOCUMENT, Document
from ram_policies.evaluation.decision import Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.proof import Verdict

OWNER = "11223344"


def _role(name, *statements, trusts="acs:ram::12345678:root"):
    document = Document(statements)
    trusted = Document((trust(trusts),)).to_dict()
    return {"name": name, "trust": trusted, "policies": [{"name": f"{name}-own", "document": document.to_dict()}]}


def _policy(document, scope=None):
    return Policy("p", PolicyType.CUSTOM, document, scope=scope)


def _broken(*roles, never=("kms:Decrypt",), **more):
    model = from_documents({"accounts": [{"id": OWNER, "roles": list(roles)}]})
    return list(never_broken(model, never, **more))


def test_a_role_that_allows_it_is_shown_with_the_policy_and_a_request():
    [broken] = _broken(_role("keys", allow("kms:*")), _role("ecs", allow("ecs:*")))
    assert broken.counterexample.action.lower() == "kms:decrypt"
    assert str(broken) == (
        f"role keys of {OWNER}: {broken.counterexample.action} on {broken.counterexample.resource} "
        "is allowed by keys-own"
    )


def test_a_deny_without_a_condition_keeps_the_promise():
    assert _broken(_role("keys", allow("*"), deny("kms:Decrypt"), deny("sts:AssumeRole"))) == []


def test_a_role_that_is_reached_through_another_counts():
    through = _role("first", allow("sts:AssumeRole", f"acs:ram::{OWNER}:role/second"))
    second = _role("second", allow("kms:Decrypt"), trusts=f"acs:ram::{OWNER}:root")
    found = _broken(through, second, roles=[f"acs:ram::{OWNER}:role/first"])
    assert [one.who for one in found] == [(f"role first of {OWNER}", f"role second of {OWNER}")]


def test_a_chain_to_a_role_that_does_not_let_it_in_does_not_count():
    through = _role("first", allow("sts:AssumeRole", f"acs:ram::{OWNER}:role/second"))
    second = _role("second", allow("kms:Decrypt"))  # trusts the delegate alone
    assert _broken(through, second, roles=[f"acs:ram::{OWNER}:role/first"]) == []


@pytest.mark.parametrize("resource", ["*", f"acs:ram::{OWNER}:role/else", "acs:ram::999:role/x"])
def test_a_chain_to_roles_that_nobody_describes_is_not_decided(resource):
    [broken] = _broken(_role("first", allow("sts:AssumeRole", resource)))
    assert broken.counterexample is None
    assert "not described here" in broken.open_because[0]


def test_a_document_that_is_not_known_is_not_decided():
    assert prove_never([_policy(UNKNOWN_DOCUMENT)], ["kms:*"]).verdict is Verdict.OPEN


ALL_KEYS, NO_KEYS = allow("kms:*"), deny("kms:*")
IN_GROUPS = {
    "a Deny for a group takes nothing from an Allow for the account": ([(ALL_KEYS, None), (NO_KEYS, "rg-1")], None),
    "a Deny for a group does not hold in another": ([(ALL_KEYS, "rg-2"), (NO_KEYS, "rg-1")], "rg-2"),
    "an Allow for a group is enough": ([(ALL_KEYS, "rg-1")], "rg-1"),
}


@pytest.mark.parametrize(("granted", "group"), IN_GROUPS.values(), ids=IN_GROUPS)
def test_the_access_that_a_deny_of_another_scope_leaves_is_shown(granted, group):
    proof = prove_never([_policy(Document((statement,)), scope) for statement, scope in granted], ["kms:Decrypt"])
    assert (proof.verdict, proof.found.resource_group) == (Verdict.REFUTED, group)


@pytest.mark.parametrize("granted", [[(ALL_KEYS, "rg-1"), (NO_KEYS, None)], [(ALL_KEYS, "rg-1"), (NO_KEYS, "rg-1")]])
def test_a_deny_of_the_account_or_of_the_same_group_keeps_the_promise(granted):
    assert prove_never([_policy(Document((statement,)), scope) for statement, scope in granted], ["kms:*"]).holds


def test_a_role_whose_deny_is_for_a_resource_group_is_shown():
    role = _role("keys", ALL_KEYS)
    role["policies"].append({"name": "no", "document": Document((deny("*"),)).to_dict(), "resourceGroup": "rg-1"})
    [broken] = _broken(role)
    assert broken.policies == ("keys-own",)


@pytest.mark.parametrize("pattern", ["kms", "", ":", "kms:", ":x", "kms:a b", "kms:a:b", "ecs:Stop Instance", "é:x"])
def test_a_value_that_is_not_an_action_is_refused(pattern):
    with pytest.raises(InvalidInputError, match=r"is not an action.*Fix: write <service>:<action>"):
        check_action_pattern(pattern, "never[0]")


_PATTERNS = st.sampled_from(["*", "kms:*", "kms:Decrypt", "kms:De*", "ecs:Stop*", "ecs:StopInstance", "actiontrail:*"])
_STATEMENTS = st.builds(lambda make, action: make(action), st.sampled_from([allow, deny]), _PATTERNS)


@given(st.lists(_STATEMENTS, max_size=5), st.lists(_PATTERNS, min_size=1, max_size=2))
def test_proved_is_what_the_evaluator_says_for_every_action(statements, never):
    granted = [_policy(Document(tuple(statements)))]
    proof = prove_never(granted, never)
    policies, banned = PolicySet(granted), PolicySet([_policy(Document((allow(tuple(never)),)))])
    for action in ("kms:Decrypt", "kms:Delete", "kms:Encrypt", "ecs:StopInstance", "actiontrail:StopLogging", "x:y"):
        request = Request(action, "*")
        if proof.holds and banned.decide(request) is Outcome.ALLOW:
            assert policies.decide(request) is not Outcome.ALLOW
    assert proof.verdict is not Verdict.OPEN

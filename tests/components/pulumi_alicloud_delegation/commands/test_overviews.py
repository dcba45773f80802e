"""`access outsiders` and `access customers`: the overviews of both sides."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_alicloud_delegation.handover import Acceptance, Agreement, Party, acceptance_of
from pulumi_alicloud_delegation.handover.files import handover_text
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.provider_setup import account_plan
from pulumi_alicloud_delegation.specs import AccountSpec, ContractSpec, RoleSpec, TrustSpec

Access = Callable[..., Any]
Keep = Callable[[str, Any], Path]
END = "2026-12-31T00:00:00Z"


def _acceptance(owner: str = "11223344", **agreement: Any) -> str:
    roles = [
        RoleSpec(name="keys", system_policies=("AliyunKMSFullAccess",), trust=TrustSpec(external_id="c-7")),
        RoleSpec(name="look", system_policies=("AliyunECSReadOnlyAccess",), trust=TrustSpec(mfa=True)),
    ]
    plans = roles_plan(roles, owner, "12345678", "active")
    account = account_plan(AccountSpec(id=owner, alias=f"company-{owner}"), "owner")
    return handover_text(acceptance_of(account, Party(id="12345678", alias="company-b"), plans, Agreement(**agreement)))


@pytest.fixture
def accounts(keep: Keep) -> Path:
    def trust(principal: str, **conditions: Any) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [principal]}}
        return {"Version": "1", "Statement": [{**statement, "Condition": conditions} if conditions else statement]}

    until = {"DateLessThanEquals": {"acs:CurrentTime": END}, "StringEquals": {"sts:ExternalId": "c-7"}}
    roles = [
        {"name": "keys", "trust": trust("acs:ram::12345678:root", **until), "policies": ["AliyunECSFullAccess"]},
        {"name": "mine", "trust": trust("acs:ram::11223344:root"), "policies": ["AliyunECSFullAccess"]},
        {"name": "bare", "trust": trust("acs:ram::999:user/x"), "policies": ["AliyunRAMReadOnlyAccess"]},
    ]
    return keep("accounts.json", {"accounts": [{"id": "11223344", "roles": roles}]})


def test_outsiders_are_listed_with_what_they_may_do_and_until_when(access: Access, accounts: Path, keep: Keep) -> None:
    acceptance = keep("acceptance.json", _acceptance(contract=ContractSpec(name="c-7")))
    words = ["--documents", accounts, "--acceptance", acceptance, "--name", "999=Old agency"]
    rows = json.loads(access("outsiders", *words, "--json").stdout)
    assert [(row["account"], row["name"], row["role"]) for row in rows] == [
        ("12345678", "company-b", "keys"), ("999", "Old agency", "bare")
    ]  # fmt: skip
    assert rows[0] | {"hazards": None} == {
        "account": "12345678", "name": "company-b", "contract": "c-7", "state": "active", "role": "keys",
        "hazards": None, "proofs": ["with external ID c-7"], "end": END,
    }  # fmt: skip
    assert "buys" in rows[0]["hazards"]
    assert (rows[1]["proofs"], rows[1]["end"]) == ([], None)


def test_a_suspended_contract_stays_on_the_owners_page(access: Access, keep: Keep) -> None:
    closed = {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::12345678:root"]}}
    role = {"name": "keys", "trust": {"Version": "1", "Statement": [closed]}, "policies": []}
    path = keep("accounts.json", {"accounts": [{"id": "11223344", "roles": [role]}]})
    content = json.loads(_acceptance(contract=ContractSpec(name="c-7", not_after=END)))
    content["state"] = "suspended"
    content.pop("digest")
    acceptance = keep("acceptance.json", handover_text(Acceptance.model_validate(content)))
    words = ("outsiders", "--documents", path, "--acceptance", acceptance, "--format", "json")
    [row] = json.loads(access(*words).stdout)
    assert row == {
        "account": "12345678", "name": "company-b", "contract": "c-7", "state": "suspended", "role": "keys",
        "hazards": [], "proofs": ["external ID c-7"], "end": END,
    }  # fmt: skip


def test_the_pages_are_also_text_and_markdown(access: Access, accounts: Path) -> None:
    text = access("outsiders", "--documents", accounts).stdout
    assert f"  role keys, until {END}\n    asks for: with external ID c-7\n" in text
    assert "999\n  role bare, without an end\n    asks for: nothing\n" in text
    table = access("outsiders", "--documents", accounts, "--format", "markdown").stdout.splitlines()
    assert table[0] == "| account | name | contract | state | role | hazards | proofs | end |"
    assert len(table) == 4


def test_customers_of_all_stacks_are_listed(access: Access, keep: Keep) -> None:
    first = keep("a.json", _acceptance(contract=ContractSpec(name="c-7", not_after=END)))
    outputs = {"acceptance": json.loads(_acceptance("55667788", ended=True))}
    stack = {"deployment": {"resources": [{"type": "pulumi:pulumi:Stack", "outputs": outputs}]}}
    rows = json.loads(access("customers", first, keep("b.json", stack), "--json").stdout)
    assert [(r["account"], r["role"], r["state"], r["end"]) for r in rows] == [
        ("11223344", "keys", "active", END), ("11223344", "look", "active", END),
        ("55667788", "keys", "terminated", None), ("55667788", "look", "terminated", None),
    ]  # fmt: skip
    assert rows[0]["proofs"] == ["external ID c-7"]
    assert access("customers", first).stdout.startswith(
        "company-11223344 (11223344), contract c-7, active\n  role keys"
    )


def test_nobody_outside_is_said(access: Access, keep: Keep) -> None:
    path = keep("none.json", {"accounts": [{"id": "1"}]})
    assert access("outsiders", "--documents", path).stdout == "No outsider.\n"


def test_a_file_without_an_acceptance_is_explained(access: Access, keep: Keep) -> None:
    made = access("customers", keep("x.json", {"deployment": {"resources": []}}))
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)

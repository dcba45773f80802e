"""`access acceptance`: what was granted, compared with what was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_alicloud_delegation.handover import (
    Acceptance,
    Agreement,
    acceptance_of,
    party_of,
    read_acceptance,
    read_offer,
    to_plain,
)
from pulumi_alicloud_delegation.handover.files import handover_text, sealed
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.provider_setup import account_plan
from pulumi_alicloud_delegation.specs import AccountSpec

Access = Callable[..., Any]
Keep = Callable[[str, Any], Path]
AT = "2026-06-01T00:00:00Z"


def _accepted(asked_for: Path, **change: Any) -> Acceptance:
    asked = read_offer(asked_for)
    owner = account_plan(AccountSpec(id="11223344"), "owner")
    roles = roles_plan(asked.roles, owner.id, asked.delegate.id, "active")
    found = acceptance_of(
        owner,
        party_of(account_plan(AccountSpec(id=asked.delegate.id), "delegate")),
        roles,
        Agreement(asked.contract, asked.never, asked.answers or asked.digest),
    )
    return sealed(found.model_copy(update=change))


@pytest.fixture
def verify(access: Access, keep: Keep, offer: Path) -> Callable[..., Any]:
    def run(acceptance: Acceptance, *words: Any, of: Path = offer) -> Any:
        path = keep("acceptance.json", handover_text(acceptance))
        return access("acceptance", "verify", path, "--offer", of, "--at", AT, *words)

    return run


def test_an_offer_granted_unchanged_is_reported_so(offer: Path, verify: Callable[..., Any]) -> None:
    made = verify(_accepted(offer))
    assert (made.exit_code, made.stdout) == (0, "ecs-admin: granted as asked\nwatch: granted as asked\n")


def test_an_answer_is_verified_against_the_offer_that_was_made(
    offer: Path, access: Access, verify: Callable[..., Any]
) -> None:
    answer = offer.with_name("answer.json")
    access("offer", "narrow", offer, "--mfa", "ecs-admin", "--leave-out", "watch", "--out", answer)
    made = verify(_accepted(answer))
    assert made.exit_code == 1
    assert "watch: was not granted" in made.stdout
    assert "ecs-admin: a caller has to bring external ID c-7, MFA; asked for: external ID c-7" in made.stdout


def _role(acceptance: Acceptance, **change: Any) -> tuple[Any, ...]:
    return (acceptance.roles[0].model_copy(update=change), *acceptance.roles[1:])


def test_less_and_more_than_was_asked_for_are_shown_with_a_request(offer: Path, verify: Callable[..., Any]) -> None:
    given = _accepted(offer)
    less = verify(given.model_copy(update={"roles": _role(given, granted=given.roles[1].granted)}))
    assert (less.exit_code, "ecs-admin: does not allow ecs:" in less.stdout) == (1, True)
    more = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "bss:*", "Resource": "*"}]}
    policy = given.roles[0].granted[0]
    wide = (policy, policy.model_copy(update={"name": "own", "type": "Custom", "document": more}))
    made = verify(given.model_copy(update={"roles": _role(given, granted=wide)}))
    assert "ecs-admin: allows, though it was not asked for, bss:" in made.stdout
    assert "ecs-admin: allows what must never be: bss:" in made.stdout


def test_documents_that_are_not_in_the_file_are_not_taken_for_the_same(offer: Path, verify: Callable[..., Any]) -> None:
    given = _accepted(offer)
    names = tuple(p.model_copy(update={"document": None}) for p in given.roles[0].granted)
    made = verify(given.model_copy(update={"roles": _role(given, granted=names)}))
    assert (made.exit_code, "not known: ecs-admin: " in made.stdout) == (1, True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"state": "suspended"}, "the delegation is suspended"),
        ({"state": "terminated", "roles": ()}, "the owner has ended the contract"),
        ({"offer": None}, "not known: which offer it answers"),
    ],
)
def test_the_state_of_the_delegation_is_told(
    change: dict[str, Any], told: str, offer: Path, verify: Callable[..., Any]
) -> None:
    made = verify(_accepted(offer, **change))
    assert (made.exit_code, told in made.stdout) == (1, True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda a: {"owner": a.owner.model_copy(update={"id": "99"})}, "acceptance.owner.id"),
        (lambda a: {"delegate": a.delegate.model_copy(update={"id": "99"})}, "acceptance.delegate.id"),
        (lambda a: {"offer": "sha256:" + "0" * 64}, "acceptance.offer"),
    ],
)
def test_an_acceptance_of_somebody_or_something_else_is_refused(
    change: Callable[[Acceptance], dict[str, Any]], field: str, offer: Path, verify: Callable[..., Any]
) -> None:
    given = _accepted(offer)
    made = verify(given.model_copy(update=change(given)))
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert made.stderr.startswith(f"access: {field}: ")


OLD, NEW = {"issued": "2026-05-01T00:00:00Z"}, {"issued": "2026-05-02T00:00:00Z"}


@pytest.mark.parametrize(
    ("new", "deployed", "code"),
    [(NEW, OLD, 0), (OLD, OLD, 0), (OLD, NEW, 2), ({}, NEW, 2), ({}, OLD | {"state": "terminated"}, 2)],
)
def test_an_acceptance_older_than_the_one_in_use_is_refused(
    new: Any, deployed: Any, code: int, offer: Path, verify: Callable[..., Any], keep: Keep
) -> None:
    in_use = keep("deployed.json", handover_text(_accepted(offer, **deployed)))
    made = verify(_accepted(offer, **new), "--deployed", in_use)
    assert (made.exit_code, made.stderr.count("\n")) == (code, 1 if code else 0)


def test_a_window_that_is_over_is_said(access: Access, keep: Keep, tmp_path: Path, verify: Callable[..., Any]) -> None:
    trust = {"notAfter": "2026-03-01T00:00:00Z"}
    roles = keep("roles.yaml", [{"name": "x", "systemPolicies": ["AliyunECSFullAccess"], "trust": trust}])
    path = tmp_path / "old.json"
    options = ["--delegate", "1", "--owner", "11223344", "--until", "2026-05-01T00:00:00Z"]
    access("offer", "write", *options, "--roles", roles, "--at", "2026-01-01T00:00:00Z", "--out", path)
    made = verify(_accepted(path), of=path)
    assert "x: its window ended at 2026-03-01T00:00:00Z" in made.stdout
    assert "the contract ended at 2026-05-01T00:00:00Z" in made.stdout


@pytest.mark.parametrize("wrap", ["outputs", "export", "file"])
def test_an_acceptance_is_written_from_the_owners_stack(wrap: str, access: Access, keep: Keep, offer: Path) -> None:
    plain = to_plain(_accepted(offer))
    outputs = {"roleArns": {}, "acceptance": plain}
    stack = {"type": "pulumi:pulumi:Stack", "urn": "u", "outputs": outputs}
    export = {"version": 3, "deployment": {"resources": [{"type": "x", "urn": "v"}, stack]}}
    source = keep("stack.json", {"outputs": outputs, "export": export, "file": plain}[wrap])
    out = source.with_name("written.json")
    assert access("acceptance", "write", source, "--at", AT, "--out", out).exit_code == 0
    assert read_acceptance(out).issued == AT


def test_a_stack_without_an_acceptance_is_explained(access: Access, keep: Keep) -> None:
    made = access("acceptance", "write", keep("stack.json", json.dumps({"deployment": {"resources": []}})))
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert "holds no acceptance" in made.stderr

"""Questions about accounts: names for accounts and people, and answers with reasons."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from access_cli import app

ROLE_POLICY = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}]}
ASSUME = "sts:AssumeRole on acs:ram:*:11223344:role/ecs-admin"
ROLE = "role ecs-admin of company-a (11223344)"
Ask = Callable[..., Result]


def trust(*effects: str) -> dict[str, Any]:
    principals = {"Allow": "acs:ram::12345678:root", "Deny": "acs:ram::12345678:user/AAA"}
    statements = [
        {"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"RAM": [principals[effect]]}} for effect in effects
    ]
    return {"Version": "1", "Statement": statements}


def accounts(trusted: dict[str, Any], *, granted: bool = True) -> dict[str, Any]:
    policies = ["AliyunSTSAssumeRoleAccess"] if granted else []
    role = {"name": "ecs-admin", "trust": trusted, "policies": [{"name": "ecs", "document": ROLE_POLICY}]}
    return {
        "accounts": [
            {"id": "12345678", "alias": "company-b", "users": [{"name": "AAA", "policies": policies}]},
            {"id": "11223344", "alias": "company-a", "roles": [role]},
        ]
    }


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    def run(content: dict[str, Any], *words: str) -> Result:
        path = tmp_path / "accounts.json"
        path.write_text(json.dumps(content), "utf-8")
        return CliRunner().invoke(app, [*words, "--documents", str(path)])

    return run


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (
            accounts(trust("Allow", "Deny")),
            f"permission to assume {ROLE}: the trust policy of ecs-admin denies it",
        ),
        (
            accounts(trust("Allow"), granted=False),
            f"permission to assume {ROLE}: missing Allow for {ASSUME} in the policies of the caller",
        ),
    ],
)
def test_a_denial_says_what_keeps_the_caller_from_the_role(ask: Ask, content: dict[str, Any], missing: str) -> None:
    answer = ask(content, "can", "AAA", "ecs:StopInstance", "acs:ecs:*:11223344:instance/i-1", "--json")
    assert json.loads(answer.stdout)["missing"] == [missing]


def test_a_role_that_cannot_do_it_either_is_not_what_is_missing(ask: Ask) -> None:
    answer = ask(
        accounts(trust("Deny")), "can", "AAA", "rds:DeleteDBInstance", "acs:rds:*:11223344:dbinstance/r", "--json"
    )
    assert json.loads(answer.stdout)["missing"] == ["a role of the account that the resource is in"]


@pytest.mark.parametrize("account", ["11223344", "company-a", "Company-A", "company-a.onaliyun.com"])
def test_the_account_of_a_resource_may_be_an_alias(ask: Ask, account: str) -> None:
    resource = f"acs:ecs:*:{account}:instance/i-1"
    answer = ask(accounts(trust("Allow")), "who-can", "ecs:StopInstance", resource, "--expect", "AAA")
    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("command", [("who-can",), ("can", "AAA")])
def test_an_alias_that_no_source_knows_is_refused_with_the_ids(ask: Ask, command: tuple[str, ...]) -> None:
    answer = ask(accounts(trust("Allow")), *command, "ecs:StopInstance", "acs:ecs:*:company-x:instance/i-1")
    assert answer.exit_code == 2
    assert "names the account company-x" in answer.stderr
    assert "12345678 for company-b or 11223344 for company-a" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "name", ["AAA", "aaa@company-b", "AAA@company-b.onaliyun.com", "AAA@12345678.onaliyun.com", "user/AAA"]
)
def test_people_may_be_called_by_the_name_they_sign_in_with(ask: Ask, name: str) -> None:
    content = accounts(trust("Allow"))
    assert ask(content, "who-can", "ecs:StopInstance", "--expect", name).exit_code == 0
    assert ask(content, "can", name, "ecs:StopInstance", "*", "--expect", "allowed").exit_code == 0


def test_a_role_does_not_sign_in(ask: Ask) -> None:
    assert ask(accounts(trust("Allow")), "what-can", "ecs-admin@company-a.onaliyun.com").exit_code == 2


@pytest.mark.parametrize(
    "question",
    [("who-can", "ecs:StopInstance", "acs:ecs:*:{}:instance/i-1", "--expect", "nobody"),
     ("can", "AAA", "ecs:StopInstance", "acs:ecs:*:{}:instance/i-1", "--expect", "denied"),
     ("who-can", "sts:AssumeRole", "acs:ram:*:{}:role/ecs-admin", "--expect", "nobody")],
)  # fmt: skip
@pytest.mark.parametrize("account", ["99887766", "99*"])
def test_nothing_is_expected_of_an_account_that_no_source_describes(
    ask: Ask, question: tuple[str, ...], account: str
) -> None:
    words = [word.format(account) for word in question]
    answer = ask(accounts(trust("Allow")), *words)
    assert answer.exit_code == 2
    assert "is in an account that no source describes" in answer.stderr
    plain = ask(accounts(trust("Allow")), *words[:-2])
    assert plain.exit_code == 0
    assert "not known: acs:" in plain.stderr


def test_nothing_is_expected_where_there_are_no_accounts(ask: Ask) -> None:
    assert ask({"accounts": []}, "who-can", "ecs:StopInstance", "--expect", "nobody").exit_code == 2

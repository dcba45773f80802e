"""The command line, as people and pipelines use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from access_cli import app

Json = dict[str, Any]
Run = Callable[..., Result]
INSTANCE = "acs:ecs:cn-hangzhou:11223344:instance/i-1"


def trust(principal: str, **condition: Any) -> Json:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [principal]}}
    return {"Version": "1", "Statement": [{**statement, "Condition": condition} if condition else statement]}


def grant(effect: str, action: Any, resource: str = "*") -> Json:
    return {"Version": "1", "Statement": [{"Effect": effect, "Action": action, "Resource": resource}]}


@pytest.fixture
def content() -> Json:
    mfa = trust("acs:ram::12345678:root", Bool={"acs:MFAPresent": "true"})
    return {
        "accounts": [
            {
                "id": "12345678",
                "alias": "company-b",
                "groups": [{"name": "operators", "policies": ["AliyunSTSAssumeRoleAccess"]}],
                "users": [{"name": "AAA", "groups": ["operators"]}, {"name": "BBB"}],
            },
            {
                "id": "11223344",
                "alias": "company-a",
                "roles": [{"name": "ecs-admin", "trust": mfa, "policies": ["AliyunECSFullAccess"]}],
            },
        ]
    }


@pytest.fixture
def accounts(write: Callable[..., Path], content: Json) -> Path:
    return write("accounts.json", content)


def test_who_can_prints_ways_and_conditions(run: Run, accounts: Path) -> None:
    result = run("who-can", "ecs:StopInstance", INSTANCE, "--documents", accounts)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "user AAA of company-b (12345678)",
        "  → group operators (AliyunSTSAssumeRoleAccess)",
        "  → role ecs-admin of company-a (11223344)",
        "  → AliyunECSFullAccess",
        "    with MFA",
        "role ecs-admin of company-a (11223344)",
        "  → AliyunECSFullAccess",
    ]


def test_who_can_prints_json(run: Run, accounts: Path) -> None:
    result = run("who-can", "ecs:StopInstance", INSTANCE, "--documents", accounts, "--json")
    answer = json.loads(result.stdout)
    first = answer["access"][0]
    assert first["principal"] == "acs:ram::12345678:user/AAA"
    assert first["roles"] == ["acs:ram::11223344:role/ecs-admin"]
    assert first["conditions"] == ["with MFA"]
    assert first["certain"] is False
    assert answer["notKnown"] == []


@pytest.mark.parametrize(
    ("expected", "code"),
    [
        (["AAA"], 0),
        (["AAA", "ecs-admin"], 0),
        (["aaa@company-b"], 0),
        (["BBB"], 1),
        (["AAA", "BBB"], 1),
        (["nobody"], 1),
    ],
)
def test_who_can_as_expected(run: Run, accounts: Path, expected: list[str], code: int) -> None:
    options = [word for name in expected for word in ("--expect", name)]
    result = run("who-can", "ecs:StopInstance", INSTANCE, "--documents", accounts, *options)
    assert result.exit_code == code
    assert ("not as expected" in result.stderr) is (code == 1)


def test_an_action_that_nobody_can_do(run: Run, accounts: Path) -> None:
    result = run("who-can", "rds:StopDBInstance", "--documents", accounts, "--expect", "nobody")
    assert (result.exit_code, result.stdout) == (0, "nobody\n")


def test_from_standard_input(run: Run, content: Json) -> None:
    result = run("who-can", "ecs:StopInstance", INSTANCE, "--documents", "-", typed=json.dumps(content))
    assert result.exit_code == 0
    assert "user AAA" in result.stdout


def test_what_can_lists_roles_and_permissions(run: Run, accounts: Path) -> None:
    result = run("what-can", "AAA", "--documents", accounts)
    assert "  → role ecs-admin of company-a (11223344) (with MFA)" in result.stdout.splitlines()
    assert "    ecs:* on everything  [AliyunECSFullAccess]" in result.stdout.splitlines()
    told = json.loads(run("what-can", "AAA", "--documents", accounts, "--json").stdout)
    assert told["principal"] == "acs:ram::12345678:user/AAA"
    assert {entry["policy"] for entry in told["permissions"]} == {"AliyunSTSAssumeRoleAccess", "AliyunECSFullAccess"}
    assert "nothing" in run("what-can", "BBB", "--documents", accounts).stdout


@pytest.mark.parametrize(
    ("expected", "code"), [(["AliyunSTSAssumeRoleAccess", "AliyunECSFullAccess"], 0), (["AliyunECSFullAccess"], 1)]
)
def test_what_can_as_expected(run: Run, accounts: Path, expected: list[str], code: int) -> None:
    options = [word for name in expected for word in ("--expect", name)]
    assert run("what-can", "AAA", "--documents", accounts, *options).exit_code == code


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("AAA", "ecs:StopInstance", INSTANCE), "depends"),
        (("AAA", "ecs:StopInstance", INSTANCE, "--given", "acs:MFAPresent=true"), "allowed"),
        (("AAA", "ecs:StopInstance", INSTANCE, "--absent", "acs:MFAPresent"), "denied"),
        (("BBB", "ecs:StopInstance", INSTANCE), "denied"),
        (("AAA", "ecs:StopInstance", INSTANCE, "--depth", "0"), "denied"),
    ],
)
def test_can_answers_allowed_denied_or_depends(run: Run, accounts: Path, words: tuple[str, ...], answer: str) -> None:
    result = run("can", *words, "--documents", accounts, "--expect", answer)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, answer)
    other = "denied" if answer == "allowed" else "allowed"
    assert run("can", *words, "--documents", accounts, "--expect", other).exit_code == 1
    assert json.loads(run("can", *words, "--documents", accounts, "--json").stdout)["answer"] == answer


def test_a_denial_says_what_is_missing(run: Run, accounts: Path) -> None:
    result = run("can", "role/ecs-admin", "rds:StopDBInstance", "*", "--documents", accounts)
    assert "  missing: Allow for rds:StopDBInstance on * in the policies of the caller" in result.stdout.splitlines()


@pytest.fixture
def plan(write: Callable[..., Path]) -> Path:
    """A role that starts to trust an account, and a grant whose name a terminal could show as an emoji."""
    provider = {"urn": "urn:p::provider::owner", "type": "pulumi:providers:alicloud", "inputs": {"accountId": "1"}}
    old = {
        "urn": "urn:r::role::ecs-admin",
        "type": "alicloud:ram/role:Role",
        "inputs": {"roleName": "ecs-admin", "assumeRolePolicyDocument": json.dumps(trust("acs:ram::1:user/a"))},
        "provider": "urn:p::provider::owner::p1",
    }
    new = {**old, "inputs": {**old["inputs"], "assumeRolePolicyDocument": json.dumps(trust("acs:ram::1:root"))}}
    policy = {
        "urn": "urn:q::policy::own",
        "type": "alicloud:ram/policy:Policy",
        "inputs": {
            "policyName": "own",
            "policyDocument": json.dumps(grant("Allow", "ram:Get*", "acs:ram::1:user/x_*")),
        },
        "provider": "urn:p::provider::owner::p1",
    }
    attached = {
        "urn": "urn:a::grant::own",
        "type": "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
        "inputs": {"roleName": "ecs-admin", "policyName": "own", "policyType": "Custom"},
        "provider": "urn:p::provider::owner::p1",
    }
    steps = [
        {"op": "same", "urn": provider["urn"], "oldState": provider, "newState": provider},
        {"op": "update", "urn": old["urn"], "oldState": old, "newState": new},
        {"op": "create", "urn": policy["urn"], "newState": policy},
        {"op": "create", "urn": attached["urn"], "newState": attached},
    ]
    return write("plan.json", {"steps": steps, "changeSummary": {"same": 3, "update": 1, "create": 2}})


def test_diff_of_a_preview_lists_changes_with_their_hazards(run: Run, plan: Path) -> None:
    result = run("diff", plan)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == [
        "+ role ecs-admin of 1 may do ram:Get* on acs:ram::1:user/x_* (own)",
        "    ! exposes credentials: ram:GetAppSecret",
        "+ role ecs-admin of 1 trusts account 1",
    ]
    assert result.stdout.splitlines()[-1].startswith("2 resources stay as they are and are not in this preview")


def test_additions_are_green_and_removals_red_as_in_git(
    accounts: Path, write: Callable[..., Path], content: Json
) -> None:
    content["accounts"][0]["users"][1]["groups"] = ["operators"]
    content["accounts"][0]["users"][0]["groups"] = []
    words = ["diff", "--before", str(accounts), "--after", str(write("after.json", content))]
    shown = CliRunner().invoke(app, words, env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": None}).stdout
    marked = [line for line in shown.splitlines() if "user AAA" in line or "user BBB" in line]
    assert marked
    assert all(line.startswith("\x1b[32m+ " if "BBB" in line else "\x1b[31m- ") for line in marked)
    plain = CliRunner().invoke(app, words, env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"}).stdout
    assert "\x1b[3" not in plain
    assert [line[0] for line in plain.splitlines() if "user AAA" in line] == ["-"] * 2


def test_diff_as_a_review_comment(run: Run, plan: Path) -> None:
    result = run("diff", plan, "--format", "markdown")
    assert "### Access added" in result.stdout
    assert (
        "| \\+ | role ecs-admin of 1 | may do `ram:Get*` on `acs:ram::1:user/x_*` (own)"
        "<br>\\! exposes credentials: `ram:GetAppSecret` |"
    ) in result.stdout.splitlines()


def test_diff_prints_json(run: Run, plan: Path) -> None:
    answer = json.loads(run("diff", plan, "--json").stdout)
    assert answer["adds"] is True
    assert answer["removes"] is False
    assert answer["unchangedNotShown"] == 2
    assert answer["changes"][0]["hazards"] == {"exposes_credentials": ["ram:GetAppSecret"]}
    assert answer["changes"][1] == {
        "kind": "added", "who": "role ecs-admin of 1", "what": "trusts account 1", "account": "1",
        "hazards": {}, "remains": [],
    }  # fmt: skip
    assert answer == json.loads(run("diff", plan, "--format", "json").stdout)


@pytest.mark.parametrize(("expected", "code"), [("no-additions", 1), ("no-removals", 0), ("no-changes", 1)])
def test_diff_as_expected(run: Run, plan: Path, expected: str, code: int) -> None:
    assert run("diff", plan, "--expect", expected).exit_code == code


def test_diff_of_two_descriptions(run: Run, accounts: Path, write: Callable[..., Path], content: Json) -> None:
    content["accounts"][0]["users"].pop(0)
    after = write("after.json", content)
    result = run("diff", "--before", accounts, "--after", after, "--expect", "no-additions")
    assert result.exit_code == 0
    assert all(line.startswith("- user AAA") for line in result.stdout.splitlines())
    same = run("diff", "--before", accounts, "--after", accounts, "--expect", "no-changes", "--format", "markdown")
    assert (same.exit_code, "No access is added or removed." in same.stdout) == (0, True)


def test_no_new_access_fails_with_a_request_that_is_new(run: Run, write: Callable[..., Path]) -> None:
    old, new = write("old.json", grant("Allow", "ecs:*")), write("new.json", grant("Allow", "ecs:Stop*"))
    assert run("no-new-access", new, "--old", old).exit_code == 0
    result = run("no-new-access", old, "--old", new, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["counterexample"]["action"].startswith("ecs:")
    assert "New access, for example:" in run("no-new-access", old, "--old", new).stdout


def test_check_fails_for_a_document_with_an_error(run: Run, write: Callable[..., Path]) -> None:
    good, bad = write("good.json", grant("Allow", "ecs:StopInstance")), write("bad.json", '{"Version": "1"}')
    assert run("check", good).exit_code == 0
    result = run("check", good, bad)
    assert result.exit_code == 1
    assert f"{bad}:1:1: error: Missing statement" in result.stdout
    findings = json.loads(run("check", bad, "--json").stdout)["findings"]
    assert findings[0]["line"] == 1
    account = write("t.json", trust("acs:ram::1:root"))
    assert run("check", account, "--kind", "trust").exit_code == 0
    strict = run("check", account, "--kind", "trust", "--strict")
    assert strict.exit_code == 1
    assert "Whole account trusted" in strict.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is n"),
        ("[]", "not a description of accounts"),
        ('{"accounts": 3}', "accounts: 3 is not a list"),
        ('{"accounts": [{"id": 3}]}', "accounts[0].id: 3 is not a string"),
        ('{"accounts": [{"id": "1", "roles": [{"name": 3}]}]}', "accounts[0].roles[0].name"),
    ],
)
def test_bad_input_is_one_line(run: Run, write: Callable[..., Path], text: str, message: str) -> None:
    result = run("who-can", "ecs:StopInstance", "--documents", write("bad.json", text))
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Fix: " in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_a_file_that_is_not_text(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "binary"
    path.write_bytes(b"\xff\xfe\x00")
    result = run("diff", path)
    assert (result.exit_code, "is not UTF-8 or UTF-16 text" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("who-can", "ecs:StopInstance"), "source"),
        (("who-can", "ecs:StopInstance", "--documents", "missing.json"), "cannot be read"),
        (("who-can", "StopInstance", "--documents", "{accounts}"), "is not an action"),
        (("who-can", "ecs:StopInstance", "acs:ecs", "--documents", "{accounts}"), "RESOURCE: 'acs:ecs'"),
        (("who-can", "ecs:StopInstance", "i-1", "--documents", "{accounts}"), "RESOURCE: 'i-1'"),
        (("who-can", "ecs:StopInstance", "--documents", "{accounts}", "--given", "x"), "KEY=VALUE"),
        (("who-can", "ecs:StopInstance", "--documents", "{accounts}", "--account", "x"), "PROVIDER=ID"),
        (("what-can", "ZZZ", "--documents", "{accounts}"), "is not a principal"),
        (("can", "AAA", "ecs:x", "*", "--documents", "{accounts}", "--expect", "yes"), "allowed, denied or depends"),
        (("diff",), "give a plan"),
        (("diff", "{accounts}"), "is not a preview"),
        (("diff", "{accounts}", "--expect", "nothing"), "no-additions"),
        (("diff", "--before", "{accounts}"), "give a plan"),
        (("no-new-access", "{accounts}"), "--old"),
        (("no-new-access", "{accounts}", "--old", "{accounts}"), "is not a valid policy document"),
        (("who-can", "ecs:x", "--fake", "file:///etc/hostname"), "is not a URL"),
        (("who-can", "ecs:x", "--fake", "http://127.0.0.1:1"), "does not answer"),
        (
            ("who-can", "ecs:x", "--documents", "{accounts}", "--given", "a=b", "--absent", "a"),
            "keep one of the two options",
        ),
    ],
)
def test_errors_name_the_way_out(run: Run, accounts: Path, words: tuple[str, ...], message: str) -> None:
    result = run(*(word.format(accounts=accounts) for word in words))
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Fix: " in result.stderr


def test_a_mistyped_action_is_told(run: Run, accounts: Path) -> None:
    result = run("who-can", "ecs:StopInstnce", "--documents", accounts)
    assert result.exit_code == 0
    assert "knows no action ecs:StopInstnce; ecs:StopInstance" in result.stderr
    assert run("who-can", "ecs:StopInstance", "--documents", accounts).stderr == ""


def test_accounts_in_yaml(run: Run, write: Callable[..., Path], content: Json) -> None:
    good = write("accounts.yaml", "accounts: " + json.dumps(content["accounts"]))
    assert run("who-can", "ecs:StopInstance", "--documents", good, "--expect", "AAA").exit_code == 0
    bad = run("who-can", "ecs:StopInstance", "--documents", write("bad.yml", "accounts: [}"))
    assert (bad.exit_code, "is not YAML" in bad.stderr, "line 1" in bad.stderr) == (2, True, True)
    number = run("who-can", "ecs:StopInstance", "--documents", write("n.yml", "accounts: [{id: 11223344}]"))
    assert (number.exit_code, "is not a string" in number.stderr) == (2, True)

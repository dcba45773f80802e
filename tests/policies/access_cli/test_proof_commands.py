"""`access never`, `equivalent`, `disjoint` and `public`: proved, or shown with a request."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from access_cli import app
from access_cli.families import FAMILIES


@pytest.fixture
def access():
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words])


@pytest.fixture
def keep(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_text(json.dumps(content), "utf-8")
        return path

    return write


def grant(*statements):
    return {
        "Version": "1",
        "Statement": [{"Effect": effect, "Action": action, "Resource": "*"} for effect, action in statements],
    }


@pytest.fixture
def accounts(keep):
    trust = {
        "Version": "1",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::12345678:root"]}}
        ],
    }
    role = {"name": "ops", "trust": trust, "policies": [{"name": "own", "document": grant(("Allow", "kms:*"))}]}
    return keep("accounts.json", {"accounts": [{"id": "11223344", "roles": [role]}]})


def test_never_is_proved(access, accounts):
    made = access("never", "bss:*", "actiontrail:Stop*", "--documents", accounts)
    assert (made.exit_code, made.stdout) == (0, "Never: proved for every role.\n")


def test_never_shows_who_may_and_how(access, accounts):
    made = access("never", "kms:Decrypt", "--documents", accounts)
    assert made.exit_code == 1
    assert made.stdout.startswith("role ops of 11223344: kms:Decrypt on ")
    [broken] = json.loads(access("never", "kms:Decrypt", "--documents", accounts, "--json").stdout)["broken"]
    assert (broken["counterexample"]["action"], broken["policies"]) == ("kms:Decrypt", ["own"])


def test_never_of_what_is_no_action_is_explained(access, accounts):
    made = access("never", "kms", "--documents", accounts)
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)


def test_a_role_that_is_not_there_is_explained(access, accounts):
    made = access("never", "kms:*", "--documents", accounts, "--role", "acs:ram::11223344:role/none")
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert "is not a role" in made.stderr


def test_documents_in_other_words_are_equivalent(access, keep):
    one = keep("one.json", grant(("Allow", ["ecs:Start*", "ecs:Stop*"])))
    other = keep("other.json", grant(("Allow", "ecs:Start*"), ("Allow", "ecs:Stop*"), ("Deny", "oss:*")))
    assert access("equivalent", one, other).stdout == "Equivalent.\n"
    wider = keep("wider.json", grant(("Allow", "ecs:*")))
    made = access("equivalent", one, wider)
    assert (made.exit_code, f"Only {wider} allows:" in made.stdout) == (1, True)
    [example] = json.loads(access("equivalent", one, wider, "--json").stdout)["counterexamples"]
    assert example["only"] == str(wider)


def test_documents_that_share_a_request_are_not_disjoint(access, keep):
    one, other = keep("one.json", grant(("Allow", "ecs:*"))), keep("other.json", grant(("Allow", "rds:*")))
    assert (access("disjoint", one, other).exit_code, access("disjoint", one, one).exit_code) == (0, 1)
    assert "action: ecs:" in access("disjoint", one, one).stdout


def test_a_public_bucket_policy_is_shown_with_a_request(access, keep):
    statement = {
        "Effect": "Allow", "Action": "oss:GetObject", "Principal": ["*"], "Resource": "acs:oss:*:11223344:bucket/*"
    }  # fmt: skip
    public = keep("public.json", {"Version": "1", "Statement": [statement]})
    private = keep("private.json", {"Version": "1", "Statement": [{**statement, "Principal": ["12345678"]}]})
    assert (access("public", public).exit_code, access("public", private).stdout) == (1, "Not public.\n")
    assert json.loads(access("public", public, "--json").stdout)["counterexamples"][0]["action"] == "oss:GetObject"


def test_families_are_commands_where_their_package_is_installed(access):
    for family in FAMILIES:
        assert access(family, "--help").exit_code == 0, family

"""`access picture`: sources, formats, what changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from access_cli import app

ACCOUNTS: dict[str, Any] = {
    "accounts": [
        {
            "id": "11223344",
            "alias": "company-a",
            "roles": [
                {
                    "name": "ecs-admin",
                    "trust": {
                        "Version": "1",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Action": "sts:AssumeRole",
                                "Principal": {"RAM": ["acs:ram::12345678:root"]},
                            }
                        ],
                    },
                    "policies": ["AliyunECSReadOnlyAccess"],
                }
            ],
        }
    ]
}


def resource(type_: str, **inputs: str) -> dict[str, Any]:
    name = "-".join(inputs.values())
    urn = f"urn:pulumi:dev::p::{type_}::{name}"
    provider = "urn:pulumi:dev::p::pulumi:providers:alicloud::b::1"
    return {
        "urn": urn, "type": type_, "custom": True, "id": name, "provider": provider, "inputs": inputs, "outputs": inputs
    }  # fmt: skip


USER = resource("alicloud:ram/user:User", name="AAA")
MAY_ASSUME = resource(
    "alicloud:ram/userPolicyAttachment:UserPolicyAttachment",
    userName="AAA",
    policyName="AliyunSTSAssumeRoleAccess",
    policyType="System",
)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.json"
    path.write_text(json.dumps(ACCOUNTS), "utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["picture", *(str(word) for word in words)])


@pytest.mark.parametrize(
    ("form", "begin"), [("html", "<!doctype html>"), ("svg", "<svg "), ("mermaid", "flowchart LR")]
)
def test_each_format_is_written_to_standard_output(documents: Path, form: str, begin: str) -> None:
    result = run("--documents", documents, "--format", form)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(begin)
    assert "ecs-admin" in result.stdout


def test_a_file_is_written(documents: Path, tmp_path: Path) -> None:
    assert run("--documents", documents, "--out", tmp_path / "picture.html").exit_code == 0
    assert "account 12345678" in (tmp_path / "picture.html").read_text("utf-8")


def test_a_preview_is_drawn_with_what_it_changes(documents: Path, tmp_path: Path) -> None:
    steps = [
        {"op": "same", "urn": USER["urn"], "oldState": USER, "newState": USER},
        {"op": "create", "urn": MAY_ASSUME["urn"], "newState": MAY_ASSUME},
    ]
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"config": {}, "steps": steps, "changeSummary": {}}), "utf-8")
    result = run("--documents", documents, "--preview", preview, "--account", "b=12345678", "--format", "mermaid")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert any("AAA (added)" in line for line in lines)
    assert any('|"(added)"|' in line for line in lines)
    assert not any("ecs-admin (added)" in line for line in lines)


def test_no_source_is_an_error_in_one_line() -> None:
    result = run()
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "give --documents" in result.stderr


def test_a_place_that_cannot_be_written_is_an_error_in_one_line(documents: Path, tmp_path: Path) -> None:
    result = run("--documents", documents, "--out", tmp_path)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr

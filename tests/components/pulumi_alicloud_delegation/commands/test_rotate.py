"""`access rotate-external-id`: a new external ID with an overlap, as one reviewed change of a stack file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_alicloud_delegation.configuration import read_configuration

Rotate = Callable[..., tuple[Any, Path]]
AT = "2026-03-01T00:00:00Z"
STACK = """\
# A's stack
config:
  alicloud-delegation:side: owner
  alicloud-delegation:owner: {id: "11223344"}
  alicloud-delegation:delegate: {id: "12345678"}
  alicloud-delegation:roles:
    - name: watch
      systemPolicies: [AliyunECSReadOnlyAccess]
    - name: ops  # our operators
      systemPolicies: [AliyunECSReadOnlyAccess]
      trust:
        # agreed on in January
        externalId: "first"  # keep secret
        mfa: true
"""
IN_SNAKE = STACK.replace("externalId", "external_id")
IN_ONE_LINE = STACK[: STACK.index("      trust:")] + "      trust: {mfa: true, externalId: first}\n"
BETWEEN = STACK + '        previousExternalId: zero\n        previousExternalIdUntil: "2026-03-02T00:00:00Z"\n'


@pytest.fixture
def rotate(access: Callable[..., Any], keep: Callable[[str, Any], Path]) -> Rotate:
    def run(*words: str, text: str = STACK, at: str = AT) -> tuple[Any, Path]:
        path = keep("stack.txt", text)
        return access("rotate-external-id", *words, "--stack", path, "--at", at), path

    return run


def _config(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))["config"]


def _trust(path: Path) -> Any:
    values = {key.rpartition(":")[2]: value for key, value in _config(path).items()}
    return read_configuration(values).roles[1].trust


@pytest.mark.parametrize("text", [STACK, IN_SNAKE, IN_ONE_LINE, STACK.rstrip()])
def test_rotation_accepts_both_external_ids_and_changes_nothing_else(text: str, rotate: Rotate) -> None:
    shown, path = rotate("ops", "--to", "second", "--overlap", "3d", text=text)
    assert (shown.exit_code, path.read_text("utf-8")) == (0, text)
    assert any(line.startswith("+") and "second" in line for line in shown.stdout.splitlines())
    made, path = rotate("OPS", "--to", "second", "--overlap", "3d", "--write", text=text)
    assert made.exit_code == 0, made.output
    trust = _trust(path)
    assert (trust.external_id, trust.previous_external_id, trust.mfa) == ("second", "first", True)
    assert trust.previous_external_id_until == "2026-03-04T00:00:00Z"
    before, after = yaml.safe_load(text)["config"], _config(path)
    before["alicloud-delegation:roles"][1].pop("trust")
    after["alicloud-delegation:roles"][1].pop("trust")
    assert after == before
    assert path.read_text("utf-8").count("#") == text.count("#")


def test_an_external_id_is_rotated_again_once_the_overlap_is_over(rotate: Rotate) -> None:
    made, path = rotate("ops", "--to", "third", "--write", text=BETWEEN, at="2026-03-03T00:00:00Z")
    assert made.exit_code == 0, made.output
    trust = _trust(path)
    assert (trust.external_id, trust.previous_external_id) == ("third", "first")
    assert trust.previous_external_id_until == "2026-03-10T00:00:00Z"


SHARED = (
    STACK.replace("      trust:", "      trust: &shared") + "    - {name: night, trust: *shared, systemPolicies: [A]}\n"
)
OFFERED = STACK[: STACK.index("  alicloud-delegation:roles")] + "  alicloud-delegation:offer: offer.json\n"
BAD = {
    "twice within the overlap": (["ops", "--to", "third"], BETWEEN, "is being rotated already"),
    "at the last moment of the overlap": (["ops", "--to", "third"], BETWEEN, "is not over"),
    "a role that is not there": (["day", "--to", "x2"], STACK, "is not a role of this stack"),
    "a role of an offer": (["ops", "--to", "x2"], OFFERED, "ask for a new offer"),
    "a role without an external ID": (["watch", "--to", "x2"], STACK, "roles[0].trust.externalId"),
    "the same ID": (["ops", "--to", "first"], STACK, "roles[1].trust.previousExternalId"),
    "an ID that cannot be": (["ops", "--to", "a b"], STACK, "roles[1].trust.externalId"),
    "no period": (["ops", "--to", "x2", "--overlap", "soon"], STACK, "is not a period"),
    "a trust that another role shares": (
        ["ops", "--to", "x2"],
        SHARED.replace("[A]", "[AliyunECSReadOnlyAccess]"),
        "cannot be changed safely",
    ),
}


@pytest.mark.parametrize(("words", "text", "problem"), BAD.values(), ids=BAD)
def test_a_rotation_that_cannot_be_is_explained_in_one_line(
    words: list[str], text: str, problem: str, rotate: Rotate
) -> None:
    at = "2026-03-02T00:00:00Z" if problem == "is not over" else AT
    made, path = rotate(*words, "--write", text=text, at=at)
    assert (made.exit_code, made.stderr.count("\n"), path.read_text("utf-8")) == (2, 1, text), made.output
    assert problem in made.stderr

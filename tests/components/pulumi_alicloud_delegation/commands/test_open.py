"""`access open`: one reviewed change that grants a named person access for a limited time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Access = Callable[..., Any]
Keep = Callable[[str, Any], Path]
AT = "2026-03-01T20:00:00Z"
WHY = ["--reason", "Disk full", "--ticket", "INC-7"]
STACK = """\
# B's stack
config:
  alicloud-delegation:side: delegate
  alicloud-delegation:owner: {id: "11223344"}
  alicloud-delegation:delegate:
    id: "12345678"
    accessKey: AKID
  alicloud-delegation:delegateSecretKey:
    secure: v1:xxx
  alicloud-delegation:contract: {longestOpening: 4h}
  alicloud-delegation:roles:
    - {name: ops, systemPolicies: [AliyunECSReadOnlyAccess]}
    - name: night
      systemPolicies: [AliyunECSFullAccess]
      tier: on-request
      reason: Incidents
      ticket: CHG-1
      trust: {notAfter: 2099-12-31T00:00:00Z}
  alicloud-delegation:teams:
    - name: agents  # our people
      roles: [ops, night]
  alicloud-delegation:operators:
    - {name: AAA, teams: [agents]}

# the end
"""
LISTED = (
    STACK.replace("# the end", "", 1).rstrip()
    + """
  alicloud-delegation:openings:
  # for the night shift
  - operator: AAA
    role: night
    notBefore: "2026-01-01T00:00:00Z"
    notAfter: "2026-01-01T01:00:00Z"
    reason: x
    ticket: y  # closed
"""
)


@pytest.fixture
def opened(access: Access, keep: Keep) -> Callable[..., Any]:
    def run(*words: str, text: str = STACK) -> tuple[Any, Path]:
        path = keep("stack.txt", text)
        return access("open", *words, "--stack", path, "--at", AT), path

    return run


@pytest.mark.parametrize("text", [STACK, LISTED, STACK.rstrip()])
def test_the_change_is_shown_and_written_and_keeps_everything_else(text: str, opened: Callable[..., Any]) -> None:
    shown, path = opened("AAA", "--role", "night", "--for", "4h", *WHY, text=text)
    assert (shown.exit_code, path.read_text("utf-8")) == (0, text)
    added = [line for line in shown.stdout.splitlines() if line.startswith("+") and not line.startswith("+++")]
    assert '"notAfter": "2026-03-02T00:00:00Z"' in added[-1]
    assert not [line for line in shown.stdout.splitlines() if line.startswith("-") and "AAA" in line]
    made, path = opened("AAA", "--role", "night", "--for", "4h", *WHY, "--write", text=text)
    after = yaml.safe_load(path.read_text("utf-8"))["config"]
    assert after.pop("alicloud-delegation:openings")[-1] == {
        "operator": "AAA", "role": "night", "notBefore": AT, "notAfter": "2026-03-02T00:00:00Z",
        "reason": "Disk full", "ticket": "INC-7",
    }  # fmt: skip
    before = yaml.safe_load(text)["config"]
    before.pop("alicloud-delegation:openings", None)
    assert after == before
    assert "# our people" in path.read_text("utf-8")
    assert made.exit_code == 0


BAD = {
    "a person in no team": (
        ["CCC", "--role", "night", "--for", "4h", *WHY],
        "openings[0].operator: 'CCC' is in no team",
    ),
    "a standing role": (["AAA", "--role", "ops", "--for", "4h", *WHY], "is standing"),
    "no reason": (["AAA", "--role", "night", "--for", "4h"], "openings[0].reason"),
    "no period": (["AAA", "--role", "night", *WHY], "--for"),
    "two periods": (["AAA", "--role", "night", "--for", "4h", "--until", AT, *WHY], "--for"),
    "longer than the contract": (["AAA", "--role", "night", "--for", "5h", *WHY], "is longer than the contract opens"),
    "over already": (["AAA", "--role", "night", "--until", "2026-03-01T19:00:00Z", *WHY], "is over"),
    "an end before the beginning": (
        ["AAA", "--role", "night", "--from", "2026-03-03T00:00:00Z", "--until", "2026-03-02T00:00:00Z", *WHY],
        "is not after 'openings[0].notBefore'",
    ),
    "a period that is none": (["AAA", "--role", "night", "--for", "soon", *WHY], "is not a period"),
}


@pytest.mark.parametrize(("words", "problem"), BAD.values(), ids=BAD)
def test_an_opening_that_cannot_be_is_explained_in_one_line(
    words: list[str], problem: str, opened: Callable[..., Any]
) -> None:
    made, path = opened(*words, "--write")
    assert (made.exit_code, made.stderr.count("\n"), path.read_text("utf-8")) == (2, 1, STACK)
    assert problem in made.stderr


@pytest.mark.parametrize("text", ["", "[]", "config: 3", "{", "x: y"])
def test_a_file_that_is_no_stack_file_is_explained(text: str, opened: Callable[..., Any]) -> None:
    made, _ = opened("AAA", "--role", "night", "--for", "4h", *WHY, text=text)
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)

"""RAM, call by call: the cases of `cases.json` through the official generic client and both doors."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

CASES = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
TEXTS = {
    "<trust>": '{"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": '
    '{"RAM": ["acs:ram::12345678:root"]}}], "Version": "1"}',
    "<policy>": '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}',
}
RAM = ("ram", "2015-05-01")
NOTHING = object()


def fill(text: Any, last: dict[str, Any]) -> Any:
    """Placeholders: ``<64>`` is 64 letters; ``$A.B`` is from the last answer that has it."""
    if not isinstance(text, str):
        return text
    if re.fullmatch(r"<\d+>", text):
        return "x" * int(text[1:-1])
    return value_at(last, text[1:]) if text.startswith("$") else TEXTS.get(text, text)


def value_at(body: Any, path: str) -> Any:
    for part in path.split("."):
        if part == "#":
            return len(body)
        if isinstance(body, list):
            body = body[int(part)] if int(part) < len(body) else NOTHING
        else:
            body = body.get(part, NOTHING) if isinstance(body, dict) else NOTHING
    return body


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_step_of_a_case_is_answered_as_expected(door: Any, refused: Any, case: dict[str, Any]) -> None:
    root = door.cloud.account("11223344").root_key
    last: dict[str, Any] = {}
    for action, parameters, expected, *more in case["steps"]:
        given = {name: fill(value, last) for name, value in parameters.items()}
        if expected == "ok":
            body = door.call(root, *RAM, action, **given)
            last = {**last, **body}
            for path, value in (more[0] if more else {}).items():
                found = value_at(body, path)
                wanted = NOTHING if value is None else fill(value, last)
                assert found == wanted, f"{action} {given}: {path} is {found!r}"
        else:
            with refused(expected, *more):
                door.call(root, *RAM, action, **given)


def test_every_policy_is_on_exactly_one_page(door: Any) -> None:
    root = door.cloud.account("11223344").root_key
    for number in range(5):
        door.call(root, *RAM, "CreatePolicy", PolicyName=f"p{number}", PolicyDocument=TEXTS["<policy>"])
    whole = door.call(root, *RAM, "ListPolicies", MaxItems="1000")["Policies"]["Policy"]
    names: list[tuple[str, str]] = []
    marker = ""
    while True:
        page = door.call(root, *RAM, "ListPolicies", MaxItems="7", Marker=marker)
        names += [(one["PolicyType"], one["PolicyName"]) for one in page["Policies"]["Policy"]]
        marker = page.get("Marker", "")
        assert page["IsTruncated"] is bool(marker)
        if not marker:
            break
    assert names == [(one["PolicyType"], one["PolicyName"]) for one in whole]
    assert [name for kind, name in names if kind == "Custom"] == [f"p{number}" for number in range(5)]

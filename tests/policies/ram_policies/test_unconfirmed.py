"""Unconfirmed readings: each is named by the code that depends on it, and the code names no others."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ram_policies import unconfirmed
from ram_policies.unconfirmed import CHOICES, Choice

ROOT = Path(__file__).parents[3]
NAMED = re.compile(r"unconfirmed\.([A-Z][A-Z_]+)")
NAMES = [name for name, value in vars(unconfirmed).items() if isinstance(value, Choice)]


def named_by_code() -> set[str]:
    files = (file for folder in ("policies", "fakes", "components") for file in (ROOT / folder).rglob("*.py"))
    return {name for file in files if file.name != "unconfirmed.py" for name in NAMED.findall(file.read_text("utf-8"))}


def test_every_choice_is_written_down_once() -> None:
    assert len(CHOICES) == len(NAMES) > 15
    assert len({choice.id for choice in CHOICES}) == len(CHOICES)
    assert all(choice.item and choice.reading for choice in CHOICES)


def test_code_names_every_choice_and_no_other() -> None:
    assert named_by_code() == set(NAMES)


@pytest.mark.parametrize("file", sorted((Path(__file__).parent / "cases").glob("*.json")), ids=lambda file: file.stem)
def test_cases_that_rest_on_a_choice_name_one(file: Path) -> None:
    sources = [case["source"].split() for case in json.loads(file.read_text("utf-8"))]
    named = {source[1].rstrip(":") for source in sources if source[0] == "choice"}
    assert named <= {choice.id for choice in CHOICES}

"""The pages of the rules are those that their metadata makes."""

from pathlib import Path

import pytest

from ram_policies.guardrails.docs import guardrail_pages, main
from ram_policies.guardrails.rulebook import RULES

FOLDER = Path(__file__).parents[4] / "docs" / "guardrails"


@pytest.mark.parametrize(("name", "text"), tuple(guardrail_pages()), ids=[name for name, _ in guardrail_pages()])
def test_a_page_is_current(name, text):
    assert (FOLDER / name).read_text("utf-8") == text, "run python -m ram_policies.guardrails.docs docs/guardrails"


def test_no_page_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == {name for name, _ in guardrail_pages()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_explains_itself(rule):
    assert rule.title[-1] not in ".!"
    assert len(rule.why) > 80
    assert rule.unknown.endswith(".")
    assert rule.bad != rule.good
    assert all(field.description for field in rule.settings.model_fields.values())


def test_pages_of_rules_that_are_gone_are_removed_and_other_pages_stay(tmp_path):
    (name, text) = next((name, text) for name, text in guardrail_pages() if name != "README.md")
    (tmp_path / "gone.md").write_text(text)
    (tmp_path / "ours.md").write_text("# By hand\n")
    main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {name for name, _ in guardrail_pages()} | {"ours.md"}
    assert (tmp_path / name).read_text("utf-8") == text

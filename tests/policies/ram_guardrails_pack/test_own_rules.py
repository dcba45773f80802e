"""A user's own rule: the sample of the documentation, tested as the documentation says."""

import re
import textwrap

import pytest

from ram_guardrails_pack.testing import UNKNOWN, RunningPack, provider, role, trust_document
from ram_policies.guardrails.docs import guardrail_pages

A = provider("11223344")


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    text = dict(guardrail_pages())["README.md"]
    begin = r"^    from ram_policies\.guardrails\.rule_model import"
    sample = re.search(begin + r".*?(?=^\S|\Z)", text, re.DOTALL | re.MULTILINE)
    assert sample
    file = tmp_path_factory.mktemp("pack") / "own.py"
    file.write_text(textwrap.dedent(sample[0]))
    with RunningPack([file]) as running:
        yield running


def test_the_sample_is_a_pack(pack):
    assert pack.policies() == ["role-names"]


def test_a_users_own_rule_judges_known_values(pack):
    assert pack.preview(role("ops", trust_document(), A)).violated("role-names")
    assert pack.preview(role("b-ops", trust_document(), A)).of("role-names") == []


def test_a_users_own_rule_fails_closed_on_unknown_values(pack):
    report = pack.preview(role("b-ops", trust_document(), A, role_name=UNKNOWN))
    assert report.violated("role-names")
    assert "not known" in report.of("role-names")[0].message


def test_a_users_own_rule_can_leave_unknown_values_for_later(pack):
    pack.configure({"role-names": {"unknown": "later"}})
    assert pack.preview(role("b-ops", trust_document(), A, role_name=UNKNOWN)).of("role-names") == []

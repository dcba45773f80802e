"""The rule alone, and the pack as the engine sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pack import supplier_role_names

from ram_guardrails_pack.testing import UNKNOWN, RunningPack, check, provider, role, trust_document

OURS = provider("11223344")


@pytest.fixture(scope="module")
def pack() -> Iterator[RunningPack]:
    with RunningPack([Path(__file__).with_name("pack.py")]) as running:
        yield running


def test_a_role_without_the_prefix_is_a_violation() -> None:
    assert check(supplier_role_names, role("ops", trust_document(), OURS))
    assert check(supplier_role_names, role("supplier-ops", trust_document(), OURS)) == []


def test_the_pack_has_our_rule_beside_the_others(pack: RunningPack) -> None:
    assert {"supplier-role-names", "trust-without-proof"} <= set(pack.policies())


def test_a_name_that_is_not_known_fails_closed(pack: RunningPack) -> None:
    assert pack.preview(role("x", trust_document(), OURS, role_name=UNKNOWN)).violated("supplier-role-names")

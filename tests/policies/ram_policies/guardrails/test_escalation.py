"""Actions that lead to more access are found in every pattern that allows them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ram_policies.catalogue import Hazard
from ram_policies.catalogue.levels import actions_with
from ram_policies.document import Effect, Statement
from ram_policies.evaluation.compiled import speaks_about
from ram_policies.folding import fold
from ram_policies.guardrails.escalation import dangerous_actions

DANGEROUS = tuple(
    dict.fromkeys(
        action
        for hazard in (Hazard.ESCALATES, Hazard.POWER_OVER_ACCOUNT, Hazard.UNCLASSIFIED)
        for action in actions_with(hazard)
    )
)


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """A dangerous action with some of its characters as wildcards, or in another letter case."""
    service, _, name = draw(st.sampled_from(DANGEROUS)).partition(":")
    parts: list[str] = []
    for part in (service, name):
        letters = list(part)
        for place in draw(st.lists(st.integers(0, len(part) - 1), max_size=3)):
            letters[place] = draw(st.sampled_from(["?", "*", "**", "*?", part[place].swapcase()]))
        cut = draw(st.integers(1, len(letters)))
        parts.append("".join(letters[:cut]) + draw(st.sampled_from(["*", "".join(letters[cut:])])))
    return ":".join(parts)


@given(st.lists(patterns(), min_size=1, max_size=3).map(tuple), st.booleans())
def test_every_dangerous_action_that_a_statement_speaks_about_is_found(several: tuple[str, ...], negated: bool) -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9*?_-]+:[A-Za-z0-9*?_./-]+", pattern) for pattern in several)
    actions, exceptions = ((), several) if negated else (several, ())
    statement = Statement(Effect.ALLOW, actions, exceptions, ("*",))
    found = {action.lower() for action in dangerous_actions(statement)}
    assert {a.lower() for a in DANGEROUS if speaks_about(statement, fold(a))} <= found

"""A faulty prover is detected: each of the deliberate faults must show in the small universes."""

from __future__ import annotations

import random
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from faults import FAULTS
from small_universes import Pair, Universe, Wrong, search
from vocabularies import VOCABULARIES

from ram_policies.proof import UnconfirmedError

_UNIVERSES = 8
_PAIRS = 250


@cache
def asked(kind: str) -> list[tuple[Universe, Pair]]:
    """Pairs of some universes, made before there is a fault."""
    universes = [Universe(random.Random(f"{kind} {number}"), kind) for number in range(_UNIVERSES)]
    return [(universe, universe.pair()) for _ in range(_PAIRS) for universe in universes]


def shown(name: str) -> Wrong | UnconfirmedError | None:
    kind, make = FAULTS[name]
    pairs = asked(kind)
    with pytest.MonkeyPatch.context() as patch:
        make(patch)
        for universe, pair in pairs:
            try:
                found = universe.wrong(pair, Counter())
            except UnconfirmedError as error:
                return error
            if found is not None:
                return found
    return None


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_prover_is_found(name: str) -> None:
    assert shown(name) is not None


def test_the_prover_has_no_fault_that_the_small_universes_show() -> None:
    assert search(random.Random("0"), 2000, Counter()) is None


def test_the_bits_of_a_universe_mean_what_the_evaluator_says() -> None:
    for kind in VOCABULARIES:
        universe = Universe(random.Random(kind), kind)
        for _ in range(4):
            universe.confirm(universe.side())

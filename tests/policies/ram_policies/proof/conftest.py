"""The second prover, for the tests of the first."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from universes import BruteForce, SlowProver


@pytest.fixture(scope="session")
def brute_force() -> SlowProver:
    """A request that both documents answer as wanted, or None where the universe has none."""
    return lambda one, other, goal: BruteForce(one, other).counterexample(goal)

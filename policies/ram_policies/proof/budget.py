"""Bounds of the work of a proof, counted in steps: the same question gets the same answer on any machine."""

from __future__ import annotations

WORK = 4_000_000
"""Steps of one proof: a few seconds of processor time."""

MEMORY = 2_500_000
"""Memory that one proof may use, in machine words."""


class TooMuchWorkError(Exception):
    """The question has more cases than may be looked at."""


class Budget:
    """Work that may still be done, shared by all parts of one proof.

    Everything that takes time counts as work; what is kept until the proof ends counts as memory, too.
    """

    __slots__ = ("_given", "_memory", "_work")

    def __init__(self, work: int = WORK, memory: int = MEMORY) -> None:
        self._given = self._work = work
        self._memory = memory

    @property
    def spent(self) -> int:
        """The work that was done."""
        return self._given - self._work

    def spend(self, steps: int = 1) -> None:
        """Note work.

        Raises:
            TooMuchWorkError: nothing is left.
        """
        self._work -= steps
        if self._work < 0:
            raise TooMuchWorkError

    def keep(self, words_of_memory: int) -> None:
        """Note memory that is kept.

        Raises:
            TooMuchWorkError: nothing is left.
        """
        self._memory -= words_of_memory
        if self._memory < 0:
            raise TooMuchWorkError

"""Nonces that were used, so that a request cannot be played back."""

from __future__ import annotations

WINDOW = 15 * 60.0
"""Seconds by which a timestamp may be off, in both directions."""

_MOST = 300_000


class Nonces:
    """Nonces of the last half hour: as long as a request that carries one could still be accepted.

    Under a load that would need more than some tens of megabytes the oldest are forgotten sooner.
    """

    __slots__ = ("_after", "_old", "_young")

    def __init__(self) -> None:
        self._young: set[int] = set()
        self._old: set[int] = set()
        self._after = 0.0

    def use(self, access_key_id: str, nonce: str, now: float) -> bool:
        """Use a nonce. False when it was used already."""
        if now >= self._after or len(self._young) >= _MOST:
            # Two generations of two windows each: what is dropped is older than any timestamp still accepted.
            self._old, self._young = self._young, set()
            self._after = now + 2 * WINDOW
        seen = hash((access_key_id, nonce))
        if seen in self._young or seen in self._old:
            return False
        self._young.add(seen)
        return True

"""Nonces that were used, so that a request cannot be played back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

WINDOW = 15 * 60.0
"""Seconds by which a timestamp may be off, in both directions."""

_MOST = 300_000


class Nonces:
    """Nonces of the last half hour: as long as a request that carries one could still be accepted.

    Under a load that would need more than some tens of megabytes the oldest are forgotten sooner.

    Attributes:
        on_use: called with the digest of each nonce that is used, before the request is looked at; none by default.
    """

    __slots__ = ("_after", "_old", "_young", "on_use")

    def __init__(self) -> None:
        self._young: set[int] = set()
        self._old: set[int] = set()
        self._after = 0.0
        self.on_use: Callable[[int], None] | None = None

    def use(self, access_key_id: str, nonce: str, now: float) -> bool:
        """Use a nonce. False when it was used already."""
        if now >= self._after or len(self._young) >= _MOST:
            # Two generations of two windows each: what is dropped is older than any timestamp still accepted.
            self._old, self._young = self._young, set()
            self._after = now + 2 * WINDOW
        # The same in every process, unlike hash(): a file of state keeps these.
        text = f"{access_key_id}\n{nonce}".encode("utf-8", "replace")
        seen = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
        if seen in self._young or seen in self._old:
            return False
        self._young.add(seen)
        if self.on_use is not None:
            self.on_use(seen)
        return True

    def digests(self) -> list[int]:
        """Digests of the nonces that are remembered."""
        return [*self._old, *self._young]

    def remember(self, digests: Iterable[int]) -> None:
        """Take nonces for used, by their digests."""
        self._young.update(digests)

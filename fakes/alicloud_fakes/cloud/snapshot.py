"""A whole cloud as one JSON object: to keep, to move, and to go back to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alicloud_fakes.cloud.earlier import brought_up
from alicloud_fakes.cloud.object_graph import GraphError, decode, encode
from alicloud_fakes.cloud.shape import check_shape
from alicloud_fakes.core.clock import Clock
from alicloud_fakes.core.entropy import Entropy
from ram_policies.error_kinds import with_code

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud

FORMAT = "alicloud-fakes-snapshot"
VERSION = 1


class SnapshotError(ValueError):
    """A snapshot that cannot be restored.

    Attributes:
        problem: what is wrong with it, and the way out.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(with_code(problem, "invalid-snapshot"))


def take(cloud: Cloud) -> dict[str, Any]:
    """The state of a cloud: its accounts with everything in them, its clock, and where its IDs and secrets come from.

    Not part of it: the calls so far, faults, and nonces.
    """
    with cloud.lock:
        return {
            "format": FORMAT,
            "version": VERSION,
            "seed": cloud.entropy.seed,
            "position": cloud.entropy.position,
            "clock": cloud.clock.offset,
            "state": encode([cloud.accounts, cloud.keys, cloud.aliases], {"cloud": cloud}),
        }


def restore(cloud: Cloud, snapshot: Mapping[str, Any]) -> None:
    """Put a cloud into the state of a snapshot, of this release or an earlier one.

    Temporary credentials that were issued before it was taken work again.

    Raises:
        SnapshotError: it is not a snapshot, or of another version; the cloud stays as it is.
    """
    if snapshot.get("format") != FORMAT:
        raise SnapshotError(
            f"format: {snapshot.get('format')!r} is not {FORMAT!r}; restore what a snapshot request gave"
        )
    if snapshot.get("version") != VERSION:
        raise SnapshotError(
            f"version: {snapshot.get('version')!r} was written by another release; this one reads version {VERSION}"
        )
    try:
        # In a cloud of its own first: one that does not fit must not be left half taken.
        trial = type(cloud)()
        state = brought_up(snapshot["state"])
        trial.accounts, trial.keys, trial.aliases = decode(state, {"cloud": trial})
        check_shape(trial)
        accounts, keys, aliases = decode(state, {"cloud": cloud})
        entropy = Entropy(snapshot["seed"])
        entropy.position = int(snapshot["position"])
        clock = float(snapshot["clock"])
        Clock().advance(clock)  # refuses what no clock can be moved by
    except (GraphError, KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError) as error:
        raise SnapshotError(f"state: {error}; restore what a snapshot request gave") from None
    with cloud.lock:
        cloud.accounts, cloud.keys, cloud.aliases = accounts, keys, aliases
        cloud.entropy = entropy
        cloud.clock.reset()
        cloud.clock.advance(clock)

"""Handover files: read and written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar, cast

from pulumi_alicloud_delegation.handover.formats import Acceptance, Offer
from pulumi_alicloud_delegation.reading import camel, read
from ram_policies import InvalidInputError

F = TypeVar("F", Offer, Acceptance)


def read_offer(path: str | Path) -> Offer:
    """Read B's offer.

    Raises:
        InvalidInputError: the file cannot be read, or is no offer of a version we know.
    """
    return _read(Offer, Path(path))


def read_acceptance(path: str | Path) -> Acceptance:
    """Read A's acceptance.

    Raises:
        InvalidInputError: the file cannot be read, or is no acceptance of a version we know.
    """
    return _read(Acceptance, Path(path))


def write_handover(path: str | Path, handover: Offer | Acceptance) -> None:
    """Write an offer or an acceptance with sorted keys and two spaces, so that a review shows what changed."""
    text = json.dumps(to_plain(handover), ensure_ascii=False, indent=2, sort_keys=True)
    Path(path).write_text(text + "\n", encoding="utf-8")


def to_plain(handover: Offer | Acceptance) -> dict[str, object]:
    """An offer or an acceptance as plain JSON values, without what is left to its default."""
    plain = handover.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    return {"kind": handover.kind, "version": handover.version, **plain}


def _read(model: type[F], path: Path) -> F:
    noun = model.__name__.lower()
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInputError(noun, str(path), f"cannot be read: {error.strerror}", "check the path") from None
    except ValueError as error:
        raise InvalidInputError(noun, str(path), f"is not JSON: {error}", "ask for the file again") from None
    if not isinstance(value, dict):
        raise InvalidInputError(noun, str(path), "is not a JSON object", "ask for the file again")
    content = cast("dict[str, object]", value)
    expected = f"alicloud-delegation/{noun}"
    if content.get("kind") != expected:
        raise InvalidInputError(f"{noun}.kind", content.get("kind"), f"is not {expected!r}", f"give the {noun} file")
    if content.get("version") != 1:
        raise InvalidInputError(
            f"{noun}.version", content.get("version"), "is a version that this release does not know", "upgrade"
        )
    return read(model, content, noun, camel)

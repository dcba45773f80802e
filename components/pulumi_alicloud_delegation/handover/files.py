"""Handover files: read, checked and written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar, cast

from pulumi_alicloud_delegation.contract import check_contract, parse_moment
from pulumi_alicloud_delegation.handover.digest import check_digest, digest_of
from pulumi_alicloud_delegation.handover.formats import VERSION, Acceptance, Offer
from pulumi_alicloud_delegation.handover.version1 import upgraded
from pulumi_alicloud_delegation.key_spelling import respelled
from pulumi_alicloud_delegation.spec_reader import read_spec
from ram_policies import InvalidInputError
from ram_policies.file_text import json_in, text_in

F = TypeVar("F", Offer, Acceptance)
_AGAIN = "ask for the file again"
LARGEST = 16 * 1024 * 1024


def read_offer(path: str | Path) -> Offer:
    """Read B's offer, or A's answer to one.

    Raises:
        InvalidInputError: the file cannot be read, was changed after it was sealed, or is not an offer of a known
            version.
    """
    return parse_offer(_bytes(Path(path), "offer"), str(path))


def read_acceptance(path: str | Path) -> Acceptance:
    """Read A's acceptance.

    Raises:
        InvalidInputError: the file cannot be read, was changed after it was sealed, or is not an acceptance of a known
            version.
    """
    return parse_acceptance(_bytes(Path(path), "acceptance"), str(path))


def parse_offer(data: bytes, name: str = "offer") -> Offer:
    """An offer out of the bytes of a file; see `read_offer`."""
    return checked(Offer, parse_json(data, name, "offer"))


def parse_acceptance(data: bytes, name: str = "acceptance") -> Acceptance:
    """An acceptance out of the bytes of a file; see `read_acceptance`."""
    return checked(Acceptance, parse_json(data, name, "acceptance"))


def write_handover(path: str | Path, handover: Offer | Acceptance) -> None:
    """Write an offer or an acceptance, sealed; see `handover_text`."""
    Path(path).write_text(handover_text(handover), encoding="utf-8")


def handover_text(handover: Offer | Acceptance) -> str:
    """The text of a file, sealed, with sorted keys and two spaces, so that a review shows what changed."""
    return json.dumps(to_plain(handover), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def sealed(handover: F) -> F:
    """A copy with the digest of its content."""
    return handover.model_copy(update={"digest": to_plain(handover)["digest"]})


def to_plain(handover: Offer | Acceptance) -> dict[str, object]:
    """An offer or an acceptance as plain JSON values with its digest, without what is left to its default."""
    plain = handover.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    plain = {**plain, "kind": handover.kind, "version": handover.version}
    return {**plain, "digest": digest_of(plain)}


def parse_json(data: bytes, name: str, field: str) -> Mapping[str, object]:
    """The JSON object in the bytes of a file, which may start with a byte order mark or be UTF-16.

    Raises:
        InvalidInputError: it is not text, not JSON, not an object, or has a key twice.
    """
    text = text_in(data, field, name)
    value = json_in(text, field, name, _AGAIN, object_pairs_hook=_each_once, parse_constant=_no_constant)
    if not isinstance(value, dict):
        raise InvalidInputError(field, name, "is not a JSON object", _AGAIN, code="wrong-file")
    return cast("dict[str, object]", value)


def checked(model: type[F], content: Mapping[str, object]) -> F:
    """An offer or an acceptance out of plain JSON values.

    Raises:
        InvalidInputError: it is of another kind, of an unknown version, was changed after it was sealed, or has
            an unknown key.
    """
    noun = model.__name__.lower()
    expected = f"alicloud-delegation/{noun}"
    if content.get("kind") != expected:
        raise InvalidInputError(
            f"{noun}.kind", content.get("kind"), f"is not {expected!r}", f"give the {noun} file", code="wrong-file"
        )
    version = content.get("version")
    if version == 1 and version is not True:
        found = _read(model, upgraded(content, noun), noun)
        return found.model_copy(update={"digest": digest_of(content)})
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        raise InvalidInputError(
            f"{noun}.version",
            version,
            f"is a version that this release does not know (it knows 1 and {VERSION})",
            "upgrade this package" if newer else _AGAIN,
            code="unknown-version",
        )
    check_digest(content, noun)
    return _read(model, content, noun)


def _read(model: type[F], content: Mapping[str, object], noun: str) -> F:
    try:
        found = read_spec(model, content, noun)
        check_contract(found.contract, f"{noun}.contract")
        if found.issued is not None:
            parse_moment(found.issued, f"{noun}.issued")
    except InvalidInputError as error:
        raise respelled(error) from None
    return found


def _bytes(path: Path, noun: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidInputError(
                noun, str(path), "is larger than 16 MB", f"give the {noun} file", code="too-large-file"
            )
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(
            noun, str(path), f"cannot be read: {error.strerror}", "check the path", code="unreadable-file"
        ) from None


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        raise ValueError(f"the key {twice!r} occurs twice in one object")
    return found


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is not a number")

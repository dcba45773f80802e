"""The digest of a handover file: of its content, not of its white space."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from hmac import compare_digest

from pulumi_alicloud_delegation.engine_values import whole_numbers
from ram_policies import InvalidInputError

_FORM = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


def canonical_json(value: object) -> str:
    """A value as JSON: sorted keys, no white space, no needless escapes, whole numbers without ``.0``.

    Stack outputs pass through a format that has no integers, so ``3600`` may come back as ``3600.0``.
    """
    return json.dumps(whole_numbers(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest_of(content: Mapping[str, object]) -> str:
    """The digest of a file's content, its own ``digest`` left out: ``sha256:…``."""
    rest = {key: value for key, value in content.items() if key != "digest"}
    return "sha256:" + hashlib.sha256(canonical_json(rest).encode("utf-8", "surrogatepass")).hexdigest()


def check_digest(content: Mapping[str, object], noun: str) -> None:
    """Compare a file's content with its digest.

    Raises:
        InvalidInputError: the digest is missing, or is not that of the content.
    """
    given = content.get("digest")
    seal = f"ask for the file again, or have its author seal it with `access {noun} write`"
    if not isinstance(given, str) or not _FORM.fullmatch(given):
        problem = "is missing" if given is None else "is not a digest"
        raise InvalidInputError(f"{noun}.digest", given, problem, seal, code="unsealed-file")
    if not compare_digest(given, digest_of(content)):
        raise InvalidInputError(
            f"{noun}.digest",
            given,
            "is not that of the content: the file was changed after it was sealed",
            seal,
            code="unsealed-file",
        )

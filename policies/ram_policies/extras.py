"""Extras that an installation may lack: each is named with the command that adds it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from ram_policies.error_kinds import with_code

DISTRIBUTION: Final = "pulumi-alicloud-delegation"
"""Name of the one distribution that all packages come in."""
_OURS = frozenset({"access_cli", "alicloud_fakes", "pulumi_alicloud_delegation", "ram_guardrails_pack", "ram_policies"})


class MissingExtraError(ImportError):
    """A package is not installed that comes with an extra of this distribution."""

    def __init__(self, package: str, extra: str) -> None:
        command = f"pip install '{DISTRIBUTION}[{extra}]'"
        problem = f"{package} is not installed, which comes with the extra {extra!r}. Fix: {command}"
        super().__init__(with_code(problem, "missing-extra"), name=package)


@contextmanager
def extra_needed(extra: str) -> Generator[None]:
    """Import what comes with an extra.

    Args:
        extra: its name, as in pyproject.toml.

    Raises:
        MissingExtraError: a package is missing that is not part of this distribution.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in _OURS:
            raise
        raise MissingExtraError(package, extra) from None

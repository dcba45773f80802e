"""Extras that an installation may lack: each is named with the command that adds it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from ram_policies.error_kinds import with_code

DISTRIBUTION: Final = "pulumi-alicloud-delegation"
"""Name of the one distribution that all packages come in."""


def version_or_help(program: str, started: str, arguments: Sequence[str]) -> str:
    """Version or help of a program that the engine starts, where a person asks for it; else empty.

    Args:
        program: its name.
        started: the command that makes the engine start it.
        arguments: of the program.
    """
    if list(arguments) == ["--version"]:
        return f"{program} {installed_version()}\n"
    if list(arguments) in (["--help"], ["-h"]):
        return f"Usage: {program}\n\nStarted by the Pulumi engine, for example by: {started}\n"
    return ""


def installed_version() -> str:
    """The version of this distribution, or the words for a clone that is not installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "of a source tree"


_OURS = frozenset({"access_cli", "alicloud_fakes", "pulumi_alicloud_delegation", "ram_guardrails_pack", "ram_policies"})


class MissingExtraError(ImportError):
    """A package that comes with an extra of this distribution is not installed."""

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
        MissingExtraError: a package from outside of this distribution is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in _OURS:
            raise
        raise MissingExtraError(package, extra) from None

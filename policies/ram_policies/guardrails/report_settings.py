"""Settings of the stack report, apart from the report, so that a pack can describe it before it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from ram_policies.guardrails.rule_model import Settings

NAME = "access-report"
TITLE = "What this changes about who can do what"
DEPLOYED = "deployed"


class ReportSettings(Settings):
    """Settings of the report."""

    before: str = Field(
        default=DEPLOYED,
        description=(
            "What to compare with: `deployed` asks the Pulumi CLI for the stack as it is (`pulumi stack export`), "
            "anything else is a file with its output; empty compares with nothing, so all access is new."
        ),
    )


@dataclass(frozen=True, slots=True)
class StateSources:
    """Sources of the state before: `pulumi stack export` of the stack of a resource (by URN), and files by name.

    Both raise OSError with the reason when they cannot.
    """

    export: Callable[[str], str]
    read: Callable[[str], str]

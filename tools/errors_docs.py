"""Write docs/errors.md from the table of errors; ``--check`` only compares."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from generated_pages import keep

from ram_policies.error_kinds import ErrorKind, error_kinds

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
TEXT = """\
# Errors

<!-- Written by tools/errors_docs.py; change policies/ram_policies/errors.json, not this file. -->

Every error of the components, the commands, the files of offer and acceptance and the fake's own settings is one line:
the field, the value, what is wrong, how to mend it, and in brackets the code that leads here. `access explain CODE`
shows the same without a network. Codes are stable: one that was published stays, and keeps its meaning.

Findings in policy documents have [codes of their own](findings.md), and so have [guardrails](guardrails/README.md).
What the fake answers to an API call has Alibaba Cloud's own codes.

| code | what is wrong |
| --- | --- |
{rows}

{sections}
"""


def page() -> str:
    """The page."""
    kinds = error_kinds().values()
    return TEXT.format(
        rows="\n".join(f"| [{kind.code}](#{kind.code}) | {kind.title} |" for kind in kinds),
        sections="\n\n".join(map(_section, kinds)),
    )


def _section(kind: ErrorKind) -> str:
    example = f"```text\n{kind.example} [{kind.code}]\n```"
    return "\n\n".join((f"## {kind.code}", f"{kind.title}.", example, kind.cause, f"**Fix:** {kind.fix}"))


def main(arguments: Sequence[str]) -> int:
    """Write the pages that have changed; with ``--check``, name them instead."""
    return keep({PAGE: page()}, "tools/errors_docs.py", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Write docs/errors.md from the table of errors; ``--check`` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

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


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` say whether it is current."""
    text = page()
    if PAGE.exists() and PAGE.read_text("utf-8") == text:
        return 0
    if arguments == ["--check"]:
        print(f"docs/{PAGE.name} is not current: run tools/errors_docs.py", file=sys.stderr)
        return 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

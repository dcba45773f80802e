"""Write docs/findings.md from the table of findings; ``--check`` only compares."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from generated_pages import keep

from ram_policies.findings import FindingClass, FindingKind, finding_kinds

PAGE = Path(__file__).parents[1] / "docs" / "findings.md"
TEXT = """\
# Findings

<!-- Written by tools/findings_docs.py; change policies/ram_policies/findings.json, not this file. -->

What may be wrong with a policy document. `access check`, the guardrail
[document-findings](guardrails/document-findings.md) and the fake's ValidatePolicy say the same; in Python,
`ram_policies.review.review(text, kind).findings` does. Only an error makes RAM refuse a document, and only errors stop
a deployment unless you ask for more: `access check --strict` fails on warnings, and the guardrail has a setting,
`classes`.

| class | meaning | findings |
| --- | --- | --- |
{classes}

{sections}
"""
MEANING = {
    FindingClass.ERROR: "RAM refuses the document",
    FindingClass.SECURITY_WARNING: "the document may give more than was meant",
    FindingClass.GENERAL_WARNING: "the document, or a part of it, may not do what was meant",
    FindingClass.SUGGESTION: "the document could be clearer or shorter",
}
TITLE = {
    FindingClass.ERROR: "Errors",
    FindingClass.SECURITY_WARNING: "Security warnings",
    FindingClass.GENERAL_WARNING: "General warnings",
    FindingClass.SUGGESTION: "Suggestions",
}


def page() -> str:
    """The page."""
    kinds = {c: [kind for kind in finding_kinds().values() if kind.finding_class is c] for c in FindingClass}
    return TEXT.format(
        classes="\n".join(f"| `{c}` | {MEANING[c]} | {len(found)} |" for c, found in kinds.items()),
        sections="\n\n".join(f"## {TITLE[c]}\n\n" + "\n\n".join(map(_section, found)) for c, found in kinds.items()),
    )


def _section(kind: FindingKind) -> str:
    parts = [f"### {kind.code}", f"{_readable(kind.message)} **Fix:** {_readable(kind.fix)}", kind.why]
    if kind.bad is not None:
        parts += [_block(kind.bad), "Better:", _block(kind.good)]
    return "\n\n".join((*parts, f"Source: {kind.source}."))


def _readable(template: str) -> str:
    """A message template as Markdown: placeholders as code, and characters that Markdown would interpret escaped."""
    text = template.replace("{advice}", "Take what is nearest.").replace("*", "\\*").replace("<", "&lt;")
    return text.replace("{", "`").replace("}", "`")


def _block(example: object) -> str:
    if isinstance(example, str):
        return f"```text\n{example}\n```"
    return f"```json\n{json.dumps(example)}\n```"


def main(arguments: Sequence[str]) -> int:
    """Write the pages that have changed; with ``--check``, name them instead."""
    return keep({PAGE: page()}, "tools/findings_docs.py", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Code blocks of the documentation, and the test that runs each of them.

Every fenced block of README.md and docs/ is run by one of two suites, or by a test of its page, or is in `NOT_RUN` with
the reason why it cannot be.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES: Final = frozenset({"", "mermaid", "text"})
"""Languages of blocks that are drawings or outputs, and nothing to run."""

RUN_BY_TEST_OF_PAGE: Final = {
    "docs/adopting.md sh": "tests/e2e/test_adopting.py",
    "docs/console.md python": "tests/fakes/alicloud_fakes/console/test_console_docs.py",
    "docs/contract.md sh": "tests/components/pulumi_alicloud_delegation/commands/test_contract_page.py",
    "docs/fakes.md python": "tests/fakes/alicloud_fakes/test_docs.py",
    "docs/findings.md json": "tests/policies/ram_policies/review/test_review.py",
    "docs/guides/deployer.md json": "tests/e2e/test_deployer.py",
    "docs/policy-language.md python": "tests/policies/ram_policies/test_docs.py",
    "docs/presets.md json": "tests/tools/test_catalogue_docs.py",
}
"""Test that runs the blocks of a language on a page, or from whose data they are written."""

NOT_RUN: Final = {
    "cp Pulumi.recommended.yaml Pulumi.prod.yaml": "two real accounts",
    "pulumi stack init prod": "two real accounts",
    "alicloud-delegation recover": "asks the real RAM; the page's second block does so on the fake",
    "aliyun configure set --profile fake --mode AK --region cn-hangzhou \\": "the aliyun CLI, in no package index",
    'provider "alicloud" {': "Terraform, in no package index; examples/terraform has the same endpoints",
}
"""First lines of the blocks that nothing runs, without their comments, and the reason."""

STOOD_IN_FOR: Final = {
    "pulumi": "runs on the fake: `alicloud-fakes pulumi -- ...`",
    "alicloud-delegation": "asks the fake about accounts: `alicloud-fakes run -- alicloud-delegation recover`",
    "pip": "downloads nothing: what it would install is installed, and its name and extras are checked",
    "make": "says what it would do: the target exists, and CI runs it",
}
"""Commands that another one stands in for where blocks of shell commands are run."""

_BLOCK: Final = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Attributes:
        page: its page, from the root of the repository.
        number: its place among the blocks of the page, from 1.
        language: the word behind the fence; empty where there is none.
        heading: the heading that it stands below.
        text: what is in it.
    """

    page: str
    number: int
    language: str
    heading: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}-{self.number}"

    @property
    def first_line(self) -> str:
        """The first line of the block, without its comment."""
        return self.text.partition("\n")[0].partition("  #")[0].strip()

    @property
    def not_run(self) -> str:
        """The reason why no test runs it; empty where one does."""
        return NOT_RUN.get(self.first_line, "")

    @property
    def elsewhere(self) -> str:
        """The test of its page that runs it; empty where a common suite does."""
        return RUN_BY_TEST_OF_PAGE.get(f"{self.page} {self.language}", "")


def blocks(*languages: str, page: str = "") -> Iterator[Block]:
    """The blocks of some languages, of one page or of all."""
    for file in PAGES:
        name = str(file.relative_to(ROOT))
        text = file.read_text("utf-8")
        for number, found in enumerate(_BLOCK.finditer(text), 1):
            if found[1] in languages and page in {"", name}:
                headings = re.findall(r"^#+ (.*)$", text[: found.start()], re.MULTILINE)
                yield Block(name, number, found[1], headings[-1] if headings else "", textwrap.dedent(found[2]))


def to_run(*languages: str, page: str = "") -> list[Block]:
    """Those among them that the common suites run."""
    return [one for one in blocks(*languages, page=page) if not (one.not_run or one.elsewhere)]

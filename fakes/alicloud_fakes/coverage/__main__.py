"""Print the page, or write it: ``python -m alicloud_fakes.coverage [--write FILE | --check FILE]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from alicloud_fakes.coverage.page import render

_DEFAULT = Path("docs/coverage.md")


def main(arguments: list[str] | None = None) -> int:
    """Run the command. The exit status is 1 when a check finds the file to be old."""
    parser = argparse.ArgumentParser(prog="python -m alicloud_fakes.coverage", description="What the fake does.")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--write", nargs="?", const=_DEFAULT, type=Path, metavar="FILE", help="write the page")
    group.add_argument("--check", nargs="?", const=_DEFAULT, type=Path, metavar="FILE", help="compare the page only")
    options = parser.parse_args(arguments)
    text = render()
    if options.write is not None:
        options.write.write_text(text, encoding="utf-8")
    elif options.check is None:
        sys.stdout.write(text)
    elif not options.check.exists() or options.check.read_text(encoding="utf-8") != text:
        sys.stderr.write(f"{options.check}: is old. Fix: python -m alicloud_fakes.coverage --write {options.check}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

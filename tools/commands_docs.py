"""Write docs/reference/commands.md from the command lines themselves; ``--check`` only compares."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer
from generated_pages import keep

from access_cli import app as access
from alicloud_fakes.cli import parser as fakes_parser
from pulumi_alicloud_delegation.commands.project import app as delegation

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
HEAD = """\
# Commands

<!-- Written by tools/commands_docs.py from the command lines; change their help, not this file. -->

| command | for |
|---|---|
| `access` | who can do what, before and after a change; offers and acceptances |
| `alicloud-delegation` | projects that use the components |
| `alicloud-fakes` | the fake cloud: serve it, or run Pulumi against it |
| `pulumi-analyzer-alicloud-ram-guardrails` | the policy pack, started by the engine |
| `pulumi-resource-alicloud-delegation` | the component plugin, started by the engine |

Exit codes are the same everywhere: 0 as asked or as expected, 1 not as expected (or findings, or new access), 2 input
that cannot be used, with one line that names the field and the way out. Colours respect `NO_COLOR`.
"""


def page() -> str:
    """The page's text."""
    lines = [HEAD]
    for name, app in (("access", access), ("alicloud-delegation", delegation)):
        lines += [f"## {name}", "", *_click(name, typer.main.get_command(app))]
    lines += ["## alicloud-fakes", "", *_argparse(fakes_parser())]
    return "\n".join(lines).rstrip() + "\n"


def _click(path: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - typer may bring a click of its own
    context = command.make_context(path, [], resilient_parsing=True)
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not getattr(child, "hidden", False):
                yield from _click(f"{path} {name}", child)
        return
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    shown = " ".join(_metavar(one) for one in arguments)
    yield from (f"### {path}", "", f"`{path}{' ' + shown if shown else ''}`", "", _text(command.help), "")
    options = [one for one in command.params if one.param_type_name == "option" and not getattr(one, "hidden", False)]
    rows = [(_metavar(one), getattr(one, "help", "") or "") for one in arguments]
    rows += [
        (" ".join((*one.opts, *one.secondary_opts)), one.help or "") for one in options if "--help" not in one.opts
    ]
    yield from _table(rows)


def _metavar(argument: Any) -> str:  # noqa: ANN401 - as above
    name = (argument.metavar or argument.name or "").upper()
    return name if argument.required else f"[{name.strip('[]')}]"


def _argparse(top: argparse.ArgumentParser) -> Iterator[str]:
    for action in top._actions:
        for name, command in (action.choices or {}).items() if isinstance(action.choices, dict) else ():
            yield from (f"### {top.prog} {name}", "", _text(command.description), "")
            listed = [one for one in command._actions if one.dest != "help"]
            yield from _table(
                [(" ".join(one.option_strings) or str(one.metavar or one.dest), one.help or "") for one in listed]
            )


def _table(rows: list[tuple[str, str]]) -> Iterator[str]:
    if rows:
        yield from ("| option | meaning |", "|---|---|")
        yield from (f"| `{name}` | {_text(meaning)} |" for name, meaning in rows)
        yield ""


def _text(text: str | None) -> str:
    """Help as one paragraph of Markdown."""
    return re.sub(r"\s+", " ", (text or "").replace("%%", "%")).replace("|", "\\|").replace("<", "&lt;").strip()


def main(arguments: Sequence[str]) -> int:
    """Write the pages that have changed; with ``--check``, name them instead."""
    return keep({PAGE: page()}, "tools/commands_docs.py", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

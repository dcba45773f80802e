"""Completion for shells, written from the command line's grammar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Final, cast

SHELLS: Final = ("bash", "zsh", "fish")
_BASH: Final = """\
_alicloud_fakes() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" words
  case "${{COMP_WORDS[1]}}" in
{cases}
    *) words="{top}" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="{top}"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}}
complete -o default -F _alicloud_fakes alicloud-fakes
"""
_ZSH: Final = "autoload -U +X bashcompinit && bashcompinit\n"


class ShowCompletion(argparse.Action):
    """The option ``--show-completion``: print the script of a shell, and end."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        """Print it."""
        del namespace, option_string
        sys.stdout.write(completion(parser, str(values)))
        parser.exit()


def completion(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script that teaches a shell the commands and options of a command line.

    Args:
        parser: the command line.
        shell: one of `SHELLS`.
    """
    commands = dict(_commands(parser))
    top = [*commands, *_options(parser)]
    if shell == "fish":
        lines = [f"complete -c alicloud-fakes -n __fish_use_subcommand -f -a '{' '.join(top)}'"]
        for name, options in commands.items():
            seen = f"'__fish_seen_subcommand_from {name}'"
            lines += [f"complete -c alicloud-fakes -n {seen} -l {option.removeprefix('--')}" for option in options]
        return "\n".join(lines) + "\n"
    cases = "\n".join(f'    {name}) words="{" ".join(options)}" ;;' for name, options in commands.items())
    return (_ZSH if shell == "zsh" else "") + _BASH.format(cases=cases, top=" ".join(top))


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, list[str]]]:
    for action in parser._actions:  # pyright: ignore[reportPrivateUsage] - argparse has no other way
        choices: object = action.choices
        if isinstance(choices, dict):
            for name, command in cast("dict[str, argparse.ArgumentParser]", choices).items():
                yield name, _options(command)


def _options(parser: argparse.ArgumentParser) -> list[str]:
    actions = parser._actions  # pyright: ignore[reportPrivateUsage] - argparse has no public list of them
    return sorted(name for action in actions for name in action.option_strings if name.startswith("--"))

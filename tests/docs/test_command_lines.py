"""Rules that hold for every command of every command line, found by walking all of them."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from access_cli import app as access
from access_cli import progress
from access_cli.exit_codes import command
from alicloud_fakes.cli import parser
from alicloud_fakes.completion import SHELLS
from pulumi_alicloud_delegation.commands.project import app as delegation
from ram_policies.error_kinds import error_kinds

PROGRAMS = {"access": access, "alicloud-delegation": delegation}
MODULES = {
    "access": "access_cli",
    "alicloud-delegation": "pulumi_alicloud_delegation",
    "alicloud-fakes": "alicloud_fakes",
}
OTHER_MEANINGS = {"--expect", "--name", "--never", "--role", "--stack", "--until"}
"""Options whose value is of another kind in another command, which their metavar says."""
COLOUR = re.compile(r"\x1b\[(?:\d+;)*[39][0-7]m")


def context_of(one: Any, path: str) -> Any:
    return one.make_context(path, [], resilient_parsing=True)


def walk(path: str, one: Any) -> Any:
    """A command and those below it."""
    yield path, one
    if hasattr(one, "list_commands"):
        context = context_of(one, path)
        for name in one.list_commands(context):
            child = one.get_command(context, name)
            if not child.hidden:
                yield from walk(f"{path} {name}", child)


COMMANDS = [found for name, app in PROGRAMS.items() for found in walk(name, typer.main.get_command(app))]
FAKES: dict[str, argparse.ArgumentParser] = next(
    one.choices for one in parser()._actions if isinstance(one.choices, dict)
)
each_command = pytest.mark.parametrize(("path", "one"), COMMANDS, ids=[path for path, _ in COMMANDS])
each_program = pytest.mark.parametrize("program", MODULES)


def run(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR"}}
    return subprocess.run(
        [sys.executable, "-m", MODULES[program], *arguments],
        env={**kept, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def code_of(line: str) -> str:
    """The code at the end of an error's line."""
    found = re.search(r"\[([a-z-]+)\]$", line)
    assert found is not None, line
    return found[1]


def examples(text: str) -> list[str]:
    return re.findall(r"[Ee]xamples?:\s+((?:access|alicloud-[a-z]+) .*)", text or "")


def test_the_families_are_walked() -> None:
    assert {"access who-can", "access offer narrow", "alicloud-delegation new"} <= {path for path, _ in COMMANDS}


@each_command
def test_every_help_has_an_example_that_the_command_can_read(path: str, one: Any) -> None:
    found = examples(one.help)
    assert found, "its help has no line that begins with Example:"
    for example in found:
        program, *words = shlex.split(example.partition(" && ")[0])
        group = typer.main.get_command(PROGRAMS[program])
        below = path.split()[1:]
        assert words[: len(below)] == below
        while hasattr(group, "get_command"):
            name, *words = words
            group = group.get_command(context_of(group, program), name)
            assert group is not None, name
        assert any(group.make_context(program, words).params.values())


@each_command
def test_every_option_and_argument_says_what_it_is(path: str, one: Any) -> None:
    assert {each.name for each in one.params if not getattr(each, "help", "")} == set()
    assert one.help.strip()[0].isupper()


def test_an_option_is_the_same_kind_of_thing_in_every_command() -> None:
    seen: dict[str, set[tuple[object, object]]] = {}
    for _, one in COMMANDS:
        for each in one.params:
            for name in each.opts:
                if name.startswith("--"):
                    seen.setdefault(name, set()).add((each.metavar, getattr(each, "is_flag", None)))
    assert {name for name, kinds in seen.items() if len(kinds) > 1} == OTHER_MEANINGS
    flags = {name for name, kinds in seen.items() if kinds == {(None, True)}}
    assert {"--json", "--yes", "--write", "--strict"} & seen.keys() <= flags


@each_command
def test_a_command_that_knows_json_takes_the_option_json(path: str, one: Any) -> None:
    taken = {name: each for each in one.params for name in each.opts}
    if "--format" in taken and "json" in (taken["--format"].help or ""):
        assert "--json" in taken


def test_the_commands_of_the_fake_have_examples_that_they_can_read() -> None:
    assert examples(parser().format_help())
    for name, one in FAKES.items():
        lines = [line.strip() for line in (one.epilog or "").splitlines() if line.startswith("  alicloud-fakes ")]
        assert lines, name
        for line in lines:
            program, *words = shlex.split(line)
            assert (program, words[0]) == ("alicloud-fakes", name)
            assert parser().parse_args(words).command == name
        assert all(each.help for each in one._actions)


@each_program
def test_a_program_run_as_a_module_tells_its_version_and_helps(program: str) -> None:
    shown = run(program, "--version")
    assert shown.returncode == 0
    assert shown.stdout.startswith(f"{program} {version('pulumi-alicloud-delegation')}")
    helped = run(program, "--help")
    assert helped.returncode == 0
    assert "sage: " in helped.stdout
    assert program in helped.stdout


@each_program
def test_an_unknown_option_is_refused_with_exit_code_2(program: str) -> None:
    first = {"access": "explain", "alicloud-delegation": "new", "alicloud-fakes": "serve"}[program]
    for words in (["no-such-command"], [first, "--no-such-option"]):
        refused = run(program, *words)
        assert refused.returncode == 2
        assert "Traceback" not in refused.stderr
        assert words[-1] in refused.stderr


@pytest.mark.parametrize(
    "line",
    [
        "access who-can",
        "access who-can ecs:StopInstance --stat x",
        "access who-can ecs:StopInstance --depth 99",
        "access acceptance verify acceptance.json",
        "access offer no-such-command",
        "access check trust.json --kind robot",
        "access explain one two",
        "alicloud-delegation new",
        "alicloud-delegation adopt --no-such-option",
        "alicloud-fakes",
        "alicloud-fakes no-such-command",
        "alicloud-fakes --show-completion ksh",
        "alicloud-fakes serve --port many",
    ],
)
def test_a_command_that_is_called_in_another_way_says_so_in_one_line(line: str) -> None:
    refused = run(*shlex.split(line))
    assert (refused.returncode, refused.stdout) == (2, "")
    (message,) = refused.stderr.splitlines()
    assert message.startswith(line.split(maxsplit=1)[0])
    assert "Fix: " in message
    assert re.search(r"\[(wrong-usage|out-of-range)\]$", message)


NUMBER = "9" * 5000
ALIASES = "\n".join(["l0: &l0 [x, x]", *(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))])
BAD_FILES: dict[str, str | bytes | None] = {
    "missing": None,
    "empty": "",
    "not text": b"caf\xe9 \xff",
    "zeros": b"\0" * 100,
    "a number": "42",
    "a list": "[1, 2]",
    "nothing": "null",
    "an object of something else": '{"a": "\\ud800"}',
    "no end": '{"a": ',
    "a tab": "a:\n\tb: 1\n",
    "a tag": "!!python/object/apply:os.system ['true']",
    "a date in no calendar": "a: 2026-13-45",
    "a long number": f'{{"a": {NUMBER}}}',
    "a number in base 16": f"roles: [0x{'f' * 5000}]",
    "deep": "[" * 100_000,
    "an alias of itself": "config: &a {roles: *a}\nroles: *a",
    "aliases of aliases": f"{ALIASES}\nconfig: {{p:roles: *l11, p:owners: *l11}}\nroles: *l11\n",
    "keys that are not text": "config: {1: 2, 2026-12-31: 3, null: 4}\n1: 2",
}
FILE_NAME = re.compile(r"[\w.-]+\.(?:json|yaml)")


def file_commands() -> Iterator[tuple[str, list[str]]]:
    """The example of each command that reads a file."""
    for path, one in COMMANDS:
        for example in examples(one.help)[:1]:
            program, *words = shlex.split(example.partition(" && ")[0])
            if not hasattr(one, "list_commands") and any(map(FILE_NAME.fullmatch, words)):
                yield path, [program, *words]


FILE_COMMANDS = dict(file_commands())


def test_the_commands_that_read_files_are_found() -> None:
    assert {
        "access who-can",
        "access check",
        "access offer write",
        "access open",
        "access room",
    } <= FILE_COMMANDS.keys()


@pytest.mark.parametrize("ending", ["json", "yaml"])
@pytest.mark.parametrize("bad", BAD_FILES)
@pytest.mark.parametrize("path", FILE_COMMANDS)
def test_a_file_that_cannot_be_used_is_one_line(path: str, bad: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"given.{ending}"
    content = BAD_FILES[bad]
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        file.write_text(content, "utf-8")
    program, *words = FILE_COMMANDS[path]
    out = {index + 1 for index, word in enumerate(words) if word == "--out"}
    given = [str(file) if FILE_NAME.fullmatch(word) and n not in out else word for n, word in enumerate(words)]
    result = CliRunner().invoke(PROGRAMS[program], given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    if result.exit_code == 1:  # `check` and the proofs read policy documents, and report each finding with its line
        assert path in {"access check", "access no-new-access", "access equivalent", "access disjoint", "access public"}
        return
    assert result.exit_code == 2, result.output
    (message,) = result.stderr.splitlines()
    assert "Fix: " in message
    assert code_of(message) in error_kinds()
    assert len(message) < 1000


BAD_INPUT = {
    "access": ["check", "no-such-file.json"],
    "alicloud-delegation": ["new", "somewhere", "--template", "no-such-template"],
    "alicloud-fakes": ["serve", "--account", "no-digits"],
}


@each_program
def test_input_that_cannot_be_used_is_one_line_with_a_code_and_exit_code_2(program: str) -> None:
    refused = run(program, *BAD_INPUT[program])
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert line.startswith(f"{program}: ")
    assert code_of(line) in error_kinds()


def test_colours_respect_no_color() -> None:
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    question = ("access", "explain", "unknown-key")
    assert COLOUR.search(run(*question, **terminal).stdout)
    assert not COLOUR.search(run(*question, **terminal, NO_COLOR="1").stdout)
    assert "\x1b" not in run(*question).stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_shells_can_complete_a_program(program: str) -> None:
    assert "--show-completion" in run(program, "--help").stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_shells_can_complete_the_fake(shell: str) -> None:
    script = run("alicloud-fakes", "--show-completion", shell)
    assert script.returncode == 0
    assert {"serve", "pulumi", "--console"} <= set(re.findall(r"[a-z-]+", script.stdout.replace("-l ", "--")))
    if shell == "bash":
        words = 'COMP_WORDS=(alicloud-fakes serve --st) COMP_CWORD=2; _alicloud_fakes; echo "${COMPREPLY[@]}"'
        done = subprocess.run(
            [shutil.which("bash") or "/bin/bash", "-c", f"{script.stdout}\n{words}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stdout.split() == ["--state"]


class Terminal:
    def isatty(self) -> bool:
        return True


def test_a_command_that_takes_long_shows_on_a_terminal_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    started: list[float] = []

    class Timer:
        daemon = False

        def __init__(self, patience: float, tell: Any, arguments: list[str]) -> None:
            self.patience, self.tell, self.arguments = patience, tell, arguments

        def start(self) -> None:
            started.append(self.patience)
            said.extend(self.arguments)

        def cancel(self) -> None:
            said.append("cancelled")

    monkeypatch.setattr(progress.threading, "Timer", Timer)
    command(lambda: None)()
    assert said == []  # not a terminal
    monkeypatch.setattr(sys, "stderr", Terminal())
    command(lambda: None, "alicloud-delegation")()
    assert (started, said) == ([2.0], ["alicloud-delegation: still at work", "cancelled"])


@pytest.mark.parametrize(
    ("program", "module"),
    [
        ("pulumi-analyzer-alicloud-ram-guardrails", "ram_guardrails_pack"),
        ("pulumi-resource-alicloud-delegation", "pulumi_alicloud_delegation.plugin"),
    ],
)
def test_the_executables_of_the_engine_answer_people(program: str, module: str) -> None:
    def asked(word: str) -> str:
        done = subprocess.run([sys.executable, "-m", module, word], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert asked("--version") == f"{program} {version('pulumi-alicloud-delegation')}\n"
    assert asked("--help") == asked("-h")
    assert asked("--help").startswith(f"Usage: {program}\n")
    assert "Started by the Pulumi engine" in asked("--help")

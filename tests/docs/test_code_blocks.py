"""Code blocks of the documentation: they parse, names and options exist, the configuration deploys.

Pages whose blocks are executed have tests of their own: the fake, the policy language, the guardrails, the contract.
"""

import ast
import importlib
import json
import re
import shlex
import textwrap
from pathlib import Path

import pytest
import typer
import yaml

from access_cli import app as access
from alicloud_fakes.cli import parser as fakes_parser
from pulumi_alicloud_delegation.commands.project import app as delegation
from pulumi_alicloud_delegation.configuration import read_configuration
from pulumi_alicloud_delegation.plan.delegation import delegation_plan

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
OURS = ("access_cli", "alicloud_fakes", "pulumi_alicloud_delegation", "ram_guardrails_pack", "ram_policies")


def blocks(language):
    for page in PAGES:
        for number, (given, text) in enumerate(BLOCK.findall(page.read_text("utf-8")), 1):
            if given == language:
                yield pytest.param(textwrap.dedent(text), id=f"{page.relative_to(ROOT)}-{number}")


@pytest.mark.parametrize("text", blocks("python"))
def test_python_parses_and_what_it_imports_from_us_is_there(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in OURS:
            module = importlib.import_module(node.module)
            for name in node.names:
                assert hasattr(module, name.name) or importlib.import_module(f"{node.module}.{name.name}")


@pytest.mark.parametrize("text", blocks("json"))
def test_json_parses(text):
    json.loads(text)


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_parses_and_a_configuration_is_one_that_deploys(text):
    content = yaml.safe_load(text)
    config = content.get("config") if isinstance(content, dict) else None
    if not isinstance(config, dict) or not all(":" in key for key in config):
        return
    values = {key.partition(":")[2]: value for key, value in config.items()}
    if "teams" in values and "roles" in values:
        delegation_plan(read_configuration(values))
    else:
        read_configuration({"owner": {"id": "11223344"}, "delegate": {"id": "12345678"}, **values})


def click_options(app, words):
    """The options of the command that words name, and how many of the words name it."""
    command = typer.main.get_command(app)
    context = command.make_context("x", [], resilient_parsing=True)
    depth = 0
    while hasattr(command, "get_command"):
        assert depth < len(words), "a family of commands alone does nothing"
        found = command.get_command(context, words[depth])
        assert found is not None, f"no command {words[depth]!r}"
        command, depth = found, depth + 1
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}


def fakes_options(words):
    choices = next(one.choices for one in fakes_parser()._actions if isinstance(one.choices, dict))
    assert words[0] in choices, f"no command {words[0]!r}"
    return {name for one in choices[words[0]]._actions for name in one.option_strings}


def commands(text):
    """The commands of a shell block, as words: continued lines joined, comments and redirections left out."""
    for line in text.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|\|(?!\|)|;", line.strip().removeprefix("$ ")):
            try:
                words = shlex.split(part, comments=True)
            except ValueError:
                continue
            if words:
                yield words


@pytest.mark.parametrize("text", blocks("sh"))
def test_commands_and_their_options_exist(text):
    for words in commands(text):
        name, *given = words[3:] if words[:2] == ["python", "-m"] and len(words) > 3 else words
        if words[:3] == ["python", "-m", "alicloud_fakes"]:
            name, given = "alicloud-fakes", words[3:]
        if name not in {"access", "alicloud-delegation", "alicloud-fakes"} or not given or given[0].startswith("-"):
            continue
        ours = given[: given.index("--")] if "--" in given else given
        options = {"access": access, "alicloud-delegation": delegation}.get(name)
        known = fakes_options(ours) if options is None else click_options(options, ours)
        used = {word.partition("=")[0] for word in ours if word.startswith("--")}
        assert used <= known, f"{name} {' '.join(ours)}"

"""Blocks of the documentation that a reader may copy and that need no engine: each is run.

Blocks of shell commands, and programs that need the engine, are run by tests/e2e/test_documentation.py.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from access_cli import app as access
from alicloud_fakes import Cloud
from alicloud_fakes.cli import parser as fakes_parser
from alicloud_fakes.cloud.accounts import account_from
from pulumi_alicloud_delegation.commands.project import app as delegation
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.testing import Runs
from ram_policies import read_document
from ram_policies.guardrails.rule_model import configured
from ram_policies.guardrails.rulebook import find_rule

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from code_blocks import NOT_RUN, PAGES, PICTURES, RUN_BY_TEST_OF_PAGE, Block, blocks, to_run  # noqa: E402 - tools are no package: their folder is put on the path first

LANGUAGES = {"hcl", "json", "python", "sh", "yaml"}
ACCOUNTS = {"delegation/owner": "11223344", "delegation/delegate": "12345678"}
SCENARIO = {
    "owner": {"id": "11223344", "alias": "company-a"},
    "delegate": {"id": "12345678", "alias": "company-b"},
}


def each(*languages: str) -> Any:
    return pytest.mark.parametrize("block", to_run(*languages), ids=str)


def test_every_block_is_run_or_says_why_not() -> None:
    fences = [found for page in PAGES for found in re.findall(r"^```(\w*)", page.read_text("utf-8"), re.MULTILINE)]
    assert set(fences) <= LANGUAGES | PICTURES
    assert {one.first_line: one.not_run for one in blocks(*LANGUAGES) if one.not_run} == NOT_RUN
    assert len(NOT_RUN) == 5


@pytest.mark.parametrize("test", RUN_BY_TEST_OF_PAGE.items(), ids=lambda test: test[0])
def test_a_page_with_a_test_of_its_own_has_blocks_for_it(test: tuple[str, str]) -> None:
    page, language = test[0].split()
    assert list(blocks(language, page=page))
    assert Path(page).stem in (ROOT / test[1]).read_text("utf-8")


PROGRAM = """
import pulumi
from pulumi_alicloud_delegation import DelegatedRole, OperatorTeam


def program():
    role = {"name": "auditor", "system_policies": ["ReadOnlyAccess"]}
    made = DelegatedRole("auditor", {"owner_account_id": "11223344", "delegate_account_id": "12345678", "role": role})
    team = {"account_id": "11223344", "name": "people", "role_arns": ["acs:ram::12345678:role/x"]}
    people = OperatorTeam("people", {**team, "operators": [{"name": "AAA"}]})
    pulumi.export("firstPasswords", people.first_passwords)
"""


@pytest.mark.parametrize("block", [one for one in to_run("python") if "pulumi_program" in one.text], ids=str)
def test_a_test_of_a_users_own_program_passes(block: Block, tmp_path: Path) -> None:
    (tmp_path / "my_project.py").write_text(PROGRAM, "utf-8")
    text = block.text if "from my_project" in block.text else f"from my_project import program\n\n\n{block.text}"
    text = text.replace("pulumi_program(program)", 'pulumi_program(program, accounts={"default": "11223344"})')
    (tmp_path / "test_block.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "test_block.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{text.count('def test_')} passed" in done.stdout


def moments_as_text(value: Any) -> Any:
    """YAML timestamps and dates as the engine hands them over: as JSON."""
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {key: moments_as_text(one) for key, one in value.items()}
    return [moments_as_text(one) for one in value] if isinstance(value, list) else value


def configuration_of(block: Block) -> dict[str, Any]:
    """The configuration that a sample is part of: with accounts, and with a team for its roles where it has none."""
    content = moments_as_text(yaml.safe_load(block.text))
    if "config" in content:
        return {key.partition(":")[2]: value for key, value in content["config"].items()}
    if "roles" not in content:  # parameters of the preset whose heading it stands below
        content = {"roles": [{"name": "sample", "presets": [{"name": block.heading, "parameters": content}]}]}
    names = [role["name"] for role in content["roles"]]
    team = {"teams": [{"name": "people", "roles": names}], "operators": [{"name": "AAA", "teams": ["people"]}]}
    return {**SCENARIO, **content, **team}


SAMPLES = [one for one in to_run("yaml") if not one.text.startswith(("accounts:", "resources:"))]


@pytest.mark.parametrize("block", SAMPLES, ids=str)
def test_a_configuration_sample_is_one_that_deploys(block: Block, pulumi_program: Callable[..., Runs]) -> None:
    config = configuration_of(block)
    owner = (config.get("owner") or config["owners"][0])["id"]
    cloud = Cloud.of({owner: "company-a"})
    there = [{"name": one["name"]} for one in config["operators"] if one.get("existing")]
    account_from(cloud, {**{key: config["delegate"][key] for key in ("id", "alias")}, "users": there}, "delegate")
    runs = pulumi_program(run, config=config, project="alicloud-delegation", accounts=ACCOUNTS, cloud=cloud)
    for seen in (runs.preview, runs.update):
        made = {one.inputs["roleName"] for one in seen.of_type("Role")}
        assert made == {role["name"] for role in config.get("roles", ())}


@each("json")
def test_a_json_sample_is_what_its_page_says(block: Block) -> None:
    content = json.loads(block.text)
    if "Statement" in content:
        assert read_document(block.text, "identity").statements
        return
    for name, settings in content.items():
        level = settings.pop("enforcementLevel", "mandatory")
        assert level in {"advisory", "mandatory", "disabled"}
        assert configured(name, find_rule(name).settings, settings)


def click_options(app: typer.Typer, words: list[str]) -> set[str]:
    """The options of the command that the words name."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("x", [], resilient_parsing=True)
    depth = 0
    while hasattr(command, "get_command"):
        assert depth < len(words), "a family of commands alone does nothing"
        found = command.get_command(context, words[depth])
        assert found is not None, f"no command {words[depth]!r}"
        command, depth = found, depth + 1
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}


def fakes_options(words: list[str]) -> set[str]:
    choices: Any = next(one.choices for one in fakes_parser()._actions if isinstance(one.choices, dict))
    assert words[0] in choices, f"no command {words[0]!r}"
    return {name for one in choices[words[0]]._actions for name in one.option_strings}


def commands(text: str) -> list[list[str]]:
    """The commands of a text, as words: continued lines joined, comments and redirections left out."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|\|(?!\|)|;", line.strip().removeprefix("$ ")):
            try:
                found.append(shlex.split(part, comments=True))
            except ValueError:
                continue
    return [words for words in found if words]


IN_TEXT = [
    pytest.param(words, id=" ".join(words))
    for page in PAGES
    for code in re.findall(r"`((?:access|alicloud-delegation|alicloud-fakes) [^`]+)`", page.read_text("utf-8"))
    for words in commands(code)
]


@pytest.mark.parametrize("words", [*IN_TEXT, *(words for one in blocks("sh") for words in commands(one.text))])
def test_commands_and_their_options_exist(words: list[str]) -> None:
    name, *given = words
    if words[:3] == ["python", "-m", "alicloud_fakes"]:
        name, given = "alicloud-fakes", words[3:]
    if name not in {"access", "alicloud-delegation", "alicloud-fakes"} or not given or given[0].startswith("-"):
        return
    ours = given[: given.index("--")] if "--" in given else given
    options = {"access": access, "alicloud-delegation": delegation}.get(name)
    known = fakes_options(ours) if options is None else click_options(options, ours)
    used = {word.partition("=")[0] for word in ours if word.startswith("--")}
    assert used <= known, f"{name} {' '.join(ours)}"


def test_the_plugin_is_named_by_its_path() -> None:
    """For a bare name, the engine asks Pulumi's registry, which does not have the plugin."""
    pages = [*PAGES, *sorted((ROOT / "examples").glob("*/README.md"))]
    given = [
        (page.parent.name, rest)
        for page in pages
        for rest in re.findall(r"pulumi package (?:add|get-schema) ([^`\n]*)", page.read_text("utf-8"))
    ]
    assert {name for name, _ in given} >= {"docs", "go-project", "typescript-project"}
    assert [one for one in given if not one[1].startswith('"$(which pulumi-resource-alicloud-delegation)"')] == []

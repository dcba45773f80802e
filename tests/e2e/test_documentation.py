"""The commands of the documentation, as a reader types them, and its programs that need the engine.

Each page's blocks are run in their order by a shell, in a copy of the project that docs/start.md makes. `pulumi` stands
for `alicloud-fakes pulumi --`, so that what a page says about a real account is run on a fake one; tools/code_blocks.py
lists what else is replaced, and what is not run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
import yaml

from alicloud_fakes import Cloud
from alicloud_fakes.http.server import Server

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from code_blocks import STOOD_IN_FOR, to_run  # noqa: E402 - tools are no package: their folder is put on the path first

pytestmark = [pytest.mark.e2e, pytest.mark.life]

START = "docs/start.md"
PROJECT = "my-delegation"
PROLOGUE = """\
set -euo pipefail
serve_until_ready() {
  "$@" > served.log 2>&1 & served=$!
  until grep -q '^# ready' served.log; do kill -0 $served; sleep 0.1; done
  kill $served
}
"""
SERVE = re.compile(r"^((?:python -m alicloud_fakes|alicloud-fakes) serve .*)$", re.MULTILINE)
PORT = re.compile(r"--(port|console) \d+")
"""Ports of the documentation, which another program may use: any that is free instead."""
NARROW = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:StopInstance", "Resource": "*"}]}
WIDE = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}]}


OF_THIS_PYTHON = {"alicloud-fakes", "python"}
"""Commands that are themselves, run by the Python of the tests."""


def replacements(folder):
    """Commands that replace others for the shell, each with its script."""
    scripts = {
        "pulumi": f'exec {sys.executable} -m alicloud_fakes pulumi -- "$@"',
        "alicloud-fakes": f'exec {sys.executable} -m alicloud_fakes "$@"',
        "pip": f'echo "$@" >> {folder}/installed',
        "make": f'exec /usr/bin/make --dry-run --directory {ROOT} "$@"',
        "python": f'exec {sys.executable} "$@"',
    }
    project = f'{sys.executable} -m pulumi_alicloud_delegation "$@"'
    on_the_fake = f"recover|adopt) exec {sys.executable} -m alicloud_fakes run -- {project} ;;"
    scripts["alicloud-delegation"] = f'case "$1" in {on_the_fake} *) exec {project} ;; esac'
    return scripts


def stand_ins(folder):
    """Write the replacements. The engine that the fake starts does not see them."""
    folder.mkdir()
    for name, text in replacements(folder).items():
        (folder / name).write_text(f"#!/bin/sh\nPATH=${{PATH#*:}}; export PATH\n{text}\n", "utf-8")
        (folder / name).chmod(0o755)


@pytest.fixture(scope="module")
def shell(engine, no_way_out, tmp_path_factory):
    """Runs a block in a folder, and answers what it prints."""
    bin_folder = tmp_path_factory.mktemp("shell") / "bin"
    stand_ins(bin_folder)
    path = os.pathsep.join([str(bin_folder), sysconfig.get_path("scripts"), os.environ["PATH"]])

    def run(text, folder):
        text = PORT.sub(r"--\1 0", SERVE.sub(r"serve_until_ready \1", text))
        done = subprocess.run(
            ["/bin/bash", "-c", PROLOGUE + text],
            cwd=folder, env={**os.environ, **no_way_out, "PATH": path, "NO_COLOR": "1"},
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        return done.stdout

    run.bin_folder = bin_folder
    return run


@pytest.fixture(scope="module")
def started(shell, tmp_path_factory):
    """The project of docs/start.md as it is deployed, and what its first two blocks printed."""
    folder = tmp_path_factory.mktemp("start")
    first, second = to_run("sh", page=START)[:2]
    return folder / PROJECT, shell(first.text, folder), shell(second.text, folder / PROJECT)


@pytest.fixture
def project(started, tmp_path):
    """A copy of the deployed project, with the files that pages mention."""
    folder = tmp_path / PROJECT
    shutil.copytree(started[0], folder)
    state = (folder / "state.json").read_text("utf-8")
    for name in ("stack.json", "owner.json", "delegate.json"):
        (folder / name).write_text(state, "utf-8")
    for name, document in {"policy.json": NARROW, "new.json": NARROW, "baseline.json": WIDE}.items():
        (folder / name).write_text(json.dumps(document), "utf-8")
    accounts = {"accounts": [{"id": "11223344", "alias": "company-a"}, {"id": "12345678", "alias": "company-b"}]}
    (folder / "accounts.yaml").write_text(yaml.safe_dump(accounts), "utf-8")
    (folder / "accounts.json").write_text(json.dumps(accounts), "utf-8")
    return folder


def test_each_command_that_another_stands_in_for_is_listed(tmp_path):
    assert replacements(tmp_path).keys() - OF_THIS_PYTHON == STOOD_IN_FOR.keys()


def test_the_start_page_leads_to_a_preview_and_an_answer(started):
    _, previewed, deployed = started
    assert re.search(r"\d+ to create", previewed)
    assert "user AAA of company-b" in deployed
    assert "role ecs-admin of company-a" in deployed


def test_the_start_page_takes_the_grant_back_and_tests_the_program(shell, project):
    suspend, resume, tests = to_run("sh", page=START)[2:]
    for block, deny in ((suspend, True), (resume, False)):
        assert "updated" in shell(block.text, project)
        assert ("ecs-admin-suspended" in shell("pulumi stack export", project)) is deny
    assert " passed" in shell(tests.text, project)


PAGES = sorted({one.page for one in to_run("sh")} - {START})


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_do_something(page, shell, project):
    blocks = to_run("sh", page=page)
    if page == "docs/picture.md":
        shell("pulumi preview --json --show-sames > preview.json", project)
    with Server(Cloud.of({"11223344": "company-a"})) as server:
        for block in blocks:
            text = block.text.replace("127.0.0.1:8080", server.endpoint)
            if "make demo" in text or "python tools/" in text:
                shell(text, ROOT)
            elif "alicloud-delegation new" in text:
                (project.parent / "empty").mkdir()
                shell(text, project.parent / "empty")
            else:
                shell(text, project)


def test_the_documented_pip_command_installs_this_package(shell, started):
    installed = (shell.bin_folder / "installed").read_text("utf-8").splitlines()
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = (started[0] / "requirements.txt").read_text("utf-8").split()
    assert wanted.pop() == "pytest"
    for line in [*installed, *(f"install {one}" for one in wanted)]:
        verb, *options, what = line.split()
        if options:
            assert (verb, options, what) == ("install", ["-r"], "requirements.txt")
            continue
        name, _, extras = what.rstrip("]").partition("[")
        assert (verb, name) == ("install", known["name"])
        assert set(filter(None, extras.split(","))) <= set(known["optional-dependencies"])


PROGRAMS = [one for one in to_run("python") if "pulumi_program" not in one.text]


@pytest.mark.parametrize("block", PROGRAMS, ids=str)
def test_a_program_of_the_documentation_runs(block, shell, project):
    if "plan.json" in block.text:
        shell("pulumi preview --json --show-sames > plan.json", project)
    (project / "block.py").write_text(block.text, "utf-8")
    shell("PULUMI_CONFIG_PASSPHRASE=x python block.py", project)


@pytest.mark.parametrize("block", [one for one in to_run("yaml") if one.text.startswith("resources:")], ids=str)
def test_a_provider_for_the_fake_is_one_that_works(block, shell, tmp_path):
    cloud = Cloud.of({"11223344": "company-a"})
    key = cloud.account("company-a").root_key
    with Server(cloud) as server:
        program = yaml.safe_load(block.text.replace("127.0.0.1:8765", server.endpoint))
        provider = {"provider": "${owner}"}
        program["resources"]["user"] = {"type": "alicloud:ram:User", "properties": {"name": "AAA"}, "options": provider}
        config = {"ownerAccessKey": {"type": "string"}, "ownerSecretKey": {"type": "string", "secret": True}}
        content = {"name": "sample", "runtime": "yaml", "config": config, **program}
        (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
        shell(
            f"pulumi config set ownerAccessKey {key.id}\npulumi config set --secret ownerSecretKey {key.secret}\n"
            "pulumi up --yes --skip-preview",
            tmp_path,
        )
        assert cloud.account("company-a").ram.users.get("AAA") is not None

"""Tests of the installed package: wheel and sdist, in a fresh environment, without access to this clone."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONSTRAINTS = ROOT / "constraints.txt"
EXAMPLES = sorted(page.parent.name for page in (ROOT / "examples").glob("*/requirements.txt"))


def run(arguments, folder, environment=None, *, succeeds=True):
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is succeeds, done.stdout + done.stderr
    return done.stdout if succeeds else done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the wheel and the sdist, the wheel built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    [found] = built.glob("*.whl")
    return found


class Environment:
    """A virtual environment as a user has it, and a shell with nothing else on its path."""

    def __init__(self, folder, requirement=None):
        venv.create(folder, with_pip=True)
        self.bin = folder / "bin"
        kept = ("HOME", "LANG", "GOPATH", "GOCACHE", "XDG_CACHE_HOME", "SSL_CERT_FILE")
        cloud = {name: value for name, value in os.environ.items() if name in kept or name.startswith("PIP_")}
        self.variables = {**cloud, "PATH": os.pathsep.join([str(self.bin), *self._programs()])}
        if requirement is not None:
            self(folder.parent, "python", "-m", "pip", "install", "-q", "--constraint", CONSTRAINTS, requirement)

    @staticmethod
    def _programs():
        mine = Path(sys.executable).parent
        return [entry for entry in os.environ["PATH"].split(os.pathsep) if Path(entry) != mine and ".venv" not in entry]

    def __call__(self, folder, program, *arguments, succeeds=True):
        return run([self.bin / program, *arguments], folder, self.variables, succeeds=succeeds)


@pytest.fixture(scope="module")
def plain(wheel, tmp_path_factory):
    """Installed without extras."""
    return Environment(tmp_path_factory.mktemp("plain") / "env", str(wheel))


@pytest.fixture(scope="module")
def with_fakes(wheel, tmp_path_factory):
    """Installed with the fake, as the first page of the documentation says."""
    return Environment(tmp_path_factory.mktemp("fakes") / "env", f"{wheel}[fakes]")


def test_the_wheel_carries_what_a_stranger_needs(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "pulumi_alicloud_delegation/py.typed",
        "ram_policies/py.typed",
        "ram_guardrails_pack/py.typed",
        "access_cli/py.typed",
        "alicloud_fakes/py.typed",
        "ram_policies/catalogue/actions.json",
        "pulumi_alicloud_delegation/templates/both/Pulumi.yaml",
        "pulumi_alicloud_delegation/templates/owner/Pulumi.fake.yaml",
        "alicloud_fakes/provider/engine_tools/engine.py",
        "alicloud_fakes/provider/engine_tools/go.mod",
    ):
        assert part in names, part
    assert not [name for name in names if name.startswith(("tests/", "bench/", "docs/")) or "__pycache__" in name]


def test_the_sdist_holds_the_source_and_no_environment(built):
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert "pyproject.toml" in names
    assert not [name for name in names if name.startswith((".venv", ".git/", "site/"))]


def test_without_extras_the_components_are_there(plain, tmp_path):
    program = (
        "import pulumi_alicloud_delegation as d; print(d.CrossAccountDelegation.__name__, d.DelegatedRole.__name__)"
    )
    assert plain(tmp_path, "python", "-c", program).split() == ["CrossAccountDelegation", "DelegatedRole"]
    assert "who-can" in plain(tmp_path, "access", "--help")


def test_without_extras_nothing_of_the_fake_is_installed(plain, tmp_path):
    listed = plain(tmp_path, "python", "-m", "pip", "list", "--format", "freeze").lower()
    assert not [
        name
        for name in ("responses", "uvicorn", "cryptography", "pyotp", "trustme", "signxml", "moto", "starlette")
        if f"\n{name}==" in listed
    ]


@pytest.mark.parametrize("command", [("alicloud-fakes", "serve"), ("alicloud-fakes", "pulumi", "--", "preview")])
def test_a_missing_extra_is_named_with_the_command_that_adds_it(plain, tmp_path, command):
    shown = plain(tmp_path, *command, succeeds=False)
    assert "pip install 'pulumi-alicloud-delegation[fakes]'" in shown
    assert len(shown.strip().splitlines()) == 1


def test_a_policy_pack_without_its_extra_says_so(plain, tmp_path):
    shown = plain(tmp_path, "pulumi-analyzer-alicloud-ram-guardrails", succeeds=False)
    assert "pip install 'pulumi-alicloud-delegation[guardrails]'" in shown
    assert len(shown.strip().splitlines()) == 1


def test_an_empty_folder_becomes_a_preview_in_two_commands(with_fakes, tmp_path):
    with_fakes(tmp_path, "alicloud-delegation", "new", "my-delegation")
    project = tmp_path / "my-delegation"
    shown = with_fakes(project, "alicloud-fakes", "pulumi", "--", "preview")
    assert "to create" in shown
    assert "ecs-admin" in shown


def test_the_installed_package_deploys_from_another_project(with_fakes, tmp_path):
    with_fakes(tmp_path, "alicloud-delegation", "new", "another", "--template", "owner")
    project = tmp_path / "another"
    assert "created" in with_fakes(project, "alicloud-fakes", "pulumi", "--", "up", "--yes", "--skip-preview")
    with_fakes(project, "alicloud-fakes", "pulumi", "--", "stack", "export", "--file", "state.json")
    asked = ("who-can", "ecs:StopInstance", "acs:ecs:*:11223344:instance/*", "--state", "state.json")
    assert "role ecs-admin" in with_fakes(project, "access", *asked)
    assert "deleted" in with_fakes(project, "alicloud-fakes", "pulumi", "--", "destroy", "--yes", "--skip-preview")


@pytest.fixture(scope="module")
def empty(built, tmp_path_factory):
    """An environment without packages, whose pip finds the wheel where it would find a release."""
    environment = Environment(tmp_path_factory.mktemp("reader") / "env")
    links = [str(built), *os.environ.get("PIP_FIND_LINKS", "").split()]
    environment.variables |= {"PIP_FIND_LINKS": " ".join(links), "PIP_CONSTRAINT": str(CONSTRAINTS), "PIP_QUIET": "1"}
    return environment


@pytest.fixture
def reader(empty, tmp_path):
    """Runs the commands of a page, word for word. What pages before it installed beside the package is taken away."""
    others = ("pytest", "pulumi-policy", "alibabacloud-ecs20140526")
    empty(tmp_path, "python", "-m", "pip", "uninstall", "-y", *others)

    def run_block(text, folder):
        return run(["/bin/bash", "-euo", "pipefail", "-c", text], folder, empty.variables)

    return run_block


def blocks_of(page):
    return re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_start_page_is_followed_word_for_word(reader, tmp_path):
    *on_the_fake, on_real_accounts = blocks_of(ROOT / "docs" / "start.md")
    assert "stack init prod" in on_real_accounts
    first, second, *rest = on_the_fake
    assert "to create" in reader(first, tmp_path)
    project = tmp_path / "my-delegation"
    assert "user AAA of company-b" in reader(second, project)
    suspend, resume, test = rest
    assert "updated" in reader(suspend, project)
    assert "updated" in reader(resume, project)
    assert "2 passed" in reader(test, project)
    assert "deleted" in reader("alicloud-fakes pulumi -- destroy --yes", project)


def test_a_strict_type_check_of_examples_and_templates_is_clean_for_a_stranger(reader, empty, tmp_path):
    copied = shutil.ignore_patterns("__pycache__")
    for folder in (*(ROOT / "examples" / name for name in EXAMPLES), *(ROOT / "templates").iterdir()):
        shutil.copytree(folder, tmp_path / folder.name, ignore=copied)
        reader(f"pip install -r {folder.name}/requirements.txt", tmp_path)
    roots = sorted(entry.name for entry in tmp_path.iterdir())
    settings = {"typeCheckingMode": "strict", "executionEnvironments": [{"root": root} for root in roots]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    run([Path(sys.executable).with_name("pyright"), "--pythonpath", empty.bin / "python"], tmp_path, empty.variables)


def test_the_schema_is_read_as_the_page_on_languages_says(reader, tmp_path):
    reader("pip install 'pulumi-alicloud-delegation[fakes]'\nalicloud-delegation new it", tmp_path)
    (block,) = blocks_of(ROOT / "docs" / "languages.md")
    assert block.startswith("pulumi package get-schema ")
    reader(f"alicloud-fakes pulumi -- {block.removeprefix('pulumi ')}", tmp_path / "it")
    schema = json.loads((tmp_path / "it" / "schema.json").read_text("utf-8"))
    outputs = [one for resource in schema["resources"].values() for one in resource["properties"].values()]
    assert outputs
    assert not [one for one in outputs if "secret" in one]


@pytest.mark.parametrize("template", ["both", "delegate", "owner", "tests-only"])
def test_the_readme_of_a_new_project_is_followed_word_for_word(reader, tmp_path, template):
    reader(f"alicloud-delegation new it --template {template}", tmp_path)
    blocks = [one for one in blocks_of(tmp_path / "it" / "README.md") if "stack init prod" not in one]
    assert blocks
    shown = [reader(block, tmp_path / "it") for block in blocks]
    assert "passed" in shown[0]
    assert "to create" in shown[0]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_readme_of_an_example_is_followed_word_for_word(reader, tmp_path, name):
    folder = tmp_path / name
    shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (block,) = blocks_of(folder / "README.md")
    assert "pip install -r requirements.txt" in block
    assert "passed" in reader(block.replace("pulumi preview --policy-pack .", ""), folder)

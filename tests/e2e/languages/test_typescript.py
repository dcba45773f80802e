"""TypeScript: the generated SDK compiles, and examples/typescript-project deploys with it on the fake cloud."""

import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
pytestmark = pytest.mark.e2e
NPM = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"]


@pytest.fixture(scope="module")
def project(sdks, needs, tmp_path_factory, run) -> Path:
    """The example with its dependencies, and the SDK where an import finds it."""
    needs("npm")
    folder = tmp_path_factory.mktemp("typescript") / "project"
    shutil.copytree(ROOT / "examples" / "typescript-project", folder)
    run(NPM, folder)
    sdk = folder / "node_modules" / "pulumi-alicloud-delegation"
    shutil.copytree(sdks / "nodejs", sdk)
    run([folder / "node_modules" / ".bin" / "tsc", "--outDir", "."], sdk)
    return folder


def test_the_example_compiles_under_strict_rules(project, run):
    run([project / "node_modules" / ".bin" / "tsc"], project)
    assert (project / "bin" / "index.js").exists()


def test_a_value_that_is_not_in_an_enumeration_does_not_compile(project, tmp_path, run):
    wrong = (project / "index.ts").read_text("utf-8").replace("delegation.OperatorKind.Application", '"robot"')
    (project / "wrong.ts").write_text(wrong, "utf-8")
    options = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2020",
        "--module",
        "commonjs",
        "--types",
        "node",
    ]
    shown = run([project / "node_modules" / ".bin" / "tsc", *options, "wrong.ts"], project, succeeds=False)
    assert "robot" in shown
    assert "OperatorKind" in shown


def test_the_example_deploys(project, deploy, check_deployment, run):
    run([project / "node_modules" / ".bin" / "tsc"], project)
    shutil.copy(HERE / "driver.js", project)
    check_deployment(deploy(["node", "driver.js"], project))

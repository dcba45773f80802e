"""Java: the generated SDK compiles, and a program with it; one that names what the schema does not have does not."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "java"
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def classpath(needs, tmp_path_factory):
    """The jars of the Pulumi SDK for Java, as Maven finds them."""
    needs("mvn")
    needs("javac")
    found = tmp_path_factory.mktemp("maven") / "classpath"
    command = ["mvn", "-q", "-B", "-f", HERE / "pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={found}"]
    done = subprocess.run(command, cwd=found.parent, capture_output=True, text=True, check=False)
    if "Could not transfer artifact" in done.stdout:
        pytest.skip("Maven reaches no repository that has com.pulumi:pulumi, so the SDK cannot be compiled here")
    assert done.returncode == 0, done.stdout
    return found.read_text("utf-8").strip()


@pytest.fixture(scope="module")
def compiled(more_sdks, classpath, tmp_path_factory, run):
    """The folder with the classes of the generated SDK."""
    folder = tmp_path_factory.mktemp("classes")
    sources = sorted((more_sdks / "java").rglob("*.java"))
    run(["javac", "-nowarn", "-d", folder, "-cp", classpath, *sources], folder)
    return folder


@pytest.fixture
def compile_program(compiled, classpath, tmp_path, run):
    """Compiles a program with the SDK; answers what the compiler says."""

    def check(text, *, succeeds=True):
        (tmp_path / "App.java").write_text(text, "utf-8")
        path = os.pathsep.join([str(compiled), classpath])
        return run(["javac", "-d", tmp_path, "-cp", path, tmp_path / "App.java"], tmp_path, succeeds=succeeds)

    return check


def test_every_component_has_a_class(compiled):
    names = {file.stem for file in compiled.rglob("*.class")}
    assert {"CrossAccountDelegation", "DelegatedRole", "OperatorTeam", "Acceptance"} <= names


def test_a_program_compiles(compile_program, tmp_path):
    compile_program((HERE / "App.java").read_text("utf-8"))
    assert (tmp_path / "App.class").exists()


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("OperatorKind.Application", "OperatorKind.Robot", "Robot"),
        ("OperatorKind.Application", '"application"', "String cannot be converted to OperatorKind"),
        (".maxSessionDuration(7200)", '.maxSessionDuration("2h")', "String cannot be converted to Integer"),
        ("contract.roleArns()", "contract.roleNames()", "roleNames"),
    ],
)
def test_a_program_with_a_mistake_does_not_compile(compile_program, right, wrong, says):
    text = (HERE / "App.java").read_text("utf-8")
    assert right in text
    assert says in compile_program(text.replace(right, wrong), succeeds=False)

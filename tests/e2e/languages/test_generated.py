"""C# and Java: the SDKs are generated, complete, and well-formed as far as a parser alone can say."""

import json
import re
import subprocess

import pytest

pytestmark = pytest.mark.e2e
DOTNET = "AlicloudDelegation"
JAVA = "src/main/java/io/github/alicloud_delegation/aliclouddelegation"
# javac reads a file before it looks for what it imports: its parser alone, through the compiler's own interface.
PARSER = """
import javax.tools.*;
import com.sun.source.util.JavacTask;
import java.nio.file.*;
import java.util.*;

class Parse {
    public static void main(String[] files) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        StandardJavaFileManager manager = compiler.getStandardFileManager(found, null, null);
        Iterable<? extends JavaFileObject> units = manager.getJavaFileObjects(files);
        int parsed = 0;
        for (Object unit : ((JavacTask) compiler.getTask(null, manager, found, null, null, units)).parse()) parsed++;
        for (Diagnostic<?> one : found.getDiagnostics()) System.err.println(one);
        System.out.println(parsed);
        System.exit(found.getDiagnostics().isEmpty() ? 0 : 1);
    }
}
"""


@pytest.fixture(scope="module")
def schema(sdks):
    return json.loads((sdks / "schema.json").read_text("utf-8"))


def names(schema, section):
    return {token.rpartition(":")[2] for token in schema[section]}


def kinds(schema):
    """Names of enumerations, and of the types of inputs and outputs."""

    def reached(node):
        for token in re.findall(r"#/types/([^\"]+)", json.dumps(node)):
            if token not in found:
                found.add(token)
                reached(schema["types"][token])

    sides = []
    for group in ("inputProperties", "properties"):
        found = set()
        for resource in schema["resources"].values():
            reached(resource.get(group, {}))
        sides.append({token.rpartition(":")[2] for token in found if "enum" not in schema["types"][token]})
    enumerations = {token.rpartition(":")[2] for token, one in schema["types"].items() if "enum" in one}
    return enumerations, *sides


def stems(folder, ending):
    return {path.stem for path in folder.glob(f"*{ending}")}


def test_every_component_and_type_has_a_class_in_csharp(more_sdks, schema):
    folder = more_sdks / "dotnet" / DOTNET
    enumerations, inputs, outputs = kinds(schema)
    assert stems(folder, ".cs") >= names(schema, "resources")
    assert stems(folder / "Inputs", ".cs") == {f"{name}Args" for name in inputs}
    assert stems(folder / "Outputs", ".cs") == outputs
    text = (folder / "Enums.cs").read_text("utf-8")
    assert set(re.findall(r"public readonly struct (\w+)", text)) == enumerations


def test_every_component_and_type_has_a_class_in_java(more_sdks, schema):
    folder = more_sdks / "java" / JAVA
    enumerations, inputs, outputs = kinds(schema)
    assert stems(folder, ".java") >= names(schema, "resources") | {f"{name}Args" for name in names(schema, "resources")}
    assert stems(folder / "inputs", ".java") == {f"{name}Args" for name in inputs}
    assert stems(folder / "outputs", ".java") == outputs
    assert stems(folder / "enums", ".java") == enumerations


@pytest.mark.parametrize(("language", "ending"), [("dotnet", "*.cs"), ("java", "*.java")])
def test_no_class_is_named_twice_over_and_nothing_is_an_object_of_any_kind(more_sdks, language, ending):
    texts = {path: path.read_text("utf-8") for path in (more_sdks / language).rglob(ending)}
    assert [path.name for path in texts if path.stem.endswith("ArgsArgs")] == []
    untyped = re.compile(r"(?:Output|Input)<\W*(?:ImmutableDictionary<string, |Map<String,)?(?:object|Object)>")
    assert [path.name for path, text in texts.items() if untyped.search(text)] == []


def test_java_reads_every_file(more_sdks, needs, tmp_path, run):
    needs("javac")
    program = tmp_path / "Parse.java"
    program.write_text(PARSER, "utf-8")
    files = [str(path) for path in (more_sdks / "java").rglob("*.java")]
    assert int(run(["java", str(program), *files], tmp_path)) == len(files)
    broken = tmp_path / "Broken.java"
    broken.write_text("class Broken { int }", "utf-8")
    assert "error" in run(["java", str(program), str(broken)], tmp_path, succeeds=False)


def test_the_csharp_project_names_the_package_and_its_version(more_sdks, schema):
    (project,) = (more_sdks / "dotnet").glob("*.csproj")
    assert project.stem == "AlicloudDelegation.Pulumi.AlicloudDelegation"
    assert f"<Version>{schema['version']}</Version>" in project.read_text("utf-8")


def test_csharp_compiles(more_sdks, needs, tmp_path):
    needs("dotnet")
    done = subprocess.run(
        ["dotnet", "build", "--nologo"], cwd=more_sdks / "dotnet", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout

"""Imports between packages, and what `ram_policies` may not touch. The contracts are in pyproject.toml."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
QUESTION = re.compile(r"\s*(?:What|Who|Whom|Whose|Whether|How|Which|When|Where|Why)\b")
EXEMPTION = re.compile(r"#\s*(?:noqa\b(?::\s*[A-Z0-9, ]+)?|(?:type|pyright): ignore(?:\[[^\]]*\])?)\s*(?P<reason>.*)$")
FOLDERS = ("components", "policies", "fakes", "tools", "tests", "bench", "examples", "templates")
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "time_ns"}


def clocks(source: str) -> Iterator[int]:
    """Lines that read the clock: ``datetime.now()``, ``date.today()``, ``time.time()``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            owner = ast.unparse(node.func.value).rpartition(".")[2]
            if owner in {"datetime", "date", "time", "dt"}:
                yield node.lineno
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            if "time" in modules:
                yield node.lineno


def questions(source: str) -> Iterator[int]:
    """Lines of docstrings, those of attributes included, that begin like a question."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))) if QUESTION.match(text):
                yield node.lineno
            case _:
                pass


def test_packages_import_in_one_direction(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize(
    "source",
    ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "import time", "from time import time"],
)
def test_reading_the_clock_is_found(source: str) -> None:
    assert list(clocks(source))


def test_ram_policies_reads_no_clock() -> None:
    files = list((ROOT / "policies" / "ram_policies").rglob("*.py"))
    assert files
    found = [f"{file}:{line}" for file in files for line in clocks(file.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        '"""What it is."""',
        'class A:\n    """Who calls."""',
        'def f():\n    """\n    Whether it holds."""',
        'limit = 1\n"""How many there may be."""',
    ],
)
def test_docstrings_that_begin_like_a_question_are_found(source: str) -> None:
    assert list(questions(source))


@pytest.mark.parametrize("source", ['"""Whatever is given."""', 'text = "What"', '"""The reason. Why it is kept."""'])
def test_other_texts_are_no_questions(source: str) -> None:
    assert not list(questions(source))


@pytest.mark.parametrize("package", FOLDERS)
def test_docstrings_begin_with_a_noun_or_a_verb(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    assert files
    found = [f"{file}:{line}" for file in files for line in questions(file.read_text("utf-8"))]
    assert found == []


def without_reason(source: str) -> Iterator[int]:
    """Lines that disable a check without a reason."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            found = EXEMPTION.match(token.string)
            if found and not re.match(r"[-#] *\S", found["reason"]):
                yield token.start[0]


@pytest.mark.parametrize(
    "line", ["x = 1  # noqa", "x = 1  # noqa: E501", "x = 1  # type: ignore[index]", "x = 1  # noqa: E501 -"]
)
def test_an_exemption_without_a_reason_is_found(line: str) -> None:
    assert list(without_reason(line)) == [1]


@pytest.mark.parametrize(
    "line", ["x = 1  # noqa: S105  # a mark", "x = 1  # noqa: ANN401, E501 - any value", "x = '# noqa'"]
)
def test_an_exemption_with_a_reason_is_fine(line: str) -> None:
    assert not list(without_reason(line))


@pytest.mark.parametrize("package", FOLDERS)
def test_each_exemption_from_a_check_has_its_reason_beside_it(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    found = [f"{file}:{line}" for file in files for line in without_reason(file.read_text("utf-8"))]
    assert found == []


RAM_NOUNS = {"Account", "Group", "Policy", "Role", "User"}
"""Names of RAM itself: the access model and the fake's state each have a class for the same thing."""


def test_a_class_name_is_defined_in_one_place_alone() -> None:
    """Requests of the fake's services are left out: they are named after the actions of Alibaba Cloud."""
    homes: dict[str, list[str]] = {}
    for file in (file for package in ("components", "policies", "fakes") for file in (ROOT / package).rglob("*.py")):
        if "services" not in file.parts:
            for node in ast.parse(file.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes.setdefault(node.name, []).append(str(file.relative_to(ROOT)))
    assert len(homes) > 100
    assert {name: found for name, found in homes.items() if len(found) > 1 and name not in RAM_NOUNS} == {}


RIDDLE = re.compile(r"test_(?:(?:what|who|whom|whose|whether|why|how|it|its|they|them|otherwise)_|.*_too$)")
COMMANDS = ("test_who_can", "test_what_can", "test_who_am_i")
"""Questions that the command line and STS answer: their names are names."""


def test_the_name_of_a_test_states_its_rule() -> None:
    names = [
        name
        for package in ("tests", "examples", "templates")
        for file in (ROOT / package).rglob("*.py")
        for name in re.findall(r"^\s*(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(names) > 1000
    assert [name for name in names if RIDDLE.match(name) and not name.startswith(COMMANDS)] == []


NEED_THE_CODE_AROUND_THEM = {
    "ABROAD", "Crew", "Reach", "Terms", "either", "lets_in", "look", "said", "says", "told", "words",
}  # fmt: skip


def defined_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names that a module gives to classes, functions, parameters, variables and attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case _:
                pass


@pytest.mark.parametrize("source", ["told = 1", "def f(says): ...", "class Crew: ...", "self._said = 2"])
def test_a_name_that_needs_the_code_around_it_is_found(source: str) -> None:
    assert [name for _, name in defined_names(ast.parse(source)) if name.lstrip("_") in NEED_THE_CODE_AROUND_THEM]


@pytest.mark.parametrize("package", ["components", "policies", "fakes", "tools", "bench", "examples", "templates"])
def test_names_can_be_read_without_the_code_around_them(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    assert files
    found = [
        f"{file}:{line}: {name}"
        for file in files
        for line, name in defined_names(ast.parse(file.read_text("utf-8")))
        if name.lstrip("_") in NEED_THE_CODE_AROUND_THEM
    ]
    assert found == []


OURS = ("ram_policies", "ram_guardrails_pack", "access_cli", "alicloud_fakes", "pulumi_alicloud_delegation")
Imports = dict[str, set[str]]
"""Modules by name, and the modules that each imports."""


def imported(tree: ast.AST, modules: frozenset[str]) -> set[str]:
    """The modules of the product that a piece of code imports, those inside of its functions included."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & modules


def in_functions_and_beside(sources: dict[str, str]) -> tuple[Imports, Imports]:
    """For each module, the imports inside of functions and all others; those for types alone do not count."""
    inside: Imports = {}
    beside: Imports = {}
    for name, source in sources.items():
        tree = ast.parse(source)
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        inside[name] = set().union(*(imported(one, frozenset(sources)) for one in functions))
        top = [
            node for node in tree.body if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        ]
        statements = [
            node for node in top if isinstance(node, ast.Import | ast.ImportFrom | ast.If | ast.Try | ast.With)
        ]
        beside[name] = set().union(*(imported(one, frozenset(sources)) for one in statements))
    return inside, beside


def circles(sources: dict[str, str]) -> list[tuple[str, str]]:
    """Imports inside of functions that would close a circle at the top of their module."""
    inside, beside = in_functions_and_beside(sources)

    def leads_to(start: str, end: str) -> bool:
        seen, waiting = {start}, [start]
        while waiting:
            for following in (beside[(at := waiting.pop())] | inside[at]) - seen:
                seen.add(following)
                waiting.append(following)
        return end in seen

    return [(name, target) for name, targets in inside.items() for target in sorted(targets) if leads_to(target, name)]


def test_an_import_in_a_function_that_closes_a_circle_is_found() -> None:
    hidden = "def f():\n    from b import x"
    assert circles({"a": hidden, "b": "import c", "c": "import a"}) == [("a", "b")]
    assert circles({"a": hidden, "b": "import c", "c": "def g():\n    import a"}) == [("a", "b"), ("c", "a")]
    assert circles({"a": hidden, "b": "import c", "c": ""}) == []


def test_imports_in_functions_close_no_circle() -> None:
    sources = {
        ".".join(file.relative_to(ROOT / package).with_suffix("").parts).removesuffix(".__init__"): file.read_text(
            "utf-8"
        )
        for package in ("components", "policies", "fakes")
        for file in (ROOT / package).rglob("*.py")
        if file.relative_to(ROOT / package).parts[0] in OURS
    }
    inside, _ = in_functions_and_beside(sources)
    assert any(inside.values())
    assert circles(sources) == []

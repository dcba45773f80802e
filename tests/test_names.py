"""Names in the house: one name is one thing, so that a search finds one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("components", "policies", "fakes")

MODULES = {
    "__main__": "Python's own name",
    "errors": "the errors of a package, or those that a service of Alibaba Cloud answers with",
    "models": "the state of an account, one module for identities and one for each service",
    "pytest_plugin": "pytest's own name",
    "testing": "the public helpers of a package for tests of its users",
}
"""Names that several modules have by convention, with the reason. Beside these, services have one name for one thing
that several products of Alibaba Cloud show: users, keys, roles."""

FUNCTIONS = {
    "add_to": "each module of commands adds its own to a command line",
    "main": "the end of a command line",
    "routes": "each module of pages has its paths",
}
"""Names that several functions have by convention, with the reason."""

NOUNS_OF_RAM = "ram_guardrails_pack/testing.py"
"""Resources for a user's tests, named as RAM names them: role, user, group, policy, login."""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """The modules of the product, below their folder, with their syntax trees."""
    for file in (file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        yield file.relative_to(ROOT), ast.parse(file.read_text("utf-8"))


def shared(homes: dict[str, list[Path]], conventional: dict[str, str]) -> dict[str, list[str]]:
    """The names with several homes, but for conventional ones and those that services alone share."""
    return {
        name: [file.as_posix() for file in files]
        for name, files in homes.items()
        if len(files) > 1 and name not in conventional and not all("services" in file.parts for file in files)
    }


def test_a_module_name_is_that_of_one_module() -> None:
    homes: dict[str, list[Path]] = {}
    for file, _ in sources():
        name = file.parent.name if file.stem == "__init__" else file.stem
        homes.setdefault(name, []).append(file)
    assert len(homes) > 200
    assert shared(homes, MODULES) == {}
    assert [name for name in MODULES if len(homes[name]) < 2] == []


def commands_of(tree: ast.Module) -> set[str]:
    """The functions that are commands of a command line: `app.command("diff")(command(diff))`."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Call))
    registered = (
        call for call in calls if ast.unparse(call.func).partition("(")[0].endswith((".command", ".callback"))
    )
    return {name.id for call in registered for name in ast.walk(call) if isinstance(name, ast.Name)}


def is_named_by_others(function: ast.FunctionDef | ast.AsyncFunctionDef, file: Path) -> bool:
    """True for an action of Alibaba Cloud, a rule by its ID, a command, and a page by its path."""
    decorators = [ast.unparse(one) for one in function.decorator_list]
    if any(
        ".action(" in one or ".command(" in one or ".callback(" in one or one.startswith("rule(") for one in decorators
    ):
        return True
    first = function.args.args[:1]
    return "web" in file.parts and bool(first) and ast.unparse(first[0].annotation or ast.Constant("")) == "Page"


def test_a_public_function_name_is_that_of_one_function() -> None:
    homes: dict[str, list[Path]] = {}
    for file, tree in sources():
        commands = commands_of(tree)
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            if node.name in commands or is_named_by_others(node, file) or file.as_posix().endswith(NOUNS_OF_RAM):
                continue
            homes.setdefault(node.name, []).append(file)
    assert len(homes) > 800
    assert shared(homes, FUNCTIONS) == {}
    assert [name for name in FUNCTIONS if len(homes[name]) < 2] == []

"""The page about errors, written from their table; every message has a code of it, and codes do not change."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from pulumi_alicloud_delegation.key_spelling import respelled
from pulumi_alicloud_delegation.mendable import as_run_error
from ram_policies import InvalidDocumentError, InvalidInputError, read_document
from ram_policies.error_kinds import ErrorCode, error_kinds
from ram_policies.findings import Code
from ram_policies.guardrails.rulebook import RULES

ROOT = Path(__file__).parents[2]
PUBLISHED = Path(__file__).parent / "codes.txt"
SOURCES = [file for folder in ("components", "policies", "fakes") for file in sorted((ROOT / folder).rglob("*.py"))]
WRITTEN_OUT = {"python-too-old": "fakes/alicloud_fakes/requirements.py", "no-engine": "tools/engine.py"}
"""Codes in files that cannot import the table."""
PASSED_ON = {"error.code", "code"}
"""An error that is made from another one keeps its code."""


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("errors_docs", ROOT / "tools" / "errors_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def calls(name: str) -> list[tuple[str, ast.Call]]:
    """Every call of a name in our packages, with where it is."""
    return [
        (f"{file.relative_to(ROOT)}:{node.lineno}", node)
        for file in SOURCES
        if name in (text := file.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name
    ]


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def codes_at_raise_sites() -> dict[str, str | None]:
    """The code at each place where an error is made; None where there is none."""
    given: list[tuple[str, ast.expr | None]] = [
        (where, keyword(call, "code")) for name in ("InvalidInputError", "InputError") for where, call in calls(name)
    ]
    given += [(where, call.args[1]) for where, call in calls("with_code")]
    return {
        where: None if code is None else code.value if isinstance(code, ast.Constant) else ast.unparse(code)
        for where, code in given
    }


def test_the_page_is_current(script: ModuleType) -> None:
    assert script.main(["--check"]) == 0


def test_a_stale_page_is_noticed_and_written(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "PAGE", tmp_path / "errors.md")
    assert script.main(["--check"]) == 1
    assert "run tools/errors_docs.py" in capsys.readouterr().err
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0


def test_the_table_and_the_type_have_the_same_codes() -> None:
    assert list(error_kinds()) == sorted(get_args(ErrorCode))


def test_every_code_has_a_heading_that_is_its_anchor() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / "errors.md").read_text("utf-8"), re.MULTILINE)
    assert headings == list(error_kinds())
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in headings)


def test_every_error_is_made_with_a_code_of_the_table() -> None:
    sites = codes_at_raise_sites()
    assert len(sites) > 250
    assert {where: code for where, code in sites.items() if code not in {*error_kinds(), *PASSED_ON}} == {}


def test_every_code_of_the_table_is_used() -> None:
    assert set(error_kinds()) - {*codes_at_raise_sites().values(), *WRITTEN_OUT} == {"invalid-document"}
    with pytest.raises(InvalidDocumentError, match=r"\[invalid-document\]$"):
        read_document("{", "identity")
    for code, file in WRITTEN_OUT.items():
        assert f"[{code}]" in (ROOT / file).read_text("utf-8")


def template(part: ast.expr) -> str:
    """A pattern that matches every text an expression can produce."""
    if isinstance(part, ast.Constant):
        return re.escape(loosely(str(part.value)))
    if isinstance(part, ast.JoinedStr):
        return "".join(template(one) for one in part.values)
    return ".*"


def loosely(text: str) -> str:
    """A text in which `as_in_python` and `asInStackFiles` are spelled alike."""
    return text.replace("_", "").lower()


def test_every_example_is_a_message_that_is_printed() -> None:
    for kind in error_kinds().values():
        sites = [
            call.args
            for _, call in calls("InvalidInputError")
            if (code := keyword(call, "code")) is not None and ast.unparse(code) == repr(kind.code)
        ]
        patterns = [
            f".+: .* ?{template(problem)}\\. fix: {template(fix)}\\."
            for _, _, problem, fix in (args for args in sites if len(args) == 4)
        ]
        if not patterns or any(isinstance(one, ast.Starred) for args in sites for one in args):
            assert kind.example
            continue
        assert any(re.fullmatch(one, loosely(kind.example), re.DOTALL) for one in patterns), kind.code


def test_published_codes_stay() -> None:
    """A new code is added to the file; one that is in it is renamed or removed with a major version alone."""
    now = {
        *(f"error {code}" for code in error_kinds()),
        *(f"finding {code.anchor}" for code in Code),
        *(f"guardrail {rule.name}" for rule in RULES),
    }
    assert sorted(now) == PUBLISHED.read_text("utf-8").splitlines()


def test_an_error_keeps_its_code_on_its_way_to_pulumi() -> None:
    error = InvalidInputError("roles[0].max_session", 7, "is too short", "write 'not_before'", code="out-of-range")
    for other in (respelled(error), as_run_error(error), as_run_error(respelled(error))):
        assert other.code == "out-of-range"
        assert str(other).endswith(". [out-of-range]")
        assert "\n" not in str(other)

"""The page of the architecture: the modules it names exist, and it names each room."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PACKAGES = [
    ROOT / "policies/ram_policies",
    ROOT / "policies/ram_guardrails_pack",
    ROOT / "policies/access_cli",
    ROOT / "fakes/alicloud_fakes",
    ROOT / "components/pulumi_alicloud_delegation",
]
NOT_OURS = {"Pulumi.dev.yaml", "ram.RolePolicyAttachment"}


def names_of(package: Path) -> set[str]:
    """The modules of a package and what each defines, from the package and from within it: ``plan.role``."""
    found: set[str] = set()
    for file in package.rglob("*"):
        module = ".".join(file.relative_to(package).with_suffix("").parts)
        found.add(module)
        if file.suffix == ".py":
            found |= {f"{module}.{node.name}" for node in ast.parse(file.read_text("utf-8")).body if named(node)}
    return found | {f"{package.name}.{name}" for name in found} | {package.name}


def named(node: Any) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


NAMES = set().union(*(names_of(package) for package in PACKAGES))
DOTTED = sorted(set(re.findall(r"`([a-z_]+(?:\.[A-Za-z_0-9]+)+)`", PAGE)) - NOT_OURS)
PATHS = sorted(set(re.findall(r"`([a-z_]+(?:/[a-z_0-9.]+)+)`", PAGE)))


def test_names_are_found_on_the_page() -> None:
    assert len(DOTTED) > 10
    assert len(PATHS) >= 3


@pytest.mark.parametrize("name", DOTTED)
def test_a_module_named_on_the_page_exists(name: str) -> None:
    assert name in NAMES


@pytest.mark.parametrize("path", PATHS)
def test_a_path_named_on_the_page_exists(path: str) -> None:
    assert any((folder / path).exists() for folder in (ROOT, *PACKAGES))


@pytest.mark.parametrize("package", ["ram_policies", "alicloud_fakes"])
def test_the_page_names_each_room(package: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one.get("containers") == [package])
    home = next(folder for folder in PACKAGES if folder.name == package)
    rooms = [name for layer in layers for name in re.findall(r"\w+", layer) if (home / name).is_dir()]
    assert len(rooms) >= 7
    assert [name for name in rooms if f"**{name}**" not in PAGE and f"`{name}`" not in PAGE] == []

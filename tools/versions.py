"""Run tests with the oldest and the newest versions that pyproject.toml allows, and on other versions of Python.

    python tools/versions.py oldest newest     component tests and a small deployment, at each end of the range
    python tools/versions.py 3.12 3.13         the unit suite on these, where they are installed

Each has an environment of its own in `.versions`, rebuilt when pyproject.toml changes. `oldest` installs every
dependency at its lower bound; `newest` is what pip chooses.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = Path(os.environ.get("VERSIONS_FOLDER", ROOT / ".versions"))
ENDS: Final = ("oldest", "newest")
EXTRAS: Final = ("fakes", "guardrails", "console")
TOOLS: Final = ("hatchling", "pytest", "pytest-xdist", "hypothesis", "jsonschema")
SHORT: Final = (
    "tests/components/pulumi_alicloud_delegation/test_scenario.py",
    "tests/components/pulumi_alicloud_delegation/test_components_alone.py",
    "tests/components/pulumi_alicloud_delegation/test_first_passwords.py",
    "tests/e2e/test_console.py",
)
UNIT: Final = ("tests", "--ignore=tests/e2e", "--ignore=tests/package", "--ignore=tests/browser")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_LOWER: Final = re.compile(r">=\s*([0-9.]+)")


def oldest(requirements: Iterable[str]) -> Iterator[str]:
    """Each requirement at its lower bound, exactly."""
    for text in requirements:
        bound = _LOWER.search(text)
        if bound is None:
            raise ValueError(f"{text} has no lower bound. Fix: give it one in pyproject.toml.")
        name = text.partition(">=")[0].strip()
        marker = text.partition(";")[2].strip()
        yield f"{name}=={bound[1]}" + (f"; {marker}" if marker else "")


def declared() -> list[str]:
    """Requirements of the package and its extras, without the package itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    found = [*project["dependencies"], *(text for extra in EXTRAS for text in extras[extra])]
    return [text for text in dict.fromkeys(found) if _name(text) != project["name"]]


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    return found[0] if found else ""


def environment(name: str, python: str, packages: Iterable[str]) -> Path:
    """The interpreter of an environment with these packages and this clone; made where it is not there yet."""
    folder = FOLDER / name
    program = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    content = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = folder / "made-of"
    if stamp.exists() and stamp.read_text("utf-8") == content:
        return program
    print(f"versions: making the environment {name}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    if python == sys.executable:
        venv.create(folder, with_pip=True)
    else:
        _run([python, "-m", "venv", str(folder)])
    pip = [str(program), "-m", "pip", "install", "--quiet", "--no-compile"]
    _run([*pip, *packages])
    _run([*pip, "--no-deps", "--editable", str(ROOT)])
    stamp.write_text(content, "utf-8")
    return program


def _run(arguments: list[str]) -> None:
    subprocess.run(arguments, check=True, cwd=ROOT)


def installed(version: str) -> str | None:
    """An interpreter of a version of Python that starts; None when there is none."""
    places = [shutil.which(f"python{version}"), *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))]
    for program in filter(None, places):
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.startswith(f"Python {version}."):
            return program
    return None


def versions_of(program: Path) -> str:
    """The versions of Pulumi and its alicloud provider in an environment, in words."""
    code = "from importlib.metadata import version as v; print(v('pulumi'), v('pulumi-alicloud'))"
    done = subprocess.run([program, "-c", code], capture_output=True, text=True, check=True)
    pulumi, alicloud = done.stdout.split()
    return f"pulumi {pulumi}, pulumi-alicloud {alicloud}"


def tests(program: Path, *arguments: str) -> int:
    """Run tests in an environment; the exit status."""
    done = subprocess.run([program, "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments], cwd=ROOT, check=False)
    return done.returncode


def check_end(end: str) -> int:
    """Run the short suite with the oldest or the newest versions."""
    packages = [*(oldest(declared()) if end == "oldest" else declared()), *TOOLS]
    program = environment(end, sys.executable, packages)
    print(f"versions: {end}: {versions_of(program)}", flush=True)
    return tests(program, "-n", "0", *SHORT)


def check_python(version: str) -> int:
    """Run the unit suite on a version of Python, where it is installed."""
    python = installed(version)
    if python is None:
        print(f"versions: Python {version} is not installed, so the unit suite was not run on it")
        return 0
    program = environment(f"python{version}", python, [f"{ROOT}[dev]"])
    print(f"versions: Python {version}: {versions_of(program)}", flush=True)
    return tests(program, "-n", os.environ.get("JOBS", "auto"), *UNIT)


def main(names: list[str]) -> int:
    """Run what was asked for; the worst exit status."""
    return max((check_end(name) if name in ENDS else check_python(name) for name in names), default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [*ENDS]))

"""Settings of each official client, and where those of other languages are installed: once, outside the clone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
INSTALL_LIMIT = 400
RUN_LIMIT = 60
NPM_OPTIONS = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-package-lock",
    "--loglevel=error",
    # Without a network the answer should come at once, not after the minutes that npm waits by default.
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
)
# Some clients would ask a proxy even for loopback.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
SETTING = {
    "policy": "AliyunRAMReadOnlyAccess",
    # All characters that some client encodes differently.
    "description": "a b+c%20*~ /é=& '中'",
    "trust": json.dumps(
        {
            "Version": "1",
            "Statement": [
                {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::12345678:root"]}}
            ],
        }
    ),
}


SIDES = {"owner": "company-a", "delegate": "company-b"}


@pytest.fixture
def setting(door: Any) -> dict[str, Any]:
    """Settings of a client: root keys of both sides, what to make, and where the fake is."""
    keys = {side: door.cloud.account(alias).root_key for side, alias in SIDES.items()}
    credentials = {side: {"id": key.id, "secret": key.secret} for side, key in keys.items()}
    return {**SETTING, **credentials, "endpoint": door.endpoint("ram")}


@contextmanager
def cached(name: str, *sources: Path) -> Iterator[tuple[Path, bool]]:
    """A folder for what is built from these sources, and a flag: true in the one process that builds it."""
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "pulumi-alicloud-delegation" / "clients" / f"{name}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / ".done"
    with (folder / ".lock").open("w") as lock:
        fcntl = pytest.importorskip("fcntl", reason="installs what it needs under a lock of Unix", exc_type=ImportError)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder, not done.exists()
        done.touch()


def fetched(folder: Path, *command: str) -> None:
    """Run a command that needs a registry. Where none can be reached, the tests are skipped with that reason."""
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{command[0]}: its registry did not answer within {INSTALL_LIMIT} seconds")
    if ended.returncode:
        said = (ended.stderr or ended.stdout).strip().splitlines() or ["no reason given"]
        pytest.skip(f"{command[0]} could not fetch the client: {said[0]}")


@pytest.fixture(scope="session")
def node() -> Path:
    """Folder in which Node finds its official clients."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"no {tool} on PATH")
    with cached("node", HERE / "node" / "package.json") as (folder, fresh):
        if fresh:
            shutil.copy(HERE / "node" / "package.json", folder)
            fetched(folder, "npm", "install", *NPM_OPTIONS)
    return folder


@pytest.fixture(scope="session")
def go() -> Path:
    """The story as a program, built with Go's official SDK."""
    if shutil.which("go") is None:
        pytest.skip("no go on PATH")
    source = HERE / "go"
    with cached("go", *sorted(source.iterdir())) as (folder, fresh):
        program = folder / "story"
        if fresh:
            fetched(source, "go", "mod", "download")
            build = ["go", "build", "-mod=readonly", "-o", str(program), "."]
            ended = subprocess.run(
                build, cwd=source, capture_output=True, text=True, timeout=INSTALL_LIMIT, check=False
            )
            assert ended.returncode == 0, ended.stderr
    return program


@pytest.fixture
def told_by_node(node: Path, setting: dict[str, Any]) -> Any:
    """Run one of the programs in node/."""
    return lambda program: run(
        ["node", str(HERE / "node" / program)], setting, {"NODE_PATH": str(node / "node_modules")}
    )


@pytest.fixture
def told_by_go(go: Path, setting: dict[str, Any]) -> Any:
    """Run the program in go/."""
    return lambda: run([str(go)], setting, {})


def run(command: list[str], setting: dict[str, Any], more: dict[str, str]) -> dict[str, Any]:
    environment = {**ENVIRONMENT, **more, "STORY": json.dumps(setting)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=RUN_LIMIT, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)

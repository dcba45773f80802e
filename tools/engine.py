"""Find the Pulumi engine and the YAML language host, or build them: `python tools/engine.py` prints their folders.

Each is looked for in this order: on PATH (if it is new enough), in the cache of an earlier run, by Pulumi's own
installer, and at last it is built from the Go modules that `tools/go.mod` pins. The cache is outside the clone,
`${XDG_CACHE_HOME:-~/.cache}/pulumi-alicloud-delegation/engine/<name>-<version>`. Standard output carries one line, the
folders joined as in PATH; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
MINIMUM_ENGINE = (3, 272, 0)  # the Pulumi Python SDK that pyproject.toml asks for
FETCH_LIMIT = {True: 60, False: 600}  # seconds for the installer: less where Go can build the engine instead
BUILD_LIMIT = 3600
SOURCES = ("path", "cache", "installer", "go")

Say = Callable[[str], None]


class SetupError(Exception):
    """The engine cannot be had here; the message names what was tried and what to install."""


@dataclass(frozen=True, slots=True)
class Tool:
    """An executable, the Go package and module it is built from, and the Go variable that holds its version."""

    name: str
    package: str
    module: str
    version: str


ENGINE = Tool(
    "pulumi",
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    "github.com/pulumi/pulumi/pkg/v3",
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
)
YAML = Tool(
    "pulumi-language-yaml",
    "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    "github.com/pulumi/pulumi-yaml",
    "github.com/pulumi/pulumi-yaml/pkg/version.Version",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Environment in which the engine is looked for and cached; tests use one of their own."""

    env: Mapping[str, str]
    say: Say

    @property
    def cache(self) -> Path:
        """The cache folder."""
        base = self.env.get("XDG_CACHE_HOME") or str(Path(self.env.get("HOME") or Path.home()) / ".cache")
        return Path(base) / "pulumi-alicloud-delegation" / "engine"

    def which(self, name: str) -> Path | None:
        """Full path of an executable on this environment's PATH."""
        found = shutil.which(name, path=self.env.get("PATH", ""))
        return Path(found) if found else None


def pinned(tool: Tool) -> str:
    """The version of the tool's module in go.mod, without its `v`."""
    text = (TOOLS / "go.mod").read_text(encoding="utf-8")
    match = re.search(rf"^\s*{re.escape(tool.module)} v(\S+)", text, re.MULTILINE)
    if not match:
        raise SetupError(f"tools/go.mod: no version of {tool.module}. Fix: require it there.")
    return match[1]


def folder_name(tool: Tool) -> str:
    """Name of the tool's folder in the cache."""
    return f"{tool.name}-{pinned(tool)}"


def version_of(command: Path) -> tuple[int, ...] | None:
    """Version of a Pulumi CLI; None when it prints none."""
    quiet = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(
            [command, "version"], capture_output=True, text=True, timeout=60, env=quiet, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", answer.stdout.strip())
    return tuple(int(part) for part in match.groups()) if match and answer.returncode == 0 else None


def on_path(tool: Tool, place: Place) -> Path | None:
    """Folder of the tool on PATH, unless it is an engine that is too old."""
    found = place.which(tool.name)
    if found is None or tool is not ENGINE:
        return found.parent if found else None
    version = version_of(found)
    if version is not None and version >= MINIMUM_ENGINE:
        return found.parent
    has, wants = (".".join(map(str, v)) if v else "unknown" for v in (version, MINIMUM_ENGINE))
    place.say(f"engine: the pulumi on PATH has version {has}; {wants} or newer is needed, so it is left alone")
    return None


def cached(tool: Tool, place: Place) -> Path | None:
    """Folder of the tool in the cache, from an earlier run."""
    for maker in (tool, ENGINE):  # the installer brings the language hosts with the engine
        folder = place.cache / folder_name(maker) / "bin"
        if os.access(folder / tool.name, os.X_OK):
            return folder
    return None


def install(tool: Tool, place: Place) -> Path:
    """Let Pulumi's own installer bring the whole distribution (engine and language hosts)."""
    if tool is not ENGINE:
        raise SetupError("comes with the installer's engine only")
    limit = FETCH_LIMIT[place.which("go") is not None]
    place.say(f"engine: asking Pulumi's installer for {pinned(ENGINE)} (at most {limit} s)")
    code = (
        "import sys, semver\nfrom pulumi.automation import PulumiCommand\n"
        "PulumiCommand.install(root=sys.argv[1], version=semver.VersionInfo.parse(sys.argv[2]))"
    )
    with fresh(place, tool) as temporary:
        if temporary is None:
            return made(tool, place)
        try:
            subprocess.run(
                [sys.executable, "-c", code, temporary, pinned(ENGINE)],
                check=True, timeout=limit, capture_output=True, text=True,
                env=dict(place.env), stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise SetupError(f"no answer within {limit} s") from error
        except subprocess.CalledProcessError as error:
            raise SetupError(last_line(error.stderr) or f"exit code {error.returncode}") from error
        publish(temporary, tool, place)
    return made(tool, place)


def build(tool: Tool, place: Place) -> Path:
    """Build the tool from its pinned Go module."""
    go = place.which("go")
    if go is None:
        raise SetupError("no `go` on PATH")
    place.say(f"engine: building {tool.name} {pinned(tool)} from its Go module (minutes the first time, then cached)")
    env = {**place.env, "GOFLAGS": "-buildvcs=false -mod=readonly", "GOWORK": "off", "CGO_ENABLED": "0"}
    with fresh(place, tool) as temporary:
        if temporary is None:
            return made(tool, place)
        output = temporary / "bin" / tool.name
        output.parent.mkdir(parents=True)
        listing = [go, "list", "-deps", tool.package]
        flags = f"-s -w -X {tool.version}=v{pinned(tool)}"
        command = [go, "build", "-v", "-trimpath", "-ldflags", flags, "-o", output, tool.package]
        run_go(listing, env, place, "fetching modules")
        run_go(command, env, place, f"compiling {tool.name}")
        publish(temporary, tool, place)
    return made(tool, place)


def run_go(command: Sequence[str | Path], env: Mapping[str, str], place: Place, what: str) -> None:
    """Run a Go command in tools/, and report progress every 15 seconds."""
    started = reported = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        list(map(str, command)), cwd=TOOLS, env=dict(env), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            lines.append(line.rstrip())
            now = time.monotonic()
            if now - reported >= 15:
                reported = now
                place.say(f"engine: {what}, {now - started:.0f} s, {len(lines)} packages: {lines[-1][:80]}")
            if now - started > BUILD_LIMIT:
                process.kill()
    if process.returncode != 0:
        raise SetupError(f"{what} failed:\n  " + "\n  ".join(lines[-8:]))


@contextlib.contextmanager
def fresh(place: Place, tool: Tool) -> Iterator[Path | None]:
    """A temporary folder beside the final one, one process at a time; None when another process has just made it."""
    place.cache.mkdir(parents=True, exist_ok=True)
    name = folder_name(tool)
    with (place.cache / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            place.say("engine: another process is making it, waiting")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if cached(tool, place) is not None:
            yield None
            return
        for left in place.cache.glob(f".{name}.*"):  # left by a process that was aborted: this one holds the lock
            shutil.rmtree(left, ignore_errors=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=place.cache))
        try:
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def publish(temporary: Path, tool: Tool, place: Place) -> None:
    """Rename the finished folder into place in one step, so that an incomplete one is never found there."""
    if tool is ENGINE and version_of(temporary / "bin" / tool.name) is None:
        raise SetupError(f"the new {tool.name} does not answer with its version")
    final = place.cache / folder_name(tool)
    shutil.rmtree(final, ignore_errors=True)  # without the executable, else it would have been used
    temporary.chmod(0o755)
    temporary.rename(final)


def made(tool: Tool, place: Place) -> Path:
    """Folder of the tool, once it is installed or built."""
    folder = cached(tool, place)
    if folder is None:
        raise SetupError(f"{place.cache / folder_name(tool)} has no executable {tool.name}")
    return folder


def last_line(text: str | None) -> str:
    """The last line that is not empty."""
    return next((line for line in reversed((text or "").splitlines()) if line.strip()), "")


def obtain(tool: Tool, place: Place, sources: Sequence[str] = SOURCES) -> Path:
    """Folder of the tool.

    Raises:
        SetupError: no source has it; the message has the answer of each source and what to install.
    """
    finders: dict[str, Callable[[Tool, Place], Path | None]] = {
        "path": on_path, "cache": cached, "installer": install, "go": build,
    }  # fmt: skip
    failures: list[str] = []
    for source in sources:
        try:
            folder = finders[source](tool, place)
        except SetupError as error:
            failures.append(f"{source}: {error}")
            if source == "installer" and tool is ENGINE:
                place.say(f"engine: the installer cannot be used here ({error})")
            continue
        if folder is not None:
            return folder
        failures.append(f"{source}: none")
    raise SetupError(
        f"{tool.name}: not found and cannot be made here.\n  "
        + "\n  ".join(failures)
        + f"\nFix: install Pulumi {'.'.join(map(str, MINIMUM_ENGINE))} or newer, or Go 1.26 or newer, on PATH."
        + " [no-engine]"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the folders of the engine and of the YAML language host."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", default=",".join(SOURCES), help="where to look, in order (default: %(default)s)")
    parser.add_argument("--without-yaml", action="store_true", help="the engine only")
    options = parser.parse_args(arguments)
    sources = [source for source in options.sources.split(",") if source]
    if unknown := sorted(set(sources) - set(SOURCES)):
        parser.error(f"--sources: {', '.join(unknown)} is none of {', '.join(SOURCES)}")
    place = Place(os.environ, lambda text: print(text, file=sys.stderr, flush=True))
    try:
        folders = [obtain(tool, place, sources) for tool in ([ENGINE] if options.without_yaml else [ENGINE, YAML])]
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    print(os.pathsep.join(dict.fromkeys(map(str, folders))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

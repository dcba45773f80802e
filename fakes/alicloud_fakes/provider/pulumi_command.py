"""Any Pulumi command of any program, against a fake cloud: `alicloud-fakes pulumi -- up`.

And any other command that calls Pulumi and Alibaba Cloud by turns: `alicloud-fakes run -- alicloud-delegation recover`.

The command runs as it is, in an environment in which Alibaba Cloud is the fake: the endpoints of the products, the
certificate authority, credentials, a backend of its own and, where there is no real provider, the stand-in. The cloud
and the stacks are kept in `.alicloud-fakes` beside the project file, so `up`, `refresh` and `destroy` follow each other
as they would on the cloud. Nothing of a real account or backend is read.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alicloud_fakes.cloud.accounts import read_accounts
from alicloud_fakes.cloud.file import StateFile
from alicloud_fakes.http.server import Server
from alicloud_fakes.provider.engine import engine_folders
from alicloud_fakes.provider.folder import launcher, real_provider
from alicloud_fakes.provider.workspace import engine_environment
from alicloud_fakes.services import WITH_ENDPOINT_VARIABLE
from alicloud_fakes.tls import Certificates, certificates
from ram_policies.errors import InvalidInputError
from ram_policies.file_text import text_in, yaml_in
from ram_policies.nodes import is_object

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud

FOLDER: Final = ".alicloud-fakes"
STACK: Final = "fake"
ACCOUNTS_FILE: Final = "alicloud-fakes.yaml"
_SCENARIO: Final = ("11223344:company-a", "12345678:company-b")
_PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml")
_RUN_THE_PROGRAM: Final = frozenset({"preview", "pre", "up", "update", "refresh", "destroy"})
_NEED_NO_STACK: Final = frozenset({"about", "help", "login", "logout", "new", "plugin", "schema", "version", "whoami"})
_CHOICES: Final = (["init"], ["ls"], ["select"])
_CREDENTIALS: Final = ("ALICLOUD_", "ALIBABA", "ALIYUN_")
# Alibaba's SDKs send even what is for loopback to a proxy, whatever NO_PROXY says.
_PROXIES: Final = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
_DEFAULT_REGION: Final = "cn-hangzhou"
RUNNING: Final = "ALICLOUD_FAKES_PROJECT"
"""The variable that names the project whose fake is running already, for a Pulumi command inside of another one."""
ENGINE_PATH: Final = "ALICLOUD_FAKES_ENGINE_PATH"
"""The variable that has the PATH on which such a command finds the engine."""


@dataclass(frozen=True, slots=True)
class Project:
    """A Pulumi project: its folder, the name of its runtime, and its main file or folder."""

    folder: Path
    runtime: str
    main: str

    @classmethod
    def find(cls, start: Path) -> Project:
        """The project of a folder: its own, or the nearest above it.

        Raises:
            InvalidInputError: there is none.
        """
        for folder in (start, *start.parents):
            for name in _PROJECT_FILES:
                if (folder / name).is_file():
                    return cls._read(folder, folder / name)
        fix = "run this in a project's folder, or make one with `alicloud-delegation new`"
        raise InvalidInputError("folder", str(start), "is not in a Pulumi project", fix, code="no-project")

    @classmethod
    def _read(cls, folder: Path, file: Path) -> Project:
        content = yaml_in(
            text_in(file.read_bytes(), "project", str(file)), "project", str(file), "write a project file"
        )
        given: Mapping[str, object] = content if is_object(content) else dict[str, object]()
        runtime = given.get("runtime")
        if is_object(runtime):
            runtime = runtime.get("name")
        if not isinstance(runtime, str):
            raise InvalidInputError(
                f"{file.name}: runtime", runtime, "is not the name of a runtime", "write `python`", code="not-a-choice"
            )
        return cls(folder, runtime, str(given.get("main") or "."))

    @property
    def program(self) -> Path:
        """The folder of the program, or its file."""
        return self.folder / self.main


Command = Callable[["Project", dict[str, str]], int]
"""Something to run for a project in an environment; its exit code."""


def main(arguments: Sequence[str], accounts: Sequence[str], config: Path | None, *, pulumi: bool = True) -> int:
    """Run the command line's command in the current folder; its exit code.

    Args:
        arguments: of `pulumi`, or a whole command.
        accounts: IDs with, after a colon, an alias.
        config: file of accounts.
        pulumi: whether the arguments are those of `pulumi`.

    Raises:
        InvalidInputError: the folder has no Pulumi project, the engine is missing, or an account is invalid.
    """
    file = config or (Path(ACCOUNTS_FILE) if Path(ACCOUNTS_FILE).is_file() else None)

    def fill(cloud: Cloud) -> None:
        kept = frozenset(cloud.accounts)
        for text in accounts or (_SCENARIO if file is None else ()):
            account_id, _, alias = text.partition(":")
            if account_id not in kept:
                cloud.add_account(account_id, alias=alias)
        if file is not None:
            read_accounts(cloud, file, leave=kept)

    command = _pulumi_command(arguments or ["help"]) if pulumi else _other_command(arguments)
    return run_pulumi(command, fill, engine_folders, Path.cwd())


def _pulumi_command(arguments: Sequence[str]) -> Command:
    return lambda project, environment: _command(list(arguments), project, environment)


def _other_command(arguments: Sequence[str]) -> Command:
    """A command that finds `pulumi` on PATH, as this module runs it."""
    if not arguments:
        fix = "write it after --, as in `run -- alicloud-delegation recover`"
        raise InvalidInputError("command", "", "is missing", fix, code="missing-value")

    def run_it(project: Project, environment: dict[str, str]) -> int:
        shim = launcher(project.folder / FOLDER / "bin", "pulumi", "-m", "alicloud_fakes", "pulumi", "--")
        given = {
            **environment,
            ENGINE_PATH: environment["PATH"],
            "PATH": os.pathsep.join([str(shim), environment["PATH"]]),
        }
        executable = shutil.which(arguments[0], path=given["PATH"])
        if executable is None:
            raise InvalidInputError(
                "command", arguments[0], "is not on PATH", "name a command that is", code="unknown-name"
            )
        _select_stack(_engine(environment), project, environment)
        done = subprocess.run([executable, *arguments[1:]], env=given, check=False)  # noqa: S603 - the user's own
        return done.returncode

    return run_it


def run_pulumi(
    command: Command,
    fill: Callable[[Cloud], None],
    engine: Callable[[], str],
    start: Path,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Run a command against the fake cloud of a project; its exit code.

    Args:
        command: what to run.
        fill: puts accounts into the cloud, when its state does not hold them yet.
        engine: the folders of the Pulumi CLI and its language hosts, as in PATH; asked where it is not on PATH.
        start: a folder of the project.
        environment: of this process.

    Raises:
        InvalidInputError: the folder has no Pulumi project, or an account is invalid.
        StateFileError: another command uses the project's fake cloud at the same time.
    """
    from alicloud_fakes.cloud.fake_cloud import Cloud  # noqa: PLC0415 - `--help` needs no cloud

    project = Project.find(start.absolute())
    if environment.get(RUNNING) == str(project.folder):
        return command(project, {**environment, "PATH": environment.get(ENGINE_PATH) or environment.get("PATH", "")})
    home = project.folder / FOLDER
    home.mkdir(exist_ok=True)
    (home / ".gitignore").write_text("*\n", "utf-8")
    cloud = Cloud()
    state = StateFile(cloud, home / "cloud.state")
    state.open()
    try:
        fill(cloud)
        state.checkpoint()
        trusted = certificates(home / "tls")
        with Server(cloud, certificates=trusted) as server:
            given = _environment(home, server.endpoint, trusted, cloud, engine, environment)
            return command(project, {**given, RUNNING: str(project.folder)})
    finally:
        state.checkpoint()
        state.close()


def _environment(
    home: Path,
    endpoint: str,
    trusted: Certificates,
    cloud: Cloud,
    engine: Callable[[], str],
    environment: Mapping[str, str],
) -> dict[str, str]:
    """The environment in which Alibaba Cloud is the fake, with nothing in it that could reach a real account."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith(_CREDENTIALS) and name.upper() not in _PROXIES
    }
    if shutil.which("pulumi", path=kept.get("PATH")) is None:
        kept["PATH"] = os.pathsep.join([engine(), kept.get("PATH", "")])
    profiles = home / "profiles.json"
    descriptor = os.open(profiles, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"profiles": list(_profiles(cloud))}, file)
    first = next(iter(cloud.accounts.values()))
    return {
        **kept,
        **engine_environment(home, kept),
        **{f"{product.upper()}_ENDPOINT": endpoint for product in WITH_ENDPOINT_VARIABLE},
        **{f"ALIBABA_CLOUD_ENDPOINT_{product.upper()}": endpoint for product in WITH_ENDPOINT_VARIABLE},
        "ALICLOUD_FAKES_ENDPOINT": endpoint,
        "ALICLOUD_PROFILE": first.id,  # not a key: a key in the environment beats the profile that a program names
        "ALICLOUD_REGION": _DEFAULT_REGION,
        "ALICLOUD_SHARED_CREDENTIALS_FILE": str(profiles),
        "SSL_CERT_FILE": str(trusted.ca),
        "REQUESTS_CA_BUNDLE": str(trusted.ca),
    }


def _profiles(cloud: Cloud) -> Iterator[dict[str, str]]:
    """For each account a profile of the CLI with its ID as name, and one with its alias."""
    for account in cloud.accounts.values():
        key = account.root_key
        for name in dict.fromkeys((account.id, account.alias)):
            yield {
                "name": name,
                "mode": "AK",
                "access_key_id": key.id,
                "access_key_secret": key.secret,
                "region_id": _DEFAULT_REGION,
            }


def _engine(environment: Mapping[str, str]) -> str:
    """The Pulumi CLI on an environment's PATH.

    Raises:
        InvalidInputError: there is none.
    """
    executable = shutil.which("pulumi", path=environment["PATH"])
    if executable is None:
        fix = "install Pulumi, or Go to build it with"
        raise InvalidInputError("PATH", environment["PATH"], "has no pulumi", fix, code="no-engine")
    return executable


def _command(arguments: list[str], project: Project, environment: dict[str, str]) -> int:
    verb = next((one for one in arguments if not one.startswith("-")), "help")
    executable = _engine(environment)
    if not _names_its_stack(arguments):
        _select_stack(executable, project, environment)
    if verb in _RUN_THE_PROGRAM and real_provider(environment) is None:
        print("# no alicloud provider is installed: the stand-in answers for it", file=sys.stderr)  # noqa: T201 - the message of a command
    host = shutil.which(f"pulumi-language-{project.runtime}", path=environment["PATH"])
    with ExitStack() as stack:
        if verb in _RUN_THE_PROGRAM and project.runtime == "python" and host is None:
            address = stack.enter_context(_hosted(project, environment))
            arguments = [*arguments, f"--client={address}", "--exec-kind=auto.inline"]
        return _pulumi(executable, arguments, project, environment).returncode


def _pulumi(
    executable: str, arguments: Sequence[str], project: Project, environment: Mapping[str, str], *, quiet: bool = False
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the user's own command, and no shell
        [executable, *arguments], cwd=project.folder, env=environment, check=False, capture_output=quiet, text=True
    )


def _names_its_stack(arguments: Sequence[str]) -> bool:
    """Tell whether a command says which stack it is about, or is about none."""
    arguments = [one for one in arguments if not one.startswith("-")] or ["help"]
    named = any(one in {"-s", "--stack"} or one.startswith("--stack=") for one in arguments)
    chooses = arguments[0] == "stack" and arguments[1:2] in _CHOICES
    return named or chooses or arguments[0] in _NEED_NO_STACK


def _select_stack(executable: str, project: Project, environment: Mapping[str, str]) -> None:
    """Select the stack `fake`, where none is selected yet."""
    shown = _pulumi(executable, ["stack", "ls", "--json", "--non-interactive"], project, environment, quiet=True)
    stacks: list[dict[str, object]] = json.loads(shown.stdout or "[]") if shown.returncode == 0 else []
    if any(stack.get("current") for stack in stacks):
        return
    made = _pulumi(
        executable, ["stack", "select", "--create", STACK, "--non-interactive"], project, environment, quiet=True
    )
    if made.returncode:
        raise InvalidInputError(
            "stack", STACK, f"cannot be made ({made.stderr.strip()})", "see what Pulumi says", code="stack-not-made"
        )


@contextmanager
def _hosted(project: Project, environment: Mapping[str, str]) -> Generator[str]:
    """Host a Python program in this process, for an engine without the Python language host; its address.

    This is what the Automation API does with an inline program, but with all options of the command line.
    """
    import grpc  # noqa: PLC0415 - only Python programs, and only where there is no language host
    from pulumi.automation._server import LanguageServer  # noqa: PLC0415 - only this command needs it
    from pulumi.runtime.proto import language_pb2, language_pb2_grpc  # noqa: PLC0415 - only this command needs it

    class Host(LanguageServer):
        def Run(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the protocol's name
            """Run the program. An error has been logged by then, and `bail` keeps the engine from saying it again."""
            result = super().Run(request, context)  # pyright: ignore[reportUnknownMemberType] - the class has no types
            return language_pb2.RunResponse(bail=True) if result.error else result

    before = dict(os.environ), list(sys.path), Path.cwd()
    os.environ.clear()  # what the engine's processes do not see, the program in this one must not see either
    os.environ.update(environment)
    folder = project.program if project.program.is_dir() else project.program.parent
    sys.path.insert(0, str(folder))
    os.chdir(project.folder)

    def program() -> None:
        runpy.run_path(str(project.program), run_name="__main__")

    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Host(program), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0)
        os.environ.clear()
        os.environ.update(before[0])
        sys.path[:] = before[1]
        os.chdir(before[2])

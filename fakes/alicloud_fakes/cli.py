"""The command line of the fake."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from alicloud_fakes.admin import administer
from alicloud_fakes.cloud.accounts import read_accounts
from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.cloud.file import StateFile, StateFileError
from alicloud_fakes.completion import SHELLS, ShowCompletion
from alicloud_fakes.core.sockets import LOOPBACK, PortTakenError, listen
from alicloud_fakes.identity.account import Account
from alicloud_fakes.pipeline.throttling import Throttling
from alicloud_fakes.request_log import log_to
from alicloud_fakes.services import WITH_ENDPOINT_VARIABLE
from ram_policies.error_kinds import with_code
from ram_policies.errors import InvalidInputError
from ram_policies.extras import MissingExtraError, extra_needed, installed_version

if TYPE_CHECKING:
    from alicloud_fakes.console.web import ConsoleServer
    from alicloud_fakes.tls import Certificates

_KEY_VARIABLE = "ALICLOUD_FAKES_ROOT_KEY_"
_TOKEN_VARIABLE = "ALICLOUD_FAKES_CONTROL_TOKEN"  # noqa: S105 - the name of a variable
_LAST_PORT = 65535
_ADD_ACCOUNT = "/_fakes/accounts"
# Where keys are looked for: by newer SDKs, the CLI and the provider; by aliyun-python-sdk-core; by the SDKs of OSS.
_KEY_PREFIXES = ("ALIBABA_CLOUD", "ALIYUN", "OSS")
_REGION_VARIABLES = ("ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID")  # of the provider, of the CLI
_PULUMI_EPILOG = """\
examples:
  alicloud-fakes pulumi -- preview
  alicloud-fakes pulumi -- up --yes
  alicloud-fakes pulumi --account 11223344:company-a -- stack output

Endpoints, credentials and certificates of Alibaba Cloud are set for the command: a provider without credentials gets
the first account, and each account has a profile with its ID, and one with its alias, as name. Accounts come from
--account, from --config, or are those of the scenario: 11223344 (company-a) and 12345678 (company-b). Cloud and stacks
are kept in .alicloud-fakes beside the project file; delete the folder to begin anew.
"""
_RUN_EPILOG = """\
examples:
  alicloud-fakes run -- alicloud-delegation recover
  alicloud-fakes run -- sh

`pulumi` on the command's PATH is `alicloud-fakes pulumi` on the same fake.
"""
_EPILOG = f"""\
examples:
  alicloud-fakes serve --port 8765 --account 11223344:company-a --account 12345678:company-b
  alicloud-fakes serve --account 11223344 --root-key 11223344:FAKEa:secret
  alicloud-fakes serve --config accounts.yaml --state fake.state --tls
  alicloud-fakes serve --config accounts.yaml --console 8766

Root keys come from --root-key, from the variable {_KEY_VARIABLE}<ACCOUNT> (ID:SECRET), or are made up; made-up
ones are printed as lines to paste into a shell.

All products answer on the one port. Point clients at 127.0.0.1:PORT with protocol HTTP. Faults, clock, calls,
snapshots and what a principal needed are under http://127.0.0.1:PORT/_fakes/.
"""


@dataclass(frozen=True, slots=True)
class RootKey:
    """An access key for the root identity of an account."""

    id: str
    secret: str


class _Parser(argparse.ArgumentParser):
    """A parser that reports what it cannot use in one line."""

    def error(self, message: str) -> NoReturn:
        """End the process; a message of ours has its own way out and code."""
        line = f"{self.prog}: {message}"
        if "Fix: " not in line:
            line = with_code(f"{line}. Fix: see `{self.prog} --help`.", "wrong-usage")
        self.exit(2, f"{line}\n")


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = _Parser(
        prog="alicloud-fakes",
        description="A fake Alibaba Cloud on loopback.",
        epilog="example: alicloud-fakes serve --account 11223344:company-a --account 12345678:company-b",
    )
    top.add_argument("--version", action="version", version=_version(), help="print the version")
    top.add_argument(
        "--show-completion",
        action=ShowCompletion,
        choices=SHELLS,
        help="print what teaches a shell to complete commands",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    _add_serve(commands.add_parser)
    _add_pulumi(commands.add_parser)
    return top


def _add_serve(add_parser: Callable[..., argparse.ArgumentParser]) -> None:
    serve = add_parser(
        "serve",
        help="serve a fake Alibaba Cloud over HTTP",
        description="Serve a fake Alibaba Cloud over HTTP, all products on one port.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument(
        "--port", type=_port, default=0, help="port on 127.0.0.1; 0, the default, takes any that is free"
    )
    serve.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="ID[:ALIAS]",
        help="an account, by its ID and, after a colon, its alias; repeat for more",
    )
    serve.add_argument(
        "--root-key",
        action="append",
        default=[],
        metavar="ACCOUNT:ID:SECRET",
        help="access key for root of an account; repeat for more",
    )
    serve.add_argument(
        "--config", type=Path, metavar="FILE", help="YAML file of accounts with users, roles and policies"
    )
    _add_ways_to_serve(serve)


def _add_ways_to_serve(serve: argparse.ArgumentParser) -> None:
    serve.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="keep the state in a file, across restarts and crashes; accounts that it holds are not made again",
    )
    serve.add_argument(
        "--tls",
        type=Path,
        metavar="FOLDER",
        nargs="?",
        const=Path(".alicloud-fakes-tls"),
        help="serve HTTPS as well, on the same port, with certificates made in the folder on first use",
    )
    serve.add_argument(
        "--console",
        type=_port,
        metavar="PORT",
        nargs="?",
        const=0,
        help="serve the console for a browser as well, on a port of its own; without PORT on any that is free. The "
        f"token of its control room is printed, or taken from {_TOKEN_VARIABLE}",
    )
    serve.add_argument(
        "--throttling",
        action="store_true",
        help="refuse more AssumeRole calls than 100 a second for one account, as STS",
    )
    serve.add_argument("--seed", help="make the same IDs and secrets each time; any text")
    serve.add_argument("--log", action="store_true", help="write a line for each call to the standard error output")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 <= int(text[:6]) <= _LAST_PORT:
        problem = f"{text!r} is not a port. Fix: give 0 to {_LAST_PORT}; 0 takes any that is free"
        raise argparse.ArgumentTypeError(with_code(problem, "out-of-range"))
    return int(text)


def _version() -> str:
    return f"alicloud-fakes {installed_version()} (Python {sys.version.split()[0]})"


def _add_pulumi(add_parser: Callable[..., argparse.ArgumentParser]) -> None:
    pulumi = add_parser(
        "pulumi",
        help="run a Pulumi command against a fake cloud",
        description="Run a Pulumi command of the project in this folder against a fake cloud of its own.",
        epilog=_PULUMI_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run = add_parser(
        "run",
        help="run any command against a fake cloud",
        description="Run a command that calls Pulumi and Alibaba Cloud, in the project in this folder, against the "
        "fake cloud of `alicloud-fakes pulumi`.",
        epilog=_RUN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for command, what in ((pulumi, "arguments of `pulumi`"), (run, "the command")):
        _add_accounts(command)
        command.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- COMMAND", help=what)


def _add_accounts(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="ID[:ALIAS]",
        help="an account, by its ID and, after a colon, its alias; repeat for more",
    )
    command.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="YAML file of accounts with users, roles and policies (default: alicloud-fakes.yaml, if there is one)",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    options = parser().parse_args(arguments)
    try:
        with extra_needed("fakes"):
            return _serve(options, os.environ) if options.command == "serve" else _pulumi(options)
    except (InvalidInputError, MissingExtraError, StateFileError, PortTakenError) as error:
        print(f"alicloud-fakes: {error}", file=sys.stderr)  # noqa: T201 - a command line
        return 2
    except OSError as error:
        problem = f"{error.filename or options.command}: cannot be used ({error.strerror or error})"
        line = with_code(f"{problem}. Fix: check the path and its permissions.", "unreadable-file")
        print(f"alicloud-fakes: {line}", file=sys.stderr)  # noqa: T201 - a command line
        return 2
    except KeyboardInterrupt:
        return 0


def add_accounts(cloud: Cloud, options: argparse.Namespace, environment: Mapping[str, str]) -> None:
    """Add the accounts that the options describe; those that the cloud has already stay as they are.

    Raises:
        InvalidInputError: an account or key is invalid.
    """
    kept = frozenset(cloud.accounts)  # by the file of state
    keys = {account: RootKey(*rest) for account, *rest in map(_root_key, options.root_key)}
    for text in options.account:
        account_id, _, alias = text.partition(":")
        key = keys.pop(account_id, None)
        from_environment = environment.get(f"{_KEY_VARIABLE}{account_id}")
        if key is None and from_environment:
            key = RootKey(*_root_key(f"{account_id}:{from_environment}")[1:])
        if account_id not in cloud.accounts or options.state is None:
            cloud.add_account(
                account_id, alias=alias, root_key_id=key.id if key else "", root_key_secret=key.secret if key else ""
            )
    if keys:
        unknown = next(iter(keys))
        raise InvalidInputError(
            "--root-key", unknown, "is not an account of this fake", f"add --account {unknown}", code="unknown-name"
        )
    if options.config is not None:
        read_accounts(cloud, options.config, leave=kept)


def _root_key(text: str) -> tuple[str, str, str]:
    parts = tuple(text.split(":"))
    if len(parts) != 3 or not all(parts):
        raise InvalidInputError(
            "--root-key", parts[0], "is not ACCOUNT:ID:SECRET", "give all three, with colons", code="invalid-form"
        )
    return (parts[0], parts[1], parts[2])


def _serve(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from alicloud_fakes.http.server import make_uvicorn  # noqa: PLC0415 - --help needs no server

    listener = listen(LOOPBACK, options.port)
    cloud = Cloud(seed=options.seed)
    if options.throttling:
        cloud.throttling = Throttling()
    state = None if options.state is None else StateFile(cloud, options.state)
    if state is not None:
        state.open()
    add_accounts(cloud, options, environment)
    if state is not None:
        state.checkpoint()
    administer(cloud, state.checkpoint if state is not None else lambda: None)
    tls = _certificates(options.tls)
    if options.log:
        cloud.calls.listeners.append(log_to(sys.stderr))
    server = make_uvicorn(cloud, tls)
    console = _console(cloud, options, environment, state)
    for line in banner(cloud, f"{LOOPBACK}:{listener.getsockname()[1]}", tls, console):
        print(line)  # noqa: T201 - a command line
    sys.stdout.flush()
    with console or nullcontext():
        server.run(sockets=[listener])
    if state is not None:
        state.checkpoint()
        state.close()
    return 0


def _pulumi(options: argparse.Namespace) -> int:
    from alicloud_fakes.provider import pulumi_command  # noqa: PLC0415 - needs Pulumi, which a server does not

    given = options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
    return pulumi_command.main(given, options.account, options.config, pulumi=options.command == "pulumi")


def _console(
    cloud: Cloud, options: argparse.Namespace, environment: Mapping[str, str], state: StateFile | None
) -> ConsoleServer | None:
    if options.console is None:
        return None
    with extra_needed("console"):
        from alicloud_fakes.console.web import ConsoleServer  # noqa: PLC0415 - needs an extra of its own
    changed = state.checkpoint if state is not None else lambda: None
    return ConsoleServer(cloud, options.console, control_token=environment.get(_TOKEN_VARIABLE, ""), changed=changed)


def _certificates(folder: Path | None) -> Certificates | None:
    if folder is None:
        return None
    from alicloud_fakes.tls import certificates  # noqa: PLC0415 - only who wants TLS pays for it

    return certificates(folder.absolute())


def banner(
    cloud: Cloud, endpoint: str, tls: Certificates | None = None, console: ConsoleServer | None = None
) -> list[str]:
    """Text that the server prints when it is ready: lines that a shell understands."""
    lines = [f"# alicloud_fakes serves {len(cloud.accounts)} account(s) on http://{endpoint}"]
    lines.append(f"export ALICLOUD_FAKES_ENDPOINT={endpoint}")
    for account in cloud.accounts.values():
        lines += _account_lines(account)
    if cloud.accounts:
        lines += _client_lines(next(iter(cloud.accounts.values())), endpoint)
    else:
        lines.append(f"# no account yet: start it with --account 11223344:company-a, or POST one to {_ADD_ACCOUNT}")
    if tls is not None:
        lines += [f"# https://{endpoint} answers as well; its clients trust it with", *tls.advice().splitlines()]
    if console is not None:
        lines += [
            f"# console: {console.url}/  its control room: {console.url}/fake/",
            f"export {_TOKEN_VARIABLE}={shlex.quote(console.control_token)}",
        ]
    lines.append("# ready")
    return lines


def _client_lines(account: Account, endpoint: str) -> list[str]:
    """Environment variables that the official SDKs and the alicloud provider read, for root of one account."""
    key = account.root_key
    return [
        f"# what the SDKs, the aliyun CLI and the alicloud provider read, for account {account.id}",
        *(
            f"export {prefix}_ACCESS_KEY_{part}={shlex.quote(value)}"
            for prefix in _KEY_PREFIXES
            for part, value in (("ID", key.id), ("SECRET", key.secret))
        ),
        *(f"export {name}=cn-hangzhou" for name in _REGION_VARIABLES),
        *(f"export {product.upper()}_ENDPOINT={endpoint}" for product in WITH_ENDPOINT_VARIABLE if product != "oss"),
    ]


def _account_lines(account: Account) -> list[str]:
    key = account.root_key
    value = shlex.quote(f"{key.id}:{key.secret}")
    return [f"# account {account.id}, alias {account.alias}", f"export {_KEY_VARIABLE}{account.id}={value}"]

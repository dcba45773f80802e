"""The command line of the fake."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alicloud_fakes.core.account import Account
from alicloud_fakes.core.cloud import Cloud
from ram_policies.errors import InvalidInputError

_KEY_VARIABLE = "ALICLOUD_FAKES_ROOT_KEY_"
_EPILOG = f"""\
examples:
  python -m alicloud_fakes serve --port 8765 --account 11223344:company-a --account 12345678:company-b
  python -m alicloud_fakes serve --account 11223344 --root-key 11223344:FAKEa:secret

Root keys come from --root-key, from the variable {_KEY_VARIABLE}<ACCOUNT> (ID:SECRET), or are made up; made-up
ones are printed as lines to paste into a shell.

All products answer on the one port. Point clients at 127.0.0.1:PORT with protocol HTTP.
"""


@dataclass(frozen=True, slots=True)
class RootKey:
    """An access key for the root identity of an account."""

    id: str
    secret: str


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(prog="alicloud_fakes", description="A fake Alibaba Cloud on loopback.")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    serve = commands.add_parser(
        "serve",
        help="serve a fake Alibaba Cloud over HTTP",
        description="Serve a fake Alibaba Cloud over HTTP, all products on one port.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes any that is free")
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
    serve.add_argument("--seed", help="make the same IDs and secrets each time; any text")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    options = parser().parse_args(arguments)
    try:
        cloud = make_cloud(options, os.environ)
        return _serve(cloud, options.port)
    except (InvalidInputError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command line
        return 2
    except KeyboardInterrupt:
        return 0


def make_cloud(options: argparse.Namespace, environment: Mapping[str, str]) -> Cloud:
    """The cloud that the options describe.

    Raises:
        InvalidInputError: an account or key that cannot be.
    """
    cloud = Cloud(seed=options.seed)
    keys = {account: RootKey(*rest) for account, *rest in map(_root_key, options.root_key)}
    for text in options.account:
        account_id, _, alias = text.partition(":")
        key = keys.pop(account_id, None)
        from_environment = environment.get(f"{_KEY_VARIABLE}{account_id}")
        if key is None and from_environment:
            key = RootKey(*_root_key(f"{account_id}:{from_environment}")[1:])
        cloud.add_account(
            account_id, alias=alias, root_key_id=key.id if key else "", root_key_secret=key.secret if key else ""
        )
    if keys:
        unknown = next(iter(keys))
        raise InvalidInputError("--root-key", unknown, "is no account of this fake", f"add --account {unknown}")
    return cloud


def _root_key(text: str) -> tuple[str, str, str]:
    parts = tuple(text.split(":"))
    if len(parts) != 3 or not all(parts):
        raise InvalidInputError("--root-key", parts[0], "is not ACCOUNT:ID:SECRET", "give all three, with colons")
    return (parts[0], parts[1], parts[2])


def _serve(cloud: Cloud, port: int) -> int:
    from alicloud_fakes.http.server import LOOPBACK, listen, make_uvicorn  # noqa: PLC0415 - --help needs no server

    listener = listen(LOOPBACK, port)
    endpoint = f"{LOOPBACK}:{listener.getsockname()[1]}"
    for line in banner(cloud, endpoint):
        print(line)  # noqa: T201 - a command line
    sys.stdout.flush()
    make_uvicorn(cloud).run(sockets=[listener])
    return 0


def banner(cloud: Cloud, endpoint: str) -> list[str]:
    """What the server says when it is ready: lines that a shell understands."""
    lines = [f"# alicloud_fakes serves {len(cloud.accounts)} account(s) on http://{endpoint}"]
    lines.append(f"export ALICLOUD_FAKES_ENDPOINT={endpoint}")
    for account in cloud.accounts.values():
        lines += _account_lines(account)
    lines.append("# ready")
    return lines


def _account_lines(account: Account) -> list[str]:
    key = account.root_key
    value = shlex.quote(f"{key.id}:{key.secret}")
    return [f"# account {account.id}, alias {account.alias}", f"export {_KEY_VARIABLE}{account.id}={value}"]

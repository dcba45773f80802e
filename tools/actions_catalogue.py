"""Write the catalogue of action names from the official SDK packages that are installed.

Each generated client names the operations of one product; most of them are the product's actions in RAM. Which package
stands for which service, and which documented actions are no operation of an SDK, is kept by hand in
``policies/ram_policies/catalogue/services.json``.

The script installs nothing. In a throw-away environment:

    python -m venv /tmp/sdks
    python tools/actions_catalogue.py --requirements | xargs /tmp/sdks/bin/pip install --no-deps
    /tmp/sdks/bin/python tools/actions_catalogue.py

The packages' code is read as text, never imported, so ``--no-deps`` is enough. The version of each package is written
into the result. ``--check`` compares instead of writing, for the packages that happen to be installed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

CATALOGUE = Path(__file__).parents[1] / "policies" / "ram_policies" / "catalogue"
SERVICES = CATALOGUE / "services.json"
ACTIONS = CATALOGUE / "actions.json"
_OPERATION = re.compile(r"action\s*=\s*'([A-Za-z0-9]+)'")


def wanted_packages(services: dict[str, dict[str, list[str]]]) -> list[str]:
    """The packages of all services, each once, in order of name."""
    return sorted({package for service in services.values() for package in service["packages"]})


def operations(package: str) -> tuple[str, list[str]] | None:
    """Version and operations of an installed package; None when it is not installed."""
    try:
        installed = distribution(package)
    except PackageNotFoundError:
        return None
    client = Path(str(installed.locate_file(f"{package}/client.py")))
    return installed.version, sorted(set(_OPERATION.findall(client.read_text("utf-8"))))


def render(packages: dict[str, dict[str, object]]) -> str:
    """Text of the file, one package a line, so that a change of one package is a change of one line."""
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(packages[name])}" for name in sorted(packages))
    return f"{{\n{lines}\n}}\n"


def main(arguments: list[str]) -> int:
    """Run the script. The exit status is 0 if every package was found and, with ``--check``, nothing has changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requirements", action="store_true", help="print the packages to install and stop")
    parser.add_argument("--check", action="store_true", help="compare what is installed with the file; write nothing")
    options = parser.parse_args(arguments)
    wanted = wanted_packages(json.loads(SERVICES.read_text("utf-8")))
    if options.requirements:
        print("\n".join(wanted))
        return 0
    found = {package: read for package in wanted if (read := operations(package)) is not None}
    fresh = {package: {"version": version, "operations": names} for package, (version, names) in found.items()}
    if options.check:
        return _check(fresh)
    missing = sorted(set(wanted) - set(found))
    if missing:
        print(f"not installed: {', '.join(missing)}; nothing was written", file=sys.stderr)
        return 1
    ACTIONS.write_text(render(fresh), "utf-8")
    print(f"{sum(len(names) for _, names in found.values())} operations of {len(found)} packages")
    return 0


def _check(fresh: dict[str, dict[str, object]]) -> int:
    committed = json.loads(ACTIONS.read_text("utf-8"))
    same_version = [p for p in fresh if committed.get(p, {}).get("version") == fresh[p]["version"]]
    stale = [package for package in same_version if committed[package] != fresh[package]]
    print(f"compared {len(same_version)} packages, {len(stale)} differ: {', '.join(stale) or 'none'}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The plugin's schema: print it, or compare it with that of a release and name what breaks programs.

    python tools/plugin_schema.py                        print the schema
    python tools/plugin_schema.py --since release.json   name breaking changes; exit status 1 when there are any

What breaks a program is in schema_changes.py.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from schema_changes import breaking_changes

from pulumi_alicloud_delegation.plugin import Plugin


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Print the plugin's schema, or compare it with a release's.")
    parser.add_argument(
        "--since", type=Path, help="schema of a release, as this command or `package get-schema` prints it"
    )
    given = parser.parse_args()
    schema = json.loads(Plugin().schema or "{}")
    if given.since is None:
        print(json.dumps(schema, indent=2))
        return 0
    changes = list(dict.fromkeys(breaking_changes(json.loads(given.since.read_text("utf-8")), schema)))
    print("\n".join(changes) or f"nothing breaks programs written for {given.since.stem}")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())

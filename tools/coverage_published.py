"""Write what Alibaba Cloud publishes of the products that the fake has, from their official SDKs.

    python tools/coverage_published.py

Reads the SDKs that are installed (a product whose SDK is missing keeps what the file says) and writes
fakes/alicloud_fakes/coverage/published.json: the names of all actions, and the request fields of those the fake has.
"""

from __future__ import annotations

import json
from pathlib import Path

from alicloud_fakes.coverage import PUBLISHED, sdk
from alicloud_fakes.services import services

FILE = Path(__file__).parent.parent / "fakes" / "alicloud_fakes" / "coverage" / PUBLISHED


def main() -> None:
    """Write the file."""
    published = json.loads(FILE.read_text()) if FILE.exists() else {}
    for name, package in sdk.PACKAGES.items():
        found = sdk.sdk_actions(package, services()[name].actions)
        if found is None:
            print(f"{name}: {package} is not installed; left as it is")
            continue
        published[name] = {"package": package, "actions": found}
    text = json.dumps(dict(sorted(published.items())), indent=1)
    FILE.write_text(_compact(text) + "\n")


def _compact(text: str) -> str:
    """Put each list on a line of its own."""
    out: list[str] = []
    inside = False
    for line in text.splitlines():
        if inside:
            out[-1] += line.strip() + (" " if line.rstrip().endswith(",") else "")
            inside = not line.strip().startswith("]")
            if not inside:
                out[-1] = out[-1].replace(", ]", "]")
        else:
            out.append(line)
            inside = line.rstrip().endswith("[")
    return "\n".join(out)


if __name__ == "__main__":
    main()

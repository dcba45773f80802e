"""The Pulumi engine for machines without a Pulumi installation: found, or built from its Go module.

The work is done by `tools/engine.py` of the repository, which a wheel carries, with its pins, as `engine_tools`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from ram_policies.errors import InvalidInputError

_HERE: Final = Path(__file__).resolve().parent
_PLACES: Final = (_HERE / "engine_tools" / "engine.py", _HERE.parents[2] / "tools" / "engine.py")


def engine_folders() -> str:
    """The folders of the Pulumi CLI and of the YAML language host, as in PATH. Progress goes to standard error.

    Raises:
        InvalidInputError: they are not installed and cannot be made here.
    """
    script = next((place for place in _PLACES if place.is_file()), None)
    if script is None:
        raise InvalidInputError(
            "PATH", "", "has no pulumi", "install Pulumi: https://www.pulumi.com/docs/install/", code="no-engine"
        )
    done = subprocess.run([sys.executable, str(script)], check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
    if done.returncode:
        raise InvalidInputError(
            "PATH", "", "has no pulumi, and it cannot be made here", "install Pulumi, or Go", code="no-engine"
        )
    return done.stdout.strip()

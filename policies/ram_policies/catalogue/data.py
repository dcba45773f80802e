"""The files of the catalogue, each read once and only when it is needed."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_catalogue(name: str) -> dict[str, Any]:
    """The JSON object in a file of this package. Callers do not change it."""
    return json.loads(files("ram_policies.catalogue").joinpath(name).read_text("utf-8"))

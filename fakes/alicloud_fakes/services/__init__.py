"""The products that the fake has, each a package of its own."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from alicloud_fakes.pipeline.registry import Service

# Adding a service is its package and one line here, in the order of docs/coverage.md.
NAMES = (
    "ram",
    "sts",
    "ims",
    "resourcemanager",
    "ecs",
    "vpc",
    "rds",
    "slb",
    "oss",
    "location",
    "bss",
    "accessanalyzer",
)
WITH_ENDPOINT_VARIABLE = tuple(name for name in NAMES if name not in {"bss", "accessanalyzer"})
"""Products whose endpoint the alicloud provider takes from ``<PRODUCT>_ENDPOINT``, in capitals."""


@cache
def services() -> Mapping[str, Service[Any]]:
    """All services by name."""
    return {name: getattr(importlib.import_module(f"{__name__}.{name}"), name) for name in NAMES}


@cache
def by_version() -> Mapping[str, Service[Any]]:
    """All services with a version on the wire, by that version. Versions are unique: they tell products apart."""
    return {service.version: service for service in services().values() if service.version}

"""Type tokens of one resource in the packages that make it.

Pulumi can make a package of any Terraform provider (``pulumi package add terraform-provider aliyun/alicloud``). Its
resources do what those of the alicloud package do and have the same properties, but other type tokens:
``alicloud:index/ramRole:RamRole`` is ``alicloud:ram/role:Role``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_INDEX = "alicloud:index/"
_MODULES: Mapping[str, str] = {
    "CloudSso": "cloudsso",
    "Ims": "ims",
    "Oos": "oos",
    "Oss": "oss",
    "Ram": "ram",
    "ResourceManager": "resourcemanager",
    "Ros": "ros",
}
"""Modules of the alicloud package by what begins the names in the other one."""


@lru_cache(maxsize=4096)
def usual_type(kind: str) -> str:
    """The type token in the alicloud package; any other token is returned as it is."""
    if kind.startswith(_INDEX):
        name = kind.rpartition(":")[2]
        for prefix, module in _MODULES.items():
            rest = name.removeprefix(prefix)
            if rest != name and rest[:1].isupper():
                return f"alicloud:{module}/{rest[0].lower()}{rest[1:]}:{rest}"
    return kind

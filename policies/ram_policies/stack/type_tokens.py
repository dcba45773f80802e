"""Type tokens of one resource in the packages that make it.

Pulumi can make a package of any Terraform provider (``pulumi package add terraform-provider aliyun/alicloud``). Its
resources do what those of the alicloud package do and have the same properties, but other type tokens:
``alicloud:index/ramRole:RamRole`` is ``alicloud:ram/role:Role``. ``type_tokens.json`` has the modules by what begins
the names, and the names that follow no rule. A copy of the provider under a name of its own makes resources of another
package: those that decide about RAM are recognised under every name of a package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from ram_policies.stack.type_coverage import COMPLETE, is_in_table, module_of

_INDEX = ":index/"
_OURS = "alicloud"


@lru_cache(maxsize=4096)
def usual_type(kind: str) -> str:
    """The type token in the alicloud package; any other token is returned as it is."""
    package, index, rest = kind.partition(_INDEX)
    if not index:
        return kind
    found = _of_terraform(rest.rpartition(":")[2])
    if found is None or (package != _OURS and not (is_in_table(found) and module_of(found) in COMPLETE)):
        return kind
    return found


def _of_terraform(name: str) -> str | None:
    """The type of the alicloud package whose name in a package made of the Terraform provider is given."""
    if name in _table()["names"]:
        return _table()["names"][name]
    for prefix, module in _table()["modules"].items():
        rest = name.removeprefix(prefix)
        if rest != name and rest[:1].isupper():
            folder, _, begin = module.partition("/")
            short = f"{begin}{rest}" if begin else f"{rest[0].lower()}{rest[1:]}"
            return f"{_OURS}:{folder}/{short}:{short[0].upper()}{short[1:]}"
    return None


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return json.loads(files("ram_policies.stack").joinpath("type_tokens.json").read_text("utf-8"))

"""A fake Alibaba Cloud: RAM and STS, and enough of the rest to see what a delegate can do.

```python
from alicloud_fakes import mock_alicloud

with mock_alicloud({"11223344": "company-a", "12345678": "company-b"}) as cloud:
    key = cloud.account("company-a").root_key
    ...  # official SDKs, with key.id and key.secret
```
Names are imported on first use: a server needs no client library.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from alicloud_fakes.requirements import python_problem

_PROBLEM = python_problem(sys.version_info[:3])
if _PROBLEM:
    # `python -m alicloud_fakes` imports this first: a command line ends with a sentence, a program with an error.
    raise SystemExit(f"error: {_PROBLEM}") if sys.argv[:1] == ["-m"] else ImportError(_PROBLEM)

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud as Cloud
    from alicloud_fakes.cloud.fake_cloud import Enforcement as Enforcement
    from alicloud_fakes.core.messages import HttpRequest as HttpRequest
    from alicloud_fakes.core.messages import HttpResponse as HttpResponse
    from alicloud_fakes.identity.account import AccessKey as AccessKey
    from alicloud_fakes.identity.account import Account as Account
    from alicloud_fakes.mock import mock_alicloud as mock_alicloud

from ram_policies.extras import extra_needed  # noqa: E402 - older Pythons cannot read it

_HOMES = {
    "AccessKey": "identity.account",
    "Account": "identity.account",
    "Cloud": "cloud.fake_cloud",
    "Enforcement": "cloud.fake_cloud",
    "HttpRequest": "core.messages",
    "HttpResponse": "core.messages",
    "mock_alicloud": "mock",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'alicloud_fakes' has no attribute {name!r}")
    with extra_needed("fakes"):
        value = getattr(importlib.import_module(f"alicloud_fakes.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})

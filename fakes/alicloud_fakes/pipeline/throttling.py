"""Throttling as RAM and STS do it: off until it is installed.

```python
cloud.throttling = Throttling()
cloud.throttling = Throttling({"ram:*": 5})
```
Source: Alibaba Cloud, STS, "Quotas" of the API: 100 calls a second each of AssumeRole, AssumeRoleWithOIDC and
GetCallerIdentity for an account, all its users and roles together ("FAQ about RAM roles and STS tokens").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from alicloud_fakes.core.errors import gateway_error
from ram_policies.errors import InvalidInputError
from ram_policies.pattern import glob_matcher

if TYPE_CHECKING:
    from alicloud_fakes.core.messages import HttpResponse
    from alicloud_fakes.pipeline.call import Call

PUBLISHED: Mapping[str, float] = {"sts:AssumeRole": 100, "sts:AssumeRoleWithOIDC": 100, "sts:GetCallerIdentity": 100}
"""Calls a second for one account, by ``service:Action``."""


class Throttling:
    """Refuses calls beyond a rate for each account: an interceptor.

    A bucket holds the calls of one second and fills again evenly, by the cloud's clock.
    """

    def __init__(self, limits: Mapping[str, float] = PUBLISHED) -> None:
        """Set the rates.

        Args:
            limits: calls a second by ``service:Action``, which may hold wildcards. All calls that match one pattern
                draw on one bucket.

        Raises:
            InvalidInputError: a rate that is not above zero.
        """
        for pattern, rate in limits.items():
            if rate <= 0:
                raise InvalidInputError(
                    f"limits[{pattern!r}]",
                    rate,
                    "is not a rate",
                    "give calls a second, above zero",
                    code="out-of-range",
                )
        self._limits = [(pattern, rate, glob_matcher(pattern.lower())) for pattern, rate in limits.items()]
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def before(self, call: Call) -> HttpResponse | None:
        """Take a call out of each bucket that it matches.

        Raises:
            ApiError: one of them is empty; Throttling.User, as STS answers beyond 100 calls a second.
        """
        if call.action is None or call.caller is None:
            return None
        name = f"{call.action.service.name}:{call.action.name}".lower()
        for pattern, rate, matches in self._limits:
            if matches(name) and not self._take((call.caller.account.id, pattern), max(rate, 1.0), rate, call.time):
                raise gateway_error("throttled user")
        return None

    def after(self, _: Call, response: HttpResponse) -> HttpResponse:
        """Leave the answer as it is."""
        return response

    def _take(self, key: tuple[str, str], size: float, rate: float, now: float) -> bool:
        left, since = self._buckets.get(key, (size, now))
        left = min(size, left + max(0.0, now - since) * rate)
        taken = left >= 1
        self._buckets[key] = (left - 1 if taken else left, now)
        return taken

"""State of STS in an account: none. Tokens carry their own meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account


@dataclass(slots=True, eq=False)
class Sts:
    """STS in one account."""

    account: Account

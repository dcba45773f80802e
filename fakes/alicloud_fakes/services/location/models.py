"""State of Location in an account: none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account


@dataclass(eq=False, repr=False)
class Location:
    """Location in one account."""

    account: Account

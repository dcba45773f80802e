"""State of Access Analyzer in an account: none, it only reads what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account


@dataclass(eq=False, repr=False)
class AccessAnalyzer:
    """Access Analyzer in one account.

    Attributes:
        account: the account.
    """

    account: Account

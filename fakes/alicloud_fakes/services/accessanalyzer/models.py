"""State of Access Analyzer in an account: none, it only reads what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account


class AccessAnalyzer:
    """Access Analyzer in one account.

    Attributes:
        account: the account.
    """

    def __init__(self, account: Account) -> None:
        self.account = account

"""State of Location in an account: none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account


class Location:
    """Location in one account."""

    def __init__(self, account: Account) -> None:
        self.account = account

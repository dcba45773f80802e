"""State of BssOpenApi in an account."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account


class Site(StrEnum):
    """Site at which an account was opened."""

    CHINA = "china"
    INTERNATIONAL = "international"


@dataclass(eq=False, repr=False)
class Bss:
    """BssOpenApi in one account.

    Attributes:
        account: the account.
        site: where the account was opened.
    """

    account: Account
    site: Site = Site.INTERNATIONAL

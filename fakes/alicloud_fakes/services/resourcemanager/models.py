"""State of Resource Manager beyond RAM: resource groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account
    from alicloud_fakes.identity.models import Ram


@dataclass(slots=True, eq=False)
class ResourceGroup:
    """A resource group. `name`: its identifier, which is not its ID."""

    id: str
    name: str
    display_name: str
    created: str
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(eq=False, repr=False)
class ResourceManager:
    """Resource Manager in one account.

    Attributes:
        account: the account.
        groups: resource groups that were created, by ID.
        tasks: names of deleted service-linked roles, by the ID of the task.
    """

    account: Account
    groups: dict[str, ResourceGroup] = field(default_factory=dict[str, ResourceGroup])
    tasks: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def ram(self) -> Ram:
        """Roles, policies and everything else that Resource Manager shares with RAM."""
        return self.account.ram

    @property
    def default_group(self) -> ResourceGroup:
        """The group that each account has from its beginning."""
        digits = f"{int(self.account.id) * 7919 % 36**11:011d}" if self.account.id.isdigit() else "0"
        return ResourceGroup(f"rg-acfm{digits}", "default", "default resource group", "2017-01-01T00:00:00+08:00")

    def all_groups(self) -> dict[str, ResourceGroup]:
        """All resource groups by ID, the default one first."""
        first = self.default_group
        return {first.id: first, **self.groups}

"""One Alibaba Cloud account: what identifies it, its keys, and the state of each service in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alicloud_fakes.identity.models import Ram, User

if TYPE_CHECKING:
    from alicloud_fakes.identity.directory import Directory


@dataclass(slots=True, eq=False)
class AccessKey:
    """A key that does not expire, of a RAM user or of root.

    Attributes:
        id: begins with ``FAKE``, never with the ``LTAI`` of live keys.
        secret: what signs.
        account: whose it is.
        user: None for a key of root.
        created: as the API writes times.
        status: ``Active`` or ``Inactive``.
        last_used: as the API writes times; empty when never.
        last_service: product it was last used for.
        updated: when its status was last changed, as the API writes times; empty when never.
    """

    id: str
    secret: str
    account: Account
    user: User | None
    created: str
    status: str = "Active"
    last_used: str = ""
    last_service: str = ""
    updated: str = ""

    def __repr__(self) -> str:
        return f"AccessKey(id={self.id!r})"


class Account:
    """An account.

    The state of a service is an attribute with the service's name, made when it is first asked for: ``account.ecs``.

    Attributes:
        id: account ID.
        cloud: the cloud it is in.
        root_key: an access key of root.
        ram: users, groups, roles and policies.
    """

    cloud: Directory
    id: str
    states: dict[str, Any]
    ram: Ram
    root_key: AccessKey

    def __init__(self, cloud: Directory, account_id: str) -> None:
        self.cloud = cloud
        self.id = account_id
        self.ram = Ram(self)
        self.states = {"ram": self.ram}

    @property
    def alias(self) -> str:
        """The alias; the account ID when none was set."""
        return self.ram.alias or self.id

    def state(self, service: str) -> Any:  # noqa: ANN401 - each service has a type of its own
        """The state of a service in this account."""
        found = self.states.get(service)
        if found is None:
            found = self.states[service] = self.cloud.make_state(service, self)
        return found

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - each service has a type of its own
        if name.startswith("_") or name == "cloud" or name not in self.cloud.service_names:
            known = ", ".join(sorted(self.cloud.service_names)) if name != "cloud" else "none yet"
            raise AttributeError(f"an account has no service {name!r}; there are: {known}")
        return self.state(name)

    def __repr__(self) -> str:
        return f"Account({self.id!r}, alias={self.alias!r})"

"""Finds access keys of RAM users that are older than a limit. Nothing here knows Pulumi or a fake."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportArgumentType=false, reportReturnType=false
# The official SDKs ship no stubs, and their own annotations say `str = None` for what may be left out.

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from alibabacloud_ram20150501.client import Client
from alibabacloud_ram20150501.models import ListAccessKeysRequest, ListUsersRequest


def old_keys(client: Client, limit: timedelta, now: datetime) -> Iterator[tuple[str, str]]:
    """User and key ID of each active key that was made longer ago than the limit."""
    for user in client.list_users(ListUsersRequest(max_items=1000)).body.users.user:
        keys = client.list_access_keys(ListAccessKeysRequest(user_name=user.user_name)).body.access_keys.access_key
        for key in keys:
            made = datetime.strptime(key.create_date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            if key.status == "Active" and now - made > limit:
                yield user.user_name, key.access_key_id

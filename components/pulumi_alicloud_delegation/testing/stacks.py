"""Stack configurations of a delegation for a fake cloud."""

from __future__ import annotations

from collections.abc import Mapping


def with_endpoint(
    config: Mapping[str, object], endpoint: str, keys: Mapping[str, str], project: str
) -> dict[str, object]:
    """A delegation's stack configuration, pointed at a fake cloud.

    Args:
        config: the `config` of a stack file.
        endpoint: `host:port` of the fake.
        keys: access key ID of each side, `owner` and `delegate`.
        project: namespace of the configuration.
    """
    pointed = dict(config)
    for side, key in keys.items():
        name = f"{project}:{side}"
        account = pointed.get(name)
        pointed[name] = {**(account if isinstance(account, dict) else {}), "accessKey": key, "endpoint": endpoint}
    return pointed

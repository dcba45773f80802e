"""The page that says what the fake does: docs/coverage.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from alicloud_fakes.coverage import ActionCoverage, all_services, parameter_coverage, published_actions
from alicloud_fakes.pipeline.registry import Service

_HEAD = """\
# Coverage

<!-- Written by `python -m alicloud_fakes.coverage --write`; change the actions, not this file. -->

What the fake does of each product, computed from its declarations and compared with Alibaba Cloud's official SDKs. An
action that is not done, and a product that is not there, is answered with status 400, code `NotImplemented` and its
name, which every client reports at once: never with a 404, which a provider would take for "the resource is gone", nor
with a 5xx, which it would repeat for minutes. A parameter that is ignored is taken, and changes nothing.

| product | version | published actions | done |
|---|---|---|---|
{rows}
"""
_NOTES = {
    "ims": (
        "Deleted users and keys are gone at once: there is no recycle bin. Settings of single sign-on for users are "
        "kept, and nobody signs in by them."
    ),
    "ecs": "Instances change their status at once. Disks, networks, images and prices are not modelled.",
    "vpc": "Networks are there at once. No packet is routed; instances name a vSwitch without it being checked.",
    "rds": "Databases are created in code: `account.rds.create(...)`.",
    "slb": "Load balancers are created in code: `account.slb.create(...)`.",
    "oss": (
        "Signatures of version 1 and 4, in headers and in URLs; not version 2. One request carries up to 10 MB; larger "
        "objects come in parts. A body is held against the `Content-MD5` that comes with it. Configurations of buckets "
        "are kept and shown; which of them have an effect is in the [limits](fakes.md#limits)."
    ),
    "location": "On loopback the answer is the address that was asked, so that clients stay with the fake.",
    "bss": "`account.bss.site` says whether an account is Chinese or international; the alicloud provider asks for it.",
    "accessanalyzer": "No SDK is published to compare it with.",
}
_WIDTH = 118


def render() -> str:
    """The whole page."""
    services = all_services()
    parts = [_HEAD.format(rows="\n".join(_row(service) for service in services))]
    parts += [_section(service) for service in services]
    return "\n".join(parts).rstrip() + "\n"


def _version(service: Service[Any]) -> str:
    return service.version or "2019-05-17"


def _row(service: Service[Any]) -> str:
    known = published_actions(service.name)
    done = sum(1 for name in service.actions if name in known) if known else len(service.actions)
    return f"| [{service.name}](#{service.name}) | {_version(service)} | {len(known) or 'unknown'} | {done} |"


def _section(service: Service[Any]) -> str:
    parts = [f"## {service.name}\n"]
    if service.name in _NOTES:
        parts.append(_wrapped(_NOTES[service.name]) + "\n")
    parts.append("| action | parameters | ignored |")
    parts.append("|---|---|---|")
    parts += [_action(parameter_coverage(service, service.actions[name])) for name in sorted(service.actions)]
    parts.append("")
    missing = sorted(published_actions(service.name).keys() - service.actions.keys())
    if missing:
        parts.append(_wrapped(f"Not done ({len(missing)}): {', '.join(missing)}.") + "\n")
    return "\n".join(parts)


def _action(found: ActionCoverage) -> str:
    reasons: dict[str, list[str]] = {}
    for name, why in sorted(found.ignored.items()):
        reasons.setdefault(why, []).append(name)
    ignored = "; ".join(f"{_names(names)} ({why})" for why, names in reasons.items())
    return f"| {found.action} | {_names(found.handled)} | {ignored} |"


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_on_hyphens=False, break_long_words=False)

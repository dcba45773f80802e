"""Warnings about resource names: services, regions and accounts that do not exist, and resources no action fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ram_policies.arn import Arn
from ram_policies.catalogue.actions import called_otherwise, service_exists, service_names
from ram_policies.catalogue.regions import region_ids
from ram_policies.catalogue.spelling import nearest
from ram_policies.findings import Code
from ram_policies.pattern import glob_matcher, has_wildcard
from ram_policies.validation.jsontext import JsonNode, JsonType
from ram_policies.validation.reader import Notes
from ram_policies.validation.statements import StatementNode, StatementValue

_ACCOUNT = re.compile(r"[0-9*?]*|system")
_MASKED = re.compile(r"[0-9]+[0-9xX]+")
"""An account ID whose last digits a documentation page has masked, as in ``177530505652XXXX``."""
_VARIABLE = re.compile(
    r"\$\{[^{}]*\}|\{\{[^{}]*\}\}|\$\([^()]*\)|(?<![$%{])\{[A-Za-z_][\w.-]*\}"  # ${x} {{x}} $(x) {x}
    r"|<[A-Za-z][\w .-]*>|%(?:\([^()]*\))?s(?![A-Za-z0-9])|(?<![\w$])\$[A-Za-z_]\w*"  # <x> %s %(x)s $x
)
"""Places that a template leaves for a value."""
_PRINTED = re.compile(
    r"<[\w.]*(?: object| at 0x|function |bound method )[^>]*>?|\[object [A-Z]\w*\]|Output(?:\[\w*\]|<[\w, ]*>)"
    r"|Calling (?:__str__|\[toString\]|\[toJSON\]) on an \[?Output\S*"
    r"|%![a-z]\([^)]*\)?|\{?0xc[0-9a-f]{8,}\}?|Pulumi\.Output`1\S*|com\.pulumi\.core\.\S*@[0-9a-f]+"
    r"|(?<=[:/])(?:undefined|None|null|NaN)(?![^:/])",
)
_SHOWN = 60
_ANY_SERVICE = {
    *("cloudcontrol", "config", "dbs", "dms", "hbr", "hdm", "oos", "resourcecenter", "resourcemanager", "ros", "tag"),
}
"""Services whose actions are about resources of other services too."""
_RESOURCES_OF = {
    "ims": {"ram"},
    "ram": {"ram", "ims", "resourcemanager"},
    "sts": {"ram"},
    "vpc": {"vpc", "ecs", "slb"},
    "ess": {"ess", "ecs", "slb", "rds"},
    "slb": {"slb", "ecs"},
    "ecs": {"ecs", "vpc", "ram", "slb"},
    "cen": {"cen", "vpc"},
    "log": {"log", "sls"},
    "bssapi": {"bss", "bssapi"},
    "bss": {"bss", "bssapi"},
    "cms": {"cms", "log"},
    "yundun-cert": {"yundun-cert", "cas"},
}
"""RAM codes of the resources that a service's actions are about, where they are not the service's own alone."""
_OBJECT_ACTIONS = {
    *("getobject", "putobject", "deleteobject", "getobjectacl", "putobjectacl", "getobjectversion"),
    *("deleteobjectversion", "restoreobject", "abortmultipartupload", "listparts", "getobjecttagging"),
    *("putobjecttagging", "deleteobjecttagging"),
}


def check_strings(root: JsonNode, notes: Notes) -> None:
    """Note strings that a program printed for a value it does not know, also in a document that has errors."""
    for path, node in _strings(root, ""):
        printed = _PRINTED.search(node.text)
        if printed is not None:
            notes.tell(Code.UNRESOLVED_OUTPUT, node.offset, path, value=repr(_short(printed[0])))


def check_resources(statement: StatementNode) -> None:
    """Note resources of a statement that name nothing, and actions that are not about them."""
    for value in statement.resources:
        arn = _with_places(value)
        if arn is not None:
            _check_fields(statement, value, arn)
    for value in (*statement.actions, *statement.not_actions, *statement.resources):
        _check_variable(statement, value)
    for condition in statement.conditions:
        for value in condition.values:
            _check_variable(statement, value)
    _check_fit(statement)
    _check_objects(statement)


def service_advice(code: str) -> str:
    """Advice on a service that does not exist."""
    meant = called_otherwise(code)
    near = (meant,) if meant else nearest(code, service_names(), within=max(1, len(code) // 3))
    return f"Did you mean {' or '.join(near)}?" if near else "Use the RAM code of the service's authorization page."


def _check_fields(statement: StatementNode, value: StatementValue, arn: Arn) -> None:
    low = arn.service.lower()
    if not service_exists(arn.service) or arn.service != low:
        advice = f"Did you mean {low}?" if service_exists(low) else service_advice(arn.service)
        statement.note(Code.UNKNOWN_SERVICE, value, service=repr(_short(arn.service)), advice=advice)
    of_oss = arn.service == "oss"
    region = arn.region.removeprefix("oss-") if of_oss else arn.region
    if region and not any(map(glob_matcher(region), region_ids())):
        near = nearest(region, region_ids(), within=max(1, len(region) // 4))
        advice = f"Did you mean {' or '.join(near)}?" if near else "Write a region ID, for example cn-hangzhou."
        statement.note(Code.UNKNOWN_REGION, value, region=repr(_short(arn.region)), advice=advice)
    if not _ACCOUNT.fullmatch(arn.account):
        advice = "Write the digits of the account ID."
        if of_oss and not _MASKED.fullmatch(arn.account):
            advice = (
                f"The name of the bucket is the fifth field: acs:oss:*:*:{_short(arn.account)}/{_short(arn.resource)}."
            )
        statement.note(Code.ACCOUNT_NOT_A_NUMBER, value, account=repr(_short(arn.account)), advice=advice)
    bucket, colon, _ = arn.resource.partition(":")
    if of_oss and colon and "/" not in bucket:
        better = _short(str(replace(arn, resource=arn.resource.replace(":", "/", 1))))
        statement.note(Code.COLON_IN_BUCKET_NAME, value, resource=repr(_short(arn.resource)), better=better)


def _with_places(value: StatementValue) -> Arn | None:
    """A resource, with a wildcard for each place that a template left open and for what a program printed.

    Of those there are findings already; what stands there may hold colons.
    """
    return Arn.read(_PRINTED.sub("*", _VARIABLE.sub("*", value.text)))


def _check_variable(statement: StatementNode, value: StatementValue) -> None:
    variable = _VARIABLE.search(_PRINTED.sub("", value.text))
    if variable is not None:
        statement.note(Code.VARIABLE_NOT_SUPPORTED, value, variable=repr(_short(variable[0])))


def _check_fit(statement: StatementNode) -> None:
    """Note a statement none of whose actions is about any of its resources."""
    resources = [value.arn.service.lower() if value.arn else "*" for value in statement.resources]
    actions = [value.text.partition(":")[0].lower() for value in statement.actions]
    if not actions or not resources or any(map(_open, (*resources, *actions))):
        return
    about = {code for action in actions for code in _RESOURCES_OF.get(action, {action})}
    if about.isdisjoint(resources):
        statement.note_here(
            Code.ACTION_RESOURCE_MISMATCH,
            "Resource",
            actions=_few(value.text for value in statement.actions),
            resources=_few(value.text for value in statement.resources),
        )


def _open(code: str) -> bool:
    """True if a service may stand for others, or is none that the catalogue knows."""
    return code in _ANY_SERVICE or has_wildcard(code) or not service_exists(code)


def _check_objects(statement: StatementNode) -> None:
    """Note actions on objects in a statement that names only buckets."""
    arns = [_with_places(value) for value in statement.resources]
    if not arns or not all(arn is not None and _is_bucket(arn) for arn in arns):
        return
    for value in statement.actions:
        if value.text.lower().removeprefix("oss:") in _OBJECT_ACTIONS:
            bucket = _short(statement.resources[0].text)
            statement.note(Code.OBJECT_ACTION_ON_BUCKET, value, action=value.text, resource=bucket)


def _is_bucket(arn: Arn) -> bool:
    """True if an ARN names a bucket, and no objects."""
    return arn.service == "oss" and _ACCOUNT.fullmatch(arn.account) is not None and not set(arn.resource) & set("/*:")


def _strings(node: JsonNode, path: str) -> Iterator[tuple[str, JsonNode]]:
    """Every string value with its path."""
    if node.kind is JsonType.STRING:
        yield path, node
    for index, item in enumerate(node.items):
        yield from _strings(item, f"{path}[{index}]")
    for key, value in node.members:
        yield from _strings(value, f"{path}.{key.text}".lstrip("."))


def _few(texts: Iterator[str]) -> str:
    listed = list(texts)
    more = f" and {len(listed) - 2} more" if len(listed) > 2 else ""
    return ", ".join(_short(text) for text in listed[:2]) + more


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

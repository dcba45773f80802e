"""Conditions and statements in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ram_policies.arn import Arn
from ram_policies.document import Condition, Effect, Statement
from ram_policies.operators import FOR_ALL, FOR_ANY, parse_operator

_EXACT = {
    ("Bool", "acs:MFAPresent", "true"): "with MFA",
    ("Bool", "acs:MFAPresent", "false"): "without MFA",
    ("Bool", "acs:SecureTransport", "true"): "over HTTPS",
    ("Bool", "acs:SecureTransport", "false"): "without HTTPS",
    ("StringLike", "sts:SourceIdentity", "?*"): "with a source identity",
}
_BY_KEY = {
    ("StringEquals", "sts:ExternalId"): "with external ID {}",
    ("StringLike", "sts:ExternalId"): "with an external ID like {}",
    ("StringEquals", "sts:SourceIdentity"): "named {}",
    ("StringEqualsIgnoreCase", "sts:SourceIdentity"): "named {}",
    ("IpAddress", "acs:SourceIp"): "from {}",
    ("NotIpAddress", "acs:SourceIp"): "from anywhere but {}",
    ("StringEquals", "acs:SourceVpc"): "from VPC {}",
    ("DateLessThan", "acs:CurrentTime"): "before {}",
    ("DateLessThanEquals", "acs:CurrentTime"): "until {}",
    ("DateGreaterThan", "acs:CurrentTime"): "after {}",
    ("DateGreaterThanEquals", "acs:CurrentTime"): "from {} on",
    ("StringEquals", "acs:PrincipalARN"): "as {}",
    ("StringLike", "acs:PrincipalARN"): "as {}",
    ("StringEquals", "acs:Service"): "for the service {}",
    ("StringEquals", "acs:ResourceGroupId"): "in resource group {}",
}
_TAGS = {"acs:ResourceTag/": "on resources tagged {} = {}", "acs:RequestTag/": "setting the tag {} = {}"}
_SET = {"": "", FOR_ALL: "only values ", FOR_ANY: "some value "}
_SHOWN = 4


def condition_phrase(condition: Condition) -> str:
    """One condition as the rest of a sentence: ``with MFA``, ``from 10.0.0.0/8``, ``before 2027-01-01T00:00:00Z``."""
    if len(condition.values) == 1:
        exact = _EXACT.get((condition.operator, condition.key, condition.values[0].lower()))
        if exact:
            return exact
    values = listed(condition.values, "or")
    known = _BY_KEY.get((condition.operator, condition.key))
    if known:
        return known.format(values)
    for prefix, phrase in _TAGS.items():
        if condition.key.startswith(prefix) and condition.operator in {"StringEquals", "StringLike"}:
            return phrase.format(condition.key.removeprefix(prefix), values)
    parsed = parse_operator(condition.operator)
    if parsed is None:
        return f"with {condition.key} {condition.operator} {values}"
    prefix, operator = parsed
    return f"with {condition.key} {_SET[prefix]}{operator.phrase.format(values)}"


def conditions_phrase(conditions: Iterable[Condition]) -> str:
    """All conditions of a statement as the rest of a sentence; empty when there are none."""
    return " and ".join(condition_phrase(condition) for condition in conditions)


def statement_phrase(statement: Statement) -> str:
    """A statement of a grant in words: ``ecs:* on everything, with MFA``."""
    what = listed(statement.actions) if statement.actions else f"everything but {listed(statement.not_actions)}"
    if statement.actions == ("*",):
        what = "everything"
    where = "everything" if "*" in statement.resources else listed(statement.resources)
    text = f"{what} on {where}"
    tail = conditions_phrase(statement.conditions)
    if statement.effect is Effect.DENY:
        text = f"refused: {text}"
    return f"{text}, {tail}" if tail else text


def trusted_phrase(statement: Statement) -> str:
    """Principals that a statement of a trust policy allows."""
    names = [principal_phrase(name) for name in statement.principals or ()]
    tail = conditions_phrase(statement.conditions)
    who = listed(names, "or") if names else "somebody"
    return f"{who}, {tail}" if tail else who


def principal_phrase(principal: str) -> str:
    """A principal of a trust policy: ``account 12345678``, ``user AAA of 12345678``."""
    arn = Arn.read(principal)
    if arn is None:
        return f"the service {principal}"
    return f"account {arn.account}" if arn.is_root else f"{arn.resource_type} {arn.name} of {arn.account}"


def listed(values: Sequence[str], last: str = "and", shown: int = _SHOWN) -> str:
    """Values in a sentence; of many, the first few and how many more."""
    if len(values) > shown + 1:
        return f"{', '.join(values[:shown])} {last} {len(values) - shown} more"
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} {last} {values[-1]}"

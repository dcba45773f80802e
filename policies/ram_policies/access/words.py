"""Conditions and statements in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ram_policies.document import Condition, Effect, Statement
from ram_policies.principals import account_of

_EXACT = {
    ("Bool", "acs:MFAPresent", "true"): "with MFA",
    ("Bool", "acs:MFAPresent", "false"): "without MFA",
    ("Bool", "acs:SecureTransport", "true"): "over HTTPS",
    ("Bool", "acs:SecureTransport", "false"): "without HTTPS",
}
_BY_KEY = {
    ("StringEquals", "sts:ExternalId"): "with external ID {}",
    ("StringLike", "sts:ExternalId"): "with an external ID like {}",
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
_OPERATORS = {
    "StringEquals": "equal to {}",
    "StringNotEquals": "other than {}",
    "StringEqualsIgnoreCase": "equal to {} in any case",
    "StringNotEqualsIgnoreCase": "other than {} in any case",
    "StringLike": "like {}",
    "StringNotLike": "not like {}",
    "NumericEquals": "equal to {}",
    "NumericNotEquals": "other than {}",
    "NumericLessThan": "below {}",
    "NumericLessThanEquals": "at most {}",
    "NumericGreaterThan": "above {}",
    "NumericGreaterThanEquals": "at least {}",
    "DateEquals": "at {}",
    "DateNotEquals": "at another time than {}",
    "DateLessThan": "before {}",
    "DateLessThanEquals": "until {}",
    "DateGreaterThan": "after {}",
    "DateGreaterThanEquals": "from {} on",
    "Bool": "{}",
    "IpAddress": "in {}",
    "NotIpAddress": "outside {}",
    "IpAddressIncludeBorder": "in {}",
    "NotIpAddressIncludeBorder": "outside {}",
}
_SET = {"ForAllValues": "only values ", "ForAnyValue": "some value "}
_SHOWN = 4


def condition_words(condition: Condition) -> str:
    """One condition as the rest of a sentence: ``with MFA``, ``from 10.0.0.0/8``, ``before 2027-01-01T00:00:00Z``."""
    if len(condition.values) == 1:
        exact = _EXACT.get((condition.operator, condition.key, condition.values[0].lower()))
        if exact:
            return exact
    values = listed(condition.values, "or")
    known = _BY_KEY.get((condition.operator, condition.key))
    if known:
        return known.format(values)
    for prefix, words in _TAGS.items():
        if condition.key.startswith(prefix) and condition.operator in {"StringEquals", "StringLike"}:
            return words.format(condition.key.removeprefix(prefix), values)
    several, _, base = condition.operator.rpartition(":")
    return f"with {condition.key} {_SET.get(several, '')}{_OPERATORS.get(base, base + ' {}').format(values)}"


def conditions_words(conditions: Iterable[Condition]) -> str:
    """All conditions of a statement as the rest of a sentence; empty when there are none."""
    return " and ".join(condition_words(condition) for condition in conditions)


def statement_words(statement: Statement) -> str:
    """What a statement of a grant says: ``ecs:* on everything, with MFA``."""
    what = listed(statement.actions) if statement.actions else f"everything but {listed(statement.not_actions)}"
    if statement.actions == ("*",):
        what = "everything"
    where = "everything" if "*" in statement.resources else listed(statement.resources)
    told = f"{what} on {where}"
    tail = conditions_words(statement.conditions)
    if statement.effect is Effect.DENY:
        told = f"refused: {told}"
    return f"{told}, {tail}" if tail else told


def trusted_words(statement: Statement) -> str:
    """Whom a statement of a trust policy lets in."""
    names = [principal_words(name) for name in statement.principals or ()]
    tail = conditions_words(statement.conditions)
    who = listed(names, "or") if names else "somebody"
    return f"{who}, {tail}" if tail else who


def principal_words(principal: str) -> str:
    """A principal of a trust policy: ``account 12345678``, ``user AAA of 12345678``."""
    account = account_of(principal)
    if not account:
        return f"the service {principal}"
    kind, _, name = principal.split(":", 4)[-1].partition("/")
    return f"account {account}" if kind == "root" else f"{kind} {name} of {account}"


def listed(values: Sequence[str], last: str = "and", shown: int = _SHOWN) -> str:
    """Values in a sentence; of many, the first few and how many more."""
    if len(values) > shown + 1:
        return f"{', '.join(values[:shown])} {last} {len(values) - shown} more"
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} {last} {values[-1]}"

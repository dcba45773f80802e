"""Warnings about conditions: keys that may be absent, keys that do not exist, operators and values of another type."""

from __future__ import annotations

from ram_policies.catalogue.condition_keys import (
    CONDITION_KEYS,
    ConditionKey,
    Presence,
    documented_key,
    find_key_ignoring_case,
)
from ram_policies.catalogue.spelling import nearest
from ram_policies.findings import Code
from ram_policies.operators import FOR_ALL, FOR_ANY, ConditionOperator
from ram_policies.pattern import has_wildcard
from ram_policies.validation.statements import ConditionNode, StatementNode
from ram_policies.values import Category

_ABSENT_WHERE_IT_MATTERS = {
    "acs:MFAPresent": "calls with an AccessKey do not carry it",
    "sts:ExternalId": "callers who give no external ID do not carry it",
    "sts:SourceIdentity": "callers who give no source identity do not carry it",
    "acs:SourceVpc": "requests from outside a VPC do not carry it",
}
_OPERATOR_FOR = {
    (Category.STRING, False): "StringEquals or StringLike",
    (Category.STRING, True): "StringNotEquals or StringNotLike",
    (Category.NUMBER, False): "a Numeric operator",
    (Category.NUMBER, True): "NumericNotEquals",
    (Category.DATE, False): "a Date operator, for example DateLessThan",
    (Category.DATE, True): "DateNotEquals",
    (Category.BOOLEAN, False): "Bool",
    (Category.BOOLEAN, True): "Bool with the other value",
    (Category.IP, False): "IpAddress",
    (Category.IP, True): "NotIpAddress",
}
_HOLDS = {
    Category.STRING: "text",
    Category.NUMBER: "a number",
    Category.DATE: "a time",
    Category.BOOLEAN: "true or false",
    Category.IP: "an address",
}
_COMPARES = {
    Category.STRING: "texts",
    Category.NUMBER: "numbers",
    Category.DATE: "times",
    Category.BOOLEAN: "Booleans",
    Category.IP: "addresses",
}
_FOREIGN_PREFIXES = ("acs:", "aws:")


def check_conditions(statement: StatementNode) -> None:
    """Note conditions of a statement that may not do what they seem to do."""
    for condition in statement.conditions:
        known = documented_key(condition.key.text)
        _absent_key(statement, condition, known)
        if known is None:
            _unknown_key(statement, condition)
        else:
            _key_type(statement, condition, known)
        _literal_pattern(statement, condition)


def _absent_key(statement: StatementNode, condition: ConditionNode, known: ConditionKey | None) -> None:
    key = condition.key.text
    present = (known is not None and known.presence is Presence.ALWAYS) or _is_demanded(statement, key)
    if statement.allows and condition.prefix == FOR_ALL and not present:
        statement.note(Code.ALLOW_WITH_FOR_ALL_VALUES, condition.key, key=key)
    elif statement.allows and condition.operator.negated and not present:
        statement.note(Code.ALLOW_WITH_NEGATED_CONDITION, condition.key, key=key)
    elif not statement.allows and not condition.operator.negated and key in _ABSENT_WHERE_IT_MATTERS:
        statement.note(Code.DENY_MISSES_ABSENT_KEY, condition.key, key=key, absent=_ABSENT_WHERE_IT_MATTERS[key])


def _is_demanded(statement: StatementNode, key: str) -> bool:
    """True if another condition of the statement fails where the key is absent."""
    return any(
        condition.key.text == key
        and (condition.prefix == FOR_ANY or not (condition.prefix or condition.operator.negated))
        for condition in statement.conditions
    )


def _unknown_key(statement: StatementNode, condition: ConditionNode) -> None:
    key = condition.key.text
    meant = find_key_ignoring_case(key)
    if meant is not None:  # unconfirmed.CONDITION_KEY_CASE
        statement.note(Code.CONDITION_KEY_CASE, condition.key, key=repr(key), meant=meant.name)
    elif key.startswith(_FOREIGN_PREFIXES):
        candidate = key.replace("aws:", "acs:", 1)
        near = nearest(candidate, (known.name for known in CONDITION_KEYS), within=max(2, len(key) // 4))
        advice = f"Did you mean {' or '.join(near)}?" if near else "Use a documented key."
        statement.note(Code.UNKNOWN_CONDITION_KEY, condition.key, key=repr(key), advice=advice)


def _key_type(statement: StatementNode, condition: ConditionNode, known: ConditionKey) -> None:
    if condition.operator.category is known.category:
        return
    statement.note(
        Code.OPERATOR_KEY_MISMATCH,
        condition.key,
        key=condition.key.text,
        category=_HOLDS[known.category],
        operator=condition.operator_name,
        compared=_COMPARES[condition.operator.category],
        advice=f"{_better(statement, condition, known)}.{_more(statement, condition)}",
    )


def _better(statement: StatementNode, condition: ConditionNode, known: ConditionKey) -> str:
    """The operator to use. A Deny that is negated stays: with Bool it would spare those who leave the key out."""
    if known.category is Category.BOOLEAN and condition.operator.negated and not statement.allows:
        return "Keep it, or allow with Bool instead: a Deny with Bool does not apply where the key is absent"
    return f"Use {_OPERATOR_FOR[known.category, condition.operator.negated]}"


def _more(statement: StatementNode, condition: ConditionNode) -> str:
    """Warning where another operator can let more requests through than today."""
    return " Look at what it then allows: it may be more than today." if opens(statement, condition) else ""


def opens(statement: StatementNode, condition: ConditionNode) -> bool:
    """True if a condition that does what it says can let through more than one that does not."""
    return statement.allows is not condition.operator.negated


def _literal_pattern(statement: StatementNode, condition: ConditionNode) -> None:
    if not _compares_literally(condition.operator):
        return
    for value in condition.values:
        if has_wildcard(value.text):
            better = "StringNotLike" if condition.operator.negated else "StringLike"
            advice = f"Use {better}.{_more(statement, condition)}"
            name = condition.operator_name
            statement.note(Code.LITERAL_PATTERN, value, operator=name, value=repr(value.text), advice=advice)
            return


def _compares_literally(operator: ConditionOperator) -> bool:
    return operator.category is Category.STRING and not operator.takes_wildcards

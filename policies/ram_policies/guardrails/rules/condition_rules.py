"""Rules about conditions that do not do what they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from ram_policies.catalogue.condition_keys import documented_key, find_key_ignoring_case
from ram_policies.conditions import CompiledCondition
from ram_policies.document import Condition, Effect
from ram_policies.guardrails.meaning import MFA, comma_separated
from ram_policies.guardrails.rule_model import HIGH, Example, SecuritySettings, Violation, not_known, rule
from ram_policies.operators import FOR_ALL, parse_operator
from ram_policies.proof import no_value_passes
from ram_policies.proof.budget import Budget
from ram_policies.stack.views import DocumentView

_WORK = 400_000
"""Steps of proof for the conditions of one document; what is not decided by then is not a violation."""
_UNKNOWN = "A document that is not known at preview is a violation."


@rule(
    "condition-never-holds",
    title="A condition can never hold",
    severity=HIGH,
    on=DocumentView,
    settings=SecuritySettings,
    why=(
        "An Allow with such a condition gives nothing; a Deny with one protects nothing. The rule finds tests of one "
        "key that no value passes together (a window that ends before it begins, two different values at once, a "
        "network inside an excluded one, a pattern and its negation), and keys that RAM does not have."
    ),
    unknown=_UNKNOWN,
    example=Example(
        bad=(
            '"Condition": {"DateGreaterThan": {"acs:CurrentTime": "2031-01-01T00:00:00Z"},\n'
            '              "DateLessThan":    {"acs:CurrentTime": "2030-01-01T00:00:00Z"}}'
        ),
        good=(
            '"Condition": {"DateGreaterThan": {"acs:CurrentTime": "2030-01-01T00:00:00Z"},\n'
            '              "DateLessThan":    {"acs:CurrentTime": "2031-01-01T00:00:00Z"}}'
        ),
    ),
)
def condition_never_holds(view: DocumentView, settings: SecuritySettings) -> Iterator[Violation]:
    """Ask for conditions of one key that exclude each other, and for keys that no request carries."""
    del settings
    if view.unknown:
        yield not_known(view.urn, f"The document in {view.field}")
    budget = Budget()
    for index, statement in enumerate(view.document.statements if view.document else ()):
        where = f"{view.field}, Statement[{index}]"
        means = "so it allows nothing" if statement.effect is Effect.ALLOW else "so it denies nothing"
        conditions = no_value_passes(statement.conditions, budget)
        if conditions:
            tests = comma_separated(f"{c.operator} {' or '.join(c.values)}" for c in conditions)
            message = f"{where}: no value of {conditions[0].key} passes {tests}, {means}."
            yield Violation(view.urn, message, "Make the tests agree, or remove the statement.")
        for condition in statement.conditions:
            if _never_sent(condition.key) and CompiledCondition(condition).holds({}) is False:
                message = f"{where}: no request carries {condition.key}, {means}."
                yield Violation(view.urn, message, f"Use a condition key that RAM has{_meant(condition.key)}.")


def _never_sent(key: str) -> bool:
    """True if RAM has no such key; of the keys of single services nobody has the whole list."""
    return key.startswith("aws:") or (key.lower().startswith("acs:") and documented_key(key) is None)


def _meant(key: str) -> str:
    meant = find_key_ignoring_case(key)
    return "" if meant is None else f", {meant.name}"


@rule(
    "mfa-loophole",
    title="A test for MFA lets access keys through",
    severity=HIGH,
    on=DocumentView,
    settings=SecuritySettings,
    why=(
        "`acs:MFAPresent` is only in requests of console sign-ins. A call with an access key does not have it at "
        'all: it is not "false" but absent. So a Deny on `"acs:MFAPresent": "false"` does not stop access keys, and '
        "an Allow with a negated test (`StringNotEquals`, `ForAllValues:`) allows them. The only safe form is an "
        'Allow with `Bool "acs:MFAPresent": "true"`.'
    ),
    unknown=_UNKNOWN,
    example=Example(
        bad=('{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"acs:MFAPresent": "false"}}}'),
        good=(
            '{"Effect": "Allow", "Action": "ecs:*", "Resource": "*", "Condition": {"Bool": {"acs:MFAPresent": "true"}}}'
        ),
    ),
)
def mfa_loophole(view: DocumentView, settings: SecuritySettings) -> Iterator[Violation]:
    """Judge what each test of acs:MFAPresent does to a request without it."""
    del settings
    if view.unknown:
        yield not_known(view.urn, f"The document in {view.field}")
    for index, statement in enumerate(view.document.statements if view.document else ()):
        for condition in statement.conditions:
            if condition.key.lower() != MFA.lower():
                continue
            message = _loophole(condition, statement.effect)
            if message:
                yield Violation(
                    view.urn,
                    f"{view.field}, Statement[{index}]: {message}",
                    'Allow what needs MFA with "Bool": {"acs:MFAPresent": "true"}, and nothing else.',
                )


def _loophole(condition: Condition, effect: Effect) -> str:
    parsed = parse_operator(condition.operator)
    without_key = CompiledCondition(condition).holds({})
    wants_false = [value.lower() for value in condition.values] == ["false"]
    if effect is Effect.DENY:
        return "" if without_key else "the Deny is about acs:MFAPresent, which calls with access keys do not carry."
    if without_key:
        return f"{condition.operator} on acs:MFAPresent also holds for calls with access keys, which do not carry it."
    if wants_false and parsed is not None and parsed[0] != FOR_ALL:
        return 'it allows only requests whose acs:MFAPresent is "false": console users without MFA.'
    return ""

"""Escalation: the actions of a statement that turn a narrow grant into a wider one, by classes of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from ram_policies.catalogue import Hazard
from ram_policies.catalogue.levels import actions_with, classified_services, hazards, pattern_hazards
from ram_policies.catalogue.service_roles import service_roles
from ram_policies.document import Effect, Statement
from ram_policies.folding import fold
from ram_policies.pattern import glob_matcher, has_wildcard
from ram_policies.stack.views import RoleView, StackView

_ALWAYS = (Hazard.ESCALATES, Hazard.POWER_OVER_ACCOUNT, Hazard.UNCLASSIFIED)
_OF_THE_ACCOUNT = (Hazard.EXPOSES_CREDENTIALS, Hazard.RUNS_CODE_AS)
_ORDER = (Hazard.ESCALATES, Hazard.POWER_OVER_ACCOUNT, *_OF_THE_ACCOUNT, Hazard.UNCLASSIFIED)
_NEW_ACTION = "AnyNewAction"
_SERVICES_OF = {
    "emr": ("emr-serverless-spark",),
    "mgw": ("hcs-mgw",),
    "pai": ("aiworkspace", "eas", "paidlc", "paidsw", "paistudio", "paiworkspace"),
}
"""Codes of the actions of services whose principal has another name."""


@lru_cache(maxsize=4096)
def dangerous_actions(statement: Statement) -> tuple[str, ...]:
    """The actions that a statement speaks about and that are ways to more access, as far as RAM itself goes.

    An action of a classified service that the catalogue does not know counts as well. Actions that run code count for
    the services that run it with a role by design (fc, oos, ros); those of other services are `service_actions`.
    """
    return tuple(
        action
        for hazard in _ORDER
        for action in _matched(statement, hazard)
        if hazard in _ALWAYS or action.partition(":")[0].lower() in classified_services()
    )


@lru_cache(maxsize=4096)
def service_actions(statement: Statement, service: str) -> tuple[str, ...]:
    """The actions by which a statement lets somebody run code in a service, by RAM's code of the service."""
    actions = (a for a in _matched(statement, Hazard.RUNS_CODE_AS) if a.lower().startswith(f"{service}:"))
    return tuple(actions)


def services_with_roles(stack: StackView, account: object) -> tuple[str, ...]:
    """RAM's codes of the services that roles of an account trust, so that code in them may run with a role."""
    named: dict[str, None] = {}
    for role in stack.roles:
        if role.account == account or not isinstance(role.account, str) or not isinstance(account, str):
            named |= dict.fromkeys(_trusted_services(role))
    return tuple(named)


def way(action: str) -> str:
    """Gain of an attacker by an action, in a sentence with ``{}`` for the actions."""
    known = _ways().get(action.lower())
    if known:
        return f"with {{}} it {known}"
    worst = next((hazard for hazard in _ORDER if hazard in hazards(action)), Hazard.UNCLASSIFIED)
    return f"{{}} {worst.description}"


def without_tomorrow(actions: Iterable[str]) -> list[str]:
    """The actions, without the uncatalogued one of a service that also has a catalogued one in the list."""
    listed = list(actions)
    named = {a.partition(":")[0].lower() for a in listed if not a.endswith(f":{_NEW_ACTION}")}
    return [a for a in listed if not (a.endswith(f":{_NEW_ACTION}") and a.partition(":")[0].lower() in named)]


def _trusted_services(role: RoleView) -> Iterable[str]:
    document = role.trust.document
    for statement in document.statements if document else ():
        if statement.effect is Effect.ALLOW and statement.principals is not None:
            for name in statement.principals.service:
                principal = name.lower().rpartition("@")[2]
                for label in principal.removesuffix(".aliyuncs.com").split("."):
                    yield from (label, *_SERVICES_OF.get(label, ()))
                used = [entry for entry in service_roles() if entry.principal == principal]
                yield from {action.partition(":")[0] for entry in used for action in entry.uses}


def _matched(statement: Statement, hazard: Hazard) -> tuple[str, ...]:
    tomorrow = [f"{service}:{_NEW_ACTION}" for service in sorted(classified_services())]
    if statement.actions:
        found = dict.fromkeys(a for p in statement.actions for a in pattern_hazards(_known_case(p)).get(hazard, ()))
        if hazard is Hazard.UNCLASSIFIED:
            included = [glob_matcher(fold(pattern)) for pattern in statement.actions if has_wildcard(pattern)]
            found |= dict.fromkeys(a for a in tomorrow if any(matches(fold(a)) for matches in included))
        return tuple(found)
    excluded = [glob_matcher(fold(pattern)) for pattern in statement.not_actions]
    candidates = (*actions_with(hazard), *(tomorrow if hazard is Hazard.UNCLASSIFIED else ()))
    return tuple(a for a in candidates if not any(matches(fold(a)) for matches in excluded))


def _known_case(pattern: str) -> str:
    """The pattern, folded where that changes more than ASCII letters: the evaluator folds it, too."""
    return pattern if pattern.isascii() else fold(pattern)


@cache
def _ways() -> dict[str, str]:
    table = json.loads(files("ram_policies.guardrails").joinpath("escalations.json").read_text("utf-8"))
    return {action.lower(): entry["how"] for entry in table for action in entry["actions"]}

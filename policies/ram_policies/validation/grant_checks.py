"""Warnings about what an Allow gives: any role, any permission, a whole service, credentials, data.

Source of the rules: Alibaba Cloud, RAM, "Validate policies"; the policy checks of other clouds' access analysers and of
their users' linters, carried over where RAM has the same danger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ram_policies.arn import SYSTEM, Arn
from ram_policies.catalogue.levels import Hazard, pattern_hazards
from ram_policies.document import DocumentKind
from ram_policies.findings import Code
from ram_policies.pattern import as_text, cover, glob_matcher, has_wildcard, resource_tokens
from ram_policies.validation.statements import StatementNode, StatementValue

_ALL_ACTIONS = re.compile(r"(?:[*?]*\*[*?]*:)?[*?]*\*[*?]*")
_WHOLE_SERVICE = re.compile(r"[^:]+:[*?]*\*[*?]*")
_PASS_ROLE, _ASSUME_ROLE = "ram:PassRole", "sts:AssumeRole"
_ANY_ROLE = Arn("ram", "*", "*", "role/?*")  # no name is empty
_ANYTHING = Arn("?*", "*", "*", "?*")
_ALL_OF_A_KIND = re.compile(r"(?:\*|[a-z-]+/\*)(?:/(?:\*|[a-z-]+/\*))*", re.IGNORECASE)
_ALL_OBJECTS = re.compile(r"\*(?:/\*)*")
"""Relative ids of OSS begin with the name of a bucket: ``logs/*`` are the objects of one."""
_RUN_CODE = {"ecs", "fc", "oos", "ros"}
"""Services of which it is known by name, and not by pattern, which actions run code."""
_OF_ACCOUNT = {"ram", "ims", "resourcemanager", "resourcesharing", "cloudsso"}
_KINDS_OF_RAM = {
    "user": ("user", "accesskey", "loginprofile", "mfadevice"),
    **{kind: (kind,) for kind in ("role", "group", "policy")},
}
_CHANGING = (Hazard.ESCALATES, Hazard.POWER_OVER_ACCOUNT, Hazard.UNCLASSIFIED)
_TRUST_ACTIONS = ("sts:assumerole", "sts:setsourceidentity")
_EXAMPLES = 3


def check_grant(statement: StatementNode) -> None:
    """Note what an Allow gives beyond operating single resources."""
    if not statement.allows or statement.kind is not DocumentKind.IDENTITY:
        return
    if statement.not_actions:
        statement.note_here(Code.ALLOW_WITH_NOT_ACTION, "NotAction")
        return
    every_action = any(_ALL_ACTIONS.fullmatch(value.text) for value in statement.actions)
    if every_action and any(_covers(value, _ANYTHING) for value in statement.resources):
        if not statement.conditions:
            statement.note_here(Code.ALLOW_EVERYTHING, "Action")
        return
    _any_role(statement)
    for value in statement.actions:
        _on_everything(statement, value)


def check_trust(statement: StatementNode) -> None:
    """Note statements of a trust policy that are never used."""
    if not any(glob_matcher(value.text.lower())(action) for value in statement.actions for action in _TRUST_ACTIONS):
        statement.note_here(Code.TRUST_ACTION, "Action")


def _any_role(statement: StatementNode) -> None:
    wide = next((value for value in statement.resources if _covers(value, _ANY_ROLE)), None)
    if wide is None:
        return
    for code, action in ((Code.PASS_ANY_ROLE, _PASS_ROLE), (Code.ASSUME_ANY_ROLE, _ASSUME_ROLE)):
        value = next((v for v in statement.actions if glob_matcher(v.text.lower())(action.lower())), None)
        if value is not None:
            statement.note(code, value, action=value.text, resource=wide.text)


def _on_everything(statement: StatementNode, value: StatementValue) -> None:
    """Note what one pattern of actions gives where the resource is everything."""
    service = value.text.partition(":")[0].lower()
    whole = any(_covers(resource, Arn(service, "*", "*", "?*")) for resource in statement.resources)
    kinds = set[str]() if whole else _all_of_kinds(statement, service)
    if not whole and not kinds:
        return
    found = pattern_hazards(value.text)
    if not whole:
        found = {hazard: tuple(n for n in names if _is_about(n, value.text, kinds)) for hazard, names in found.items()}
        if service not in _RUN_CODE:
            found.pop(Hazard.RUNS_CODE_AS, None)
    own = {
        Code.CHANGE_PERMISSIONS: _examples(found, *_CHANGING, of=_OF_ACCOUNT),
        Code.RUN_CODE: _examples(found, Hazard.RUNS_CODE_AS),
        Code.CREDENTIALS_EXPOSED: _examples(found, Hazard.EXPOSES_CREDENTIALS),
        Code.DATA_READ: _examples(found, Hazard.READS_DATA),
    }
    if statement.conditions:
        own = {Code.CHANGE_PERMISSIONS: own[Code.CHANGE_PERMISSIONS]}
    elif whole and _WHOLE_SERVICE.fullmatch(value.text):
        statement.note(Code.WHOLE_SERVICE, value, action=value.text)
    for code, examples in own.items():
        if examples:
            included = "" if examples == [value.text] else f" includes {_listed(examples)}"
            statement.note(code, value, actions=value.text + included)


def _all_of_kinds(statement: StatementNode, service: str) -> set[str]:
    """The kinds of resources of a service of which a statement names all: ``instance/*``, in all regions."""
    form = _ALL_OBJECTS if service == "oss" else _ALL_OF_A_KIND
    arns = [value.arn for value in statement.resources if value.arn is not None]
    anywhere = (arn for arn in arns if arn.service == service and set(arn.region) <= {"*"} and _names_an_account(arn))
    return {arn.resource_type.lower() for arn in anywhere if form.fullmatch(arn.resource)}


def _is_about(action: str, pattern: str, kinds: set[str]) -> bool:
    """True if an action is about resources of these kinds: by its name in RAM, elsewhere as a statement names it."""
    service, _, name = action.lower().partition(":")
    if service not in _OF_ACCOUNT:
        return not has_wildcard(pattern)
    named = {kind for kind, fragments in _KINDS_OF_RAM.items() if any(fragment in name for fragment in fragments)}
    return "*" in kinds or (bool(named) and named <= kinds)


def _examples(found: Mapping[Hazard, tuple[str, ...]], *hazards: Hazard, of: set[str] | None = None) -> list[str]:
    """The actions of some hazards, those about roles left out: they have findings of their own."""
    named = dict.fromkeys(action for hazard in hazards for action in found.get(hazard, ()))
    return [
        action
        for action in named
        if action not in {_PASS_ROLE, _ASSUME_ROLE} and (of is None or action.partition(":")[0].lower() in of)
    ]


def _covers(value: StatementValue, resource: Arn) -> bool:
    """True if a pattern covers all resources of a kind, in whatever account."""
    arn = value.arn
    pattern = str(replace(arn, account="*")) if arn is not None and _names_an_account(arn) else value.text
    return cover(resource_tokens(pattern))(as_text(resource_tokens(str(resource))))


def _names_an_account(arn: Arn) -> bool:
    return arn.account.isdigit() or arn.account == SYSTEM or set(arn.account) <= set("*?")


def _listed(actions: list[str]) -> str:
    more = f" and {len(actions) - _EXAMPLES} more" if len(actions) > _EXAMPLES else ""
    return ", ".join(actions[:_EXAMPLES]) + more

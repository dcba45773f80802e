"""Warnings about what an Allow gives: any role, any permission, a whole service, credentials, data.

Source of the rules: Alibaba Cloud, RAM, "Validate policies"; the policy checks of other clouds' access analysers and of
their users' linters, carried over where RAM has the same danger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ram_policies.arn import Arn
from ram_policies.catalogue.levels import Hazard, pattern_hazards
from ram_policies.document import DocumentKind
from ram_policies.findings import Code
from ram_policies.pattern import as_text, cover, glob_matcher, resource_tokens
from ram_policies.validation.statements import StatementNode, StatementValue

_ALL_ACTIONS = {"*", "*:*"}
_PASS_ROLE, _ASSUME_ROLE = "ram:PassRole", "sts:AssumeRole"
_ANY_ROLE = Arn("ram", "*", "*", "role/?*")  # no name is empty
_OF_ACCOUNT = {"ram", "ims", "resourcemanager", "resourcesharing", "cloudsso"}
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
    actions = {value.text for value in statement.actions}
    resources = {value.text for value in statement.resources}
    if actions & _ALL_ACTIONS and "*" in resources:
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
    if not any(_covers(resource, Arn(service, "*", "*", "?*")) for resource in statement.resources):
        return
    found = pattern_hazards(value.text)
    own = {
        Code.CHANGE_PERMISSIONS: _examples(found, *_CHANGING, of=_OF_ACCOUNT),
        Code.RUN_CODE: _examples(found, Hazard.RUNS_CODE_AS),
        Code.CREDENTIALS_EXPOSED: _examples(found, Hazard.EXPOSES_CREDENTIALS),
        Code.DATA_READ: _examples(found, Hazard.READS_DATA),
    }
    if statement.conditions:
        own = {Code.CHANGE_PERMISSIONS: own[Code.CHANGE_PERMISSIONS]}
    elif value.text.endswith(":*"):
        statement.note(Code.WHOLE_SERVICE, value, action=value.text)
    for code, examples in own.items():
        if examples:
            included = "" if examples == [value.text] else f" includes {_listed(examples)}"
            statement.note(code, value, actions=value.text + included)


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
    anywhere = arn is not None and (arn.account.isdigit() or set(arn.account) <= set("*?"))
    pattern = str(replace(arn, account="*")) if arn is not None and anywhere else value.text
    return cover(resource_tokens(pattern))(as_text(resource_tokens(str(resource))))


def _listed(actions: list[str]) -> str:
    more = f" and {len(actions) - _EXAMPLES} more" if len(actions) > _EXAMPLES else ""
    return ", ".join(actions[:_EXAMPLES]) + more

"""Commands that answer questions about one model: who-can, what-can, can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from access_cli.exit_codes import command, not_as_expected
from access_cli.options import (
    Absent,
    AccountIds,
    AsJson,
    Depth,
    DocumentsOption,
    Fakes,
    GivenOption,
    Previews,
    ResourceGroupOption,
    States,
)
from access_cli.output import (
    access_json,
    complain,
    permission_json,
    say,
    say_access,
    say_gaps,
    say_json,
    say_permissions,
)
from access_cli.sources import ModelSources, read_context
from ram_policies.access.aliases import with_account_id
from ram_policies.access.assume_graph import DEPTH
from ram_policies.access.model import Holder
from ram_policies.access.phrases import listed
from ram_policies.access.what import find_holder, names_of, what_can
from ram_policies.access.who import Access, Explorer
from ram_policies.arn import is_in_account
from ram_policies.catalogue.actions import Known, known_action
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.decision import Request

NOBODY = "nobody"
_ALLOWED, _DENIED, _DEPENDS = "allowed", "denied", "depends"

ActionArgument = Annotated[
    str, typer.Argument(help="For example ecs:StopInstance; wildcards ask for any that matches.")
]
ResourceArgument = Annotated[
    str, typer.Argument(help="An ARN, or a pattern that asks for any resource that matches; * is any at all.")
]
PrincipalArgument = Annotated[str, typer.Argument(help="An ARN, or a name: AAA, role/ecs-admin, AAA@company-b.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command("who-can")(command(who_can))
    app.command("what-can")(command(what_can_command))
    app.command("can")(command(can))


def who_can(
    action: ActionArgument,
    resource: ResourceArgument = "*",
    *,
    documents: DocumentsOption = None,
    state: States = None,
    preview: Previews = None,
    fake: Fakes = None,
    account: AccountIds = None,
    given: GivenOption = None,
    absent: Absent = None,
    resource_group: ResourceGroupOption = None,
    depth: Depth = DEPTH,
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            metavar="NAME",
            help=(
                "Exit with 1 unless exactly these can, under whatever conditions; `nobody` for none. A role need not "
                "be named: those who can assume it are enough. Repeatable."
            ),
        ),
    ] = None,
    json_: AsJson = False,
) -> None:
    """List who can do an action on a resource: users, roles and sessions, by which way, and under which conditions.

    The root identity of the account that the resource is in, which can do everything, is not listed.

    Example: access who-can ecs:StopInstance 'acs:ecs:*:company-a:instance/*' --state stack.json
    """
    explorer = _explorer(_sources(documents, state, preview, fake, account), given, absent, resource_group, depth)
    resource = _asked(explorer, action, resource, expected=bool(expect))
    found = list(explorer.who_can(action, resource))
    if json_:
        say_json({"access": [access_json(access) for access in found], "notKnown": list(explorer.model.gaps)})
    else:
        say_access(found)
        if not found:
            say("nobody")
        say_gaps(explorer.model.gaps)
    if expect:
        _expect_holders(found, expect)


def _expect_holders(found: Sequence[Access], expected: Sequence[str]) -> None:
    able = {access.holder.arn: access.holder for access in found}
    wanted = [] if list(expected) == [NOBODY] else [name.lower() for name in expected]
    named = {arn for arn, holder in able.items() if not names_of(holder).isdisjoint(wanted)}
    more = [holder.title for arn, holder in able.items() if arn not in named and holder.kind != "role"]
    less = [name for name in wanted if not any(name in names_of(holder) for holder in able.values())]
    shown = ([f"{listed(more)} can as well"] if more else []) + ([f"{listed(less)} cannot"] if less else [])
    if shown:
        not_as_expected("; ".join(shown))


def what_can_command(
    principal: PrincipalArgument,
    *,
    documents: DocumentsOption = None,
    state: States = None,
    preview: Previews = None,
    fake: Fakes = None,
    account: AccountIds = None,
    depth: Depth = DEPTH,
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            metavar="POLICY",
            help="Exit with 1 unless exactly these policies decide, its own and those of roles. Repeatable.",
        ),
    ] = None,
    json_: AsJson = False,
) -> None:
    """List what somebody can do, and through which roles.

    Example: access what-can AAA@company-b --documents accounts.json
    """
    explorer = _explorer(_sources(documents, state, preview, fake, account), None, None, None, depth)
    _, holder = find_holder(explorer, principal)
    found = what_can(explorer, principal)
    if json_:
        shown = [permission_json(permission) for permission in found]
        say_json({"principal": holder.arn, "permissions": shown, "notKnown": list(explorer.model.gaps)})
    else:
        say_permissions(holder, found)
        say_gaps(explorer.model.gaps)
    there = {permission.policy.name for permission in found}
    if expect and there != set(expect):
        not_as_expected(f"the policies are {listed(sorted(there)) or 'none'}, not {listed(sorted(expect))}")


def can(
    principal: PrincipalArgument,
    action: ActionArgument,
    resource: ResourceArgument,
    *,
    documents: DocumentsOption = None,
    state: States = None,
    preview: Previews = None,
    fake: Fakes = None,
    account: AccountIds = None,
    given: GivenOption = None,
    absent: Absent = None,
    resource_group: ResourceGroupOption = None,
    depth: Depth = DEPTH,
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="ANSWER", help="allowed, denied or depends; else exit with 1.")
    ] = None,
    json_: AsJson = False,
) -> None:
    """Tell if somebody can do an action on a resource, itself or through roles: allowed, denied, or depends on what.

    Example: access can AAA ecs:StopInstance '*' --documents accounts.json --given acs:MFAPresent=true
    """
    if expect not in {None, _ALLOWED, _DENIED, _DEPENDS}:
        raise InvalidInputError(
            "--expect", expect, "is not one of the answers", "write allowed, denied or depends", code="not-a-choice"
        )
    explorer = _explorer(_sources(documents, state, preview, fake, account), given, absent, resource_group, depth)
    resource = _asked(explorer, action, resource, expected=expect is not None)
    _, holder = find_holder(explorer, principal)
    found = [access for access in explorer.who_can(action, resource) if access.holder.arn == holder.arn]
    answer = _ALLOWED if any(access.certain for access in found) else _DEPENDS if found else _DENIED
    missing = () if found else _missing(explorer, holder, action, resource)
    if json_:
        ways = [access_json(access) for access in found]
        say_json({"principal": holder.arn, "answer": answer, "access": ways, "missing": list(missing)})
    else:
        say(answer, {"allowed": "green", "denied": "red"}.get(answer, "yellow"))
        say_access(found)
        for text in missing:
            say(f"  missing: {text}")
        say_gaps(explorer.model.gaps)
    if expect not in {None, answer}:
        not_as_expected(f"{answer}, not {expect}")


def _missing(explorer: Explorer, holder: Holder, action: str, resource: str) -> tuple[str, ...]:
    group, _ = find_holder(explorer, holder.arn)
    own = explorer.decide(
        replace(group, holders=(holder,)),
        Request(action, resource, explorer.context(group), group.caller),
    )
    roles = [hops[-1].title for hops in explorer.chains(group).values()]
    tail = (f"the same in {listed(roles, 'or')}, which it can assume",) if roles else ()
    kept_from = tuple(explorer.why_not_assumed(group, action, resource))
    abroad = not is_in_account(resource, holder.account.id)
    return (*(() if abroad and kept_from else own.missing), *kept_from, *tail)


def _sources(
    documents: Sequence[str] | None,
    state: Sequence[str] | None,
    preview: Sequence[str] | None,
    fake: Sequence[str] | None,
    account: Sequence[str] | None,
) -> ModelSources:
    given = (state, preview, documents, fake, account)
    return ModelSources(*(tuple(values or ()) for values in given))


def _explorer(
    sources: ModelSources,
    given: Sequence[str] | None,
    absent: Sequence[str] | None,
    resource_group: str | None,
    depth: int,
) -> Explorer:
    return Explorer(sources.model(), read_context(given or (), absent or ()), resource_group, depth)


def _asked(explorer: Explorer, action: str, resource: str, *, expected: bool) -> str:
    """The resource of a question, checked, with the account's ID where its alias is written."""
    _check_action(action)
    resource = with_account_id(explorer.model, resource)
    if not explorer.covers(resource):
        problem = "is in an account that no source describes, so nobody knows who can use it"
        if expected:
            raise InvalidInputError(
                "RESOURCE", resource, problem, "give a source of that account", code="unknown-account"
            )
        complain(f"not known: {resource} {problem}")
    return resource


def _check_action(action: str) -> None:
    service, colon, name = action.partition(":")
    if action != "*" and not (colon and service and name):
        fix = "write <ram-code>:<action>, for example ecs:StopInstance"
        raise InvalidInputError("ACTION", action, "is not an action", fix, code="not-an-action")
    lookup = known_action(action)
    if lookup.status is Known.MISSPELT:
        meant = f"; {listed(lookup.suggestions, 'or')} may have been meant" if lookup.suggestions else ""
        complain(f"access: the catalogue knows no action {action}{meant}")

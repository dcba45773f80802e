"""`access offer`: written by B, reviewed and narrowed by A."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, cast

import typer

from access_cli.exit_codes import NOT_AS_EXPECTED
from access_cli.options import AsJson
from access_cli.output import Format, complain, say_json
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.inputs import (
    At,
    Out,
    offer_from,
    pairs,
    present,
    read_bytes,
    read_stack_file,
    read_yaml,
    say_text,
)
from pulumi_alicloud_delegation.commands.offer_split import split_command
from pulumi_alicloud_delegation.commands.review_output import review_json, review_markdown, review_text
from pulumi_alicloud_delegation.contract import moment_text, parse_moment
from pulumi_alicloud_delegation.handover import Offer, Party, handover_text, offer_of
from pulumi_alicloud_delegation.handover.files import parse_json, sealed
from pulumi_alicloud_delegation.handover.narrowing import answer_to_offer, check_narrower, edited_roles, without_grant
from pulumi_alicloud_delegation.handover.offer_review import judge_offer as reviewed
from pulumi_alicloud_delegation.spec_reader import read_spec
from pulumi_alicloud_delegation.specs import ContractSpec, DocumentSpec, RoleSpec
from ram_policies import InvalidInputError
from ram_policies.access.never import check_action_pattern
from ram_policies.encoding import decode_text
from ram_policies.guardrails.rule_model import Outside, Purpose

app = typer.Typer(
    add_completion=False,
    help="Offers: what the delegate asks for.\n\nExample: access offer review offer.json",
    no_args_is_help=True,
)
_NOT_OFFERED = {"side", "teams", "operators", "state", "offer", "acceptance", "openings"}
app.command("split")(split_command)
OfferFile = Annotated[str, typer.Argument(metavar="OFFER", help="The offer file; - is standard input.")]


@app.command("write")
@stack_file_command
def write(
    *,
    stack: Annotated[
        str | None, typer.Option(metavar="FILE", help="Take accounts, roles, contract and never from a stack file.")
    ] = None,
    roles: Annotated[
        str | None, typer.Option(metavar="FILE", help="YAML or JSON with a list of roles, as in a stack file.")
    ] = None,
    delegate: Annotated[str | None, typer.Option(metavar="ID", help="Account ID of B, who asks.")] = None,
    delegate_alias: Annotated[str | None, typer.Option(metavar="ALIAS", help="Account alias of B.")] = None,
    site: Annotated[str | None, typer.Option(help="Site of B's account: international or china.")] = None,
    owner: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Account ID of A, who is asked; or alias or ID of one of the stack's owners."),
    ] = None,
    contract: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the contract.")] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="TIME", help="Start of the contract.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="End of the contract.")] = None,
    longest_opening: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="Longest opening of an on-request role: 4h.")
    ] = None,
    never: Annotated[
        list[str] | None, typer.Option(metavar="ACTION", help="No role may ever allow this: bss:*. Repeatable.")
    ] = None,
    at: At = None,
    out: Out = None,
) -> None:
    """Write an offer, without deploying anything and without credentials.

    Example: access offer write --stack Pulumi.b.yaml --out offer.json
    """
    given = _from_stack(stack, owner) if stack else {}
    if roles is not None:
        given["roles"] = read_yaml(roles, "--roles")
    party = cast("dict[str, object]", given.get("delegate") or {})
    party |= {k: v for k, v in {"id": delegate, "alias": delegate_alias, "site": site}.items() if v is not None}
    if "id" not in party:
        raise InvalidInputError(
            "--delegate", "", "is missing", "give the account ID of the delegate, or --stack", code="missing-value"
        )
    asked = given.get("owner") or (None if owner is None else {"id": owner})
    contract_given = cast("dict[str, object]", given.get("contract") or {})
    options = {"name": contract, "notBefore": from_, "notAfter": until, "longestOpening": longest_opening}
    contract_given |= {key: value for key, value in options.items() if value is not None}
    patterns = [*cast("list[str]", given.get("never") or []), *(never or [])]
    for index, pattern in enumerate(patterns):
        check_action_pattern(pattern, f"never[{index}]")
    offer = offer_of(
        read_spec(Party, party, "delegate"),
        read_roles(given.get("roles")),
        None if asked is None else read_spec(Party, asked, "owner"),
        read_spec(ContractSpec, contract_given, "contract"),
        patterns,
    )
    say_text(handover_text(issued(offer, at)), out)


def issued(offer: Offer, at: str | None) -> Offer:
    """The offer with its date of issue, sealed.

    Raises:
        InvalidInputError: its contract, or the window of a role, is over already.
    """
    now = present(at)
    ends = [("contract.not_after", offer.contract.not_after)]
    ends += [(f"roles[{index}].trust.not_after", role.trust.not_after) for index, role in enumerate(offer.roles)]
    for field, end in ends:
        if end is not None and parse_moment(end, field) <= now:
            raise InvalidInputError(field, end, f"is over: it is {moment_text(now)}", "choose a later end", code="over")
    return sealed(offer.model_copy(update={"issued": moment_text(present(at))}))


def _from_stack(path: str, owner: str | None) -> dict[str, object]:
    """The offer in a stack file; an owner who is given wins over the one in it."""
    values = read_stack_file(path, "--stack")
    if isinstance(owners := values.pop("owners", None), list) and owners:
        values |= _one_of(cast("list[object]", owners), owner)
    elif owner is not None:
        values["owner"] = {"id": owner}
    parties = {side: _party(values.get(side)) for side in ("delegate", "owner")}
    return {key: value for key, value in values.items() if key not in _NOT_OFFERED} | {
        side: party for side, party in parties.items() if party is not None
    }


def _one_of(owners: list[object], wanted: str | None) -> dict[str, object]:
    """The part of the one owner whom an offer is for."""
    entries = [cast("dict[str, object]", one) for one in owners if isinstance(one, dict)]
    named = {str(entry.get(key)).lower(): entry for entry in entries for key in ("id", "alias") if entry.get(key)}
    found = named.get((wanted or "").lower())
    if found is None:
        names = ", ".join(str(entry.get("alias") or entry.get("id")) for entry in entries)
        problem = "is missing: the stack has several owners" if wanted is None else "is not an owner of this stack"
        code = "missing-value" if wanted is None else "unknown-name"
        raise InvalidInputError("--owner", wanted, problem, f"name one of {names}", code=code)
    return {"owner": found, **{key: found[key] for key in ("roles", "contract", "never") if key in found}}


def _party(account: object) -> dict[str, object] | None:
    """The account as the other side may see it: without endpoint, profile and key."""
    if not isinstance(account, dict):
        return None
    return {key: value for key, value in cast("dict[str, object]", account).items() if key in {"id", "alias", "site"}}


def read_roles(value: object) -> tuple[RoleSpec, ...]:
    """A list of roles as a stack file has it.

    Raises:
        InvalidInputError: the file is not an offer, or a role cannot be made.
    """
    if not isinstance(value, list) or not value:
        value = cast("object", value)
        raise InvalidInputError(
            "roles", value, "is not a list of roles", "give roles, or --roles or --stack", code="wrong-type"
        )
    items = cast("list[object]", value)
    return tuple(read_spec(RoleSpec, item, f"roles[{index}]") for index, item in enumerate(items))


@app.command("review")
@stack_file_command
def review(
    offer: OfferFile,
    *,
    format_: Annotated[Format, typer.Option("--format", help="text, json, or markdown for a pull request.")] = (
        Format.TEXT
    ),
    settings: Annotated[
        str | None, typer.Option(metavar="FILE", help="Settings of the guardrails, by rule: YAML or JSON.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when a security guardrail objects or never is not proved.")
    ] = False,
    at: At = None,
    json_: AsJson = False,
) -> None:
    """Say in plain words what an offer would let the delegate do, and what not.

    Example: access offer review offer.json --format markdown
    """
    moment = present(at)
    outside = Outside(lambda: moment, lambda path: decode_text(Path(path).read_bytes()))
    found = reviewed(offer_from(offer), outside, _settings(settings))
    if json_ or format_ is Format.JSON:
        say_json(review_json(found))
    else:
        say_text((review_markdown if format_ is Format.MARKDOWN else review_text)(found), None)
    objections = [one for one in found.violations if one.rule.purpose is Purpose.SECURITY]
    if strict and (objections or found.never):
        raise typer.Exit(NOT_AS_EXPECTED)


def _settings(path: str | None) -> dict[str, dict[str, object]]:
    if path is None:
        return {}
    value = read_yaml(path, "--settings")
    if not isinstance(value, dict) or not all(isinstance(v, dict) for v in cast("dict[str, object]", value).values()):
        raise InvalidInputError(
            "--settings",
            path,
            "does not map rules to their settings",
            "write rule: {setting: value}",
            code="wrong-file",
        )
    return cast("dict[str, dict[str, object]]", value)


@app.command("narrow")
@stack_file_command
def narrow(
    offer: OfferFile,
    *,
    leave_out: Annotated[list[str] | None, typer.Option(metavar="ROLE", help="Do not make this role.")] = None,
    drop_grant: Annotated[
        list[str] | None, typer.Option(metavar="ROLE=POLICY", help="Make the role without this policy.")
    ] = None,
    add_policy: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE=FILE", help="Give the role this document, in place of what was dropped."),
    ] = None,
    mfa: Annotated[list[str] | None, typer.Option(metavar="ROLE", help="Demand MFA. * is every role.")] = None,
    source_identity: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help="Demand a source identity. * is every role.")
    ] = None,
    external_id: Annotated[list[str] | None, typer.Option(metavar="ROLE=ID", help="Demand an external ID.")] = None,
    source_ip: Annotated[
        list[str] | None, typer.Option(metavar="ROLE=CIDR,…", help="Demand one of these networks.")
    ] = None,
    until: Annotated[list[str] | None, typer.Option(metavar="ROLE=TIME", help="End the role's window then.")] = None,
    max_session: Annotated[list[str] | None, typer.Option(metavar="ROLE=SECONDS", help="Shorten sessions.")] = None,
    never: Annotated[list[str] | None, typer.Option(metavar="ACTION", help="Add to never: bss:*.")] = None,
    edited_: Annotated[
        str | None,
        typer.Option("--edited", metavar="FILE", help="Take the answer from a copy that was edited by hand."),
    ] = None,
    at: At = None,
    out: Out = None,
) -> None:
    """Write the owner's answer to an offer: the same or less, proved for every request.

    What would give more than was asked for is refused, with a request that shows it.

    Example: access offer narrow offer.json --mfa ops --leave-out night --out answer.json
    """
    asked = offer_from(offer)
    base = asked if edited_ is None else _edited_copy(edited_)
    roles = base.roles
    for name in leave_out or ():
        gone = name.lower()
        edited_roles(roles, name, lambda role: role, "--leave-out")
        roles = tuple(role for role in roles if name != "*" and role.name.lower() != gone)
    for name, policy in pairs(drop_grant, "--drop-grant", "ROLE=POLICY"):
        roles = edited_roles(roles, name, lambda r, p=policy: without_grant(r, p, "--drop-grant"), "--drop-grant")
    for name, path in pairs(add_policy, "--add-policy", "ROLE=FILE"):
        roles = edited_roles(roles, name, _adding(path), "--add-policy")
    for name, option, update in _trusted(mfa, source_identity, external_id, source_ip, until):
        roles = edited_roles(roles, name, _trusting(**update), option)
    for name, value in pairs(max_session, "--max-session", "ROLE=SECONDS"):
        seconds = _seconds(value)
        roles = edited_roles(
            roles, name, lambda r, s=seconds: r.model_copy(update={"max_session_duration": s}), "--max-session"
        )
    answered = answer_to_offer(
        base.model_copy(update={"answers": asked.answers, "digest": asked.digest}), roles, base.contract, never or ()
    )
    messages = check_narrower(asked, answered)
    say_text(handover_text(issued(answered, at)), out)
    for one in messages:
        complain(str(one))


def _edited_copy(path: str) -> Offer:
    """An offer that was edited by hand, so that its digest is not that of its content any more."""
    content = dict(parse_json(read_bytes(path, "--edited"), path, "--edited"))
    content.pop("digest", None)
    return read_spec(Offer, content, "offer")


def _trusted(
    mfa: list[str] | None,
    source_identity: list[str] | None,
    external_id: list[str] | None,
    source_ip: list[str] | None,
    until: list[str] | None,
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Changes of trust that options ask for: name of the role, the option, and the fields that change."""
    for name in mfa or ():
        yield name, "--mfa", {"mfa": True}
    for name in source_identity or ():
        yield name, "--source-identity", {"source_identity": "required"}
    for name, value in pairs(external_id, "--external-id", "ROLE=ID"):
        yield name, "--external-id", {"external_id": value}
    for name, value in pairs(source_ip, "--source-ip", "ROLE=CIDR,…"):
        yield name, "--source-ip", {"source_ips": tuple(value.split(","))}
    for name, value in pairs(until, "--until", "ROLE=TIME"):
        yield name, "--until", {"not_after": value}


def _trusting(**update: object) -> Callable[[RoleSpec], RoleSpec]:
    def change(role: RoleSpec) -> RoleSpec:
        return role.model_copy(update={"trust": role.trust.model_copy(update=update)})

    return change


def _adding(path: str) -> Callable[[RoleSpec], RoleSpec]:
    document = dict(parse_json(read_bytes(path, "--add-policy"), path, "--add-policy"))

    def change(role: RoleSpec) -> RoleSpec:
        own = DocumentSpec(name=f"{role.name.replace('.', '-')}-{Path(path).stem}", document=document)
        return role.model_copy(update={"policies": (*role.policies, own)})

    return change


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise InvalidInputError(
            "--max-session", text, "is not a number of seconds", "write 3600 to 43200", code="wrong-type"
        )
    return int(text)

"""A review for people, for programs, and for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from access_cli.output import markdown_text, request_json
from pulumi_alicloud_delegation.handover.offer_review import Consequence, Review, RoleReview
from ram_policies.access.phrases import listed

_SHOWN = 5
Section = tuple[str, list[str]]


def title(review: Review) -> str:
    """The question in a sentence."""
    offer = review.offer
    owner = offer.owner.alias or offer.owner.id if offer.owner else "the owner"
    by = f"{offer.delegate.alias} ({offer.delegate.id})" if offer.delegate.alias else offer.delegate.id
    if offer.state == "relinquished":
        return f"Account {by} gives back every role in the account of {owner}."
    roles = "1 role" if len(review.roles) == 1 else f"{len(review.roles)} roles"
    return f"Account {by} asks for {roles} in the account of {owner}."


def sections(review: Review) -> Iterator[Section]:
    """The whole review: headings with lines below them."""
    yield "Contract", list(_contract(review))
    for role in review.roles:
        yield f"Role {role.name} ({role.tier})", list(_role(role))
    if review.cannot and review.roles:
        titles = [Consequence(hazard, ()).title for hazard in review.cannot]
        yield "What no role allows", [f"an action that {one}" for one in titles]
    if review.offer.never:
        patterns = listed(review.offer.never, shown=20)
        broken = [f"not so: {one}" for one in review.never]
        yield "Never", broken or [f"{patterns}: proved for every role and every role that it can assume"]
    yield (
        "Guardrails",
        [f"{one.rule.severity} {one.rule.name}: {one.violation.urn}: {one.violation}" for one in review.violations]
        or ["no guardrail objects"],
    )


def _contract(review: Review) -> Iterator[str]:
    contract = review.offer.contract
    yield contract.name or "no contract is named"
    if contract.not_before or contract.not_after:
        yield f"from {contract.not_before or 'now'} until {contract.not_after or 'it is ended'}"
    else:
        yield "without an end: it lasts until it is ended"
    if contract.longest_opening:
        yield f"on-request roles are opened for {contract.longest_opening} at most"
    yield f"digest {review.offer.digest}"


def _role(role: RoleReview) -> Iterator[str]:
    if role.reason or role.ticket:
        yield f"asked for because: {' '.join(part for part in (role.reason, role.ticket) if part)}"
    yield from (f"who: {phrase}" for phrase in role.who)
    yield from (f"could: {phrase}" for phrase in role.could)
    yield from (f"could not: {phrase.removeprefix('refused: ')}" for phrase in role.could_not)
    for one in role.consequences:
        which = "which" if len(one.actions) == 1 else "each of which"
        yield f"follows: {listed(one.actions, shown=_SHOWN)}, {which} {one.title}"
    yield from (f"not known: {phrase}" for phrase in role.not_known)
    yield f"after a stop: {role.sessions}"


def review_text(review: Review) -> str:
    """For a terminal."""
    lines = [title(review)]
    for heading, items in sections(review):
        lines += ["", heading, *(f"  {line}" for line in items)]
    return "\n".join(lines) + "\n"


def review_markdown(review: Review) -> str:
    """For a pull request."""
    lines = [f"## {markdown_text(title(review))}"]
    for heading, items in sections(review):
        lines += ["", f"### {markdown_text(heading)}", "", *(f"- {markdown_text(line)}" for line in items)]
    return "\n".join(lines) + "\n"


def review_json(review: Review) -> dict[str, object]:
    """For programs."""
    offer = review.offer
    return {
        "digest": offer.digest,
        "state": offer.state,
        "delegate": offer.delegate.id,
        "owner": offer.owner.id if offer.owner else None,
        "contract": offer.contract.model_dump(by_alias=True, exclude_none=True),
        "roles": [_role_json(role) for role in review.roles],
        "cannot": list(review.cannot),
        "never": list(offer.never),
        "neverBroken": [
            {
                "who": list(one.who),
                "counterexample": None if one.counterexample is None else request_json(one.counterexample),
                "openBecause": list(one.open_because),
            }
            for one in review.never
        ],
        "violations": [
            {
                "rule": one.rule.name,
                "severity": one.rule.severity,
                "role": one.violation.urn,
                "message": one.violation.message,
                "fix": one.violation.fix,
            }
            for one in review.violations
        ],
    }


def _role_json(role: RoleReview) -> dict[str, object]:
    return {
        "name": role.name,
        "tier": role.tier,
        "reason": role.reason or None,
        "ticket": role.ticket or None,
        "who": list(role.who),
        "could": list(role.could),
        "couldNot": list(role.could_not),
        "follows": [{"hazard": one.hazard, "actions": list(one.actions)} for one in role.consequences],
        "notKnown": list(role.not_known),
        "liveSessions": role.sessions,
        "maxSessionDuration": role.max_session_duration,
    }

"""An offer split by the catalogue's hazards: what is standing, what is on request, and what is never.

A standing role becomes two. The first keeps what the grants allow without the hazards, the second the hazards alone. No
request is allowed by both: that is proved. Actions that are never allowed are in neither.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.handover.formats import Offer
from pulumi_alicloud_delegation.handover.making import NO_OWNER_YET, offer_of, planned_roles
from pulumi_alicloud_delegation.handover.narrowing import policies_grant_at_most, request_phrase
from pulumi_alicloud_delegation.handover.offer_review import consequences
from pulumi_alicloud_delegation.plan.access_model import check_never, policies_of
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.specs import DocumentSpec, RoleSpec
from ram_policies import Document, InvalidInputError
from ram_policies.build import allow, deny, deny_other_than, document
from ram_policies.catalogue.levels import MORE_ACCESS, Hazard
from ram_policies.document import UNKNOWN_DOCUMENT, Effect, Statement
from ram_policies.proof import Proof, never_overlap

ON_REQUEST = frozenset({Hazard.READS_DATA, Hazard.BUYS, Hazard.RELEASES, Hazard.OPENS_ACCESS})
"""Hazards that are on request unless somebody chooses otherwise."""
NEVER = frozenset({*MORE_ACCESS, Hazard.STOPS_AUDIT})
"""Hazards that are never allowed unless somebody chooses otherwise."""
_SUFFIX = "-on-request"
_ANYTHING = Document((allow("*"),))


@dataclass(frozen=True, slots=True)
class OnRequestTerms:
    """Reason, ticket and end of window of an on-request role.

    Attributes:
        reason: what it is for.
        ticket: where it was asked for.
        until: end of its window, a moment.
    """

    reason: str
    ticket: str
    until: str


@dataclass(frozen=True, slots=True)
class Divided:
    """Result of splitting one role.

    Attributes:
        role: its name.
        standing: whether something of it is standing.
        on_request: actions that are on request, sorted.
        never: actions that are never allowed, sorted.
    """

    role: str
    standing: bool
    on_request: tuple[str, ...]
    never: tuple[str, ...]

    def __str__(self) -> str:
        kept = "standing" if self.standing else "nothing is standing"
        return f"{self.role}: {kept}, {len(self.on_request)} actions on request, {len(self.never)} never"


def split_offer(
    offer: Offer, request: OnRequestTerms, on_request: Collection[Hazard], never: Collection[Hazard]
) -> tuple[Offer, tuple[Divided, ...]]:
    """Split every standing role of an offer. An action of several hazards goes where the strictest puts it.

    Args:
        offer: what is split; roles that are on request stay as they are.
        request: what the new on-request roles need.
        on_request: hazards that are on request.
        never: hazards that are never allowed.

    Raises:
        InvalidInputError: a grant is not known or too long to be split, the two roles are not proved disjoint, or a new
            role is invalid.
    """
    owner = offer.owner.id if offer.owner else NO_OWNER_YET
    plans = planned_roles(offer.roles, owner, offer.delegate.id)
    roles: list[RoleSpec] = []
    divisions: list[Divided] = []
    for index, (spec, plan) in enumerate(zip(offer.roles, plans, strict=True)):
        if spec.tier == "on-request":
            roles.append(spec)
            continue
        parts, divided = _split(spec, plan, request, (on_request, never), f"roles[{index}]")
        roles += parts
        divisions.append(divided)
        _check(parts, plan, owner, offer.delegate.id, f"roles[{index}]")
    made = offer_of(offer.delegate, roles, offer.owner, offer.contract, offer.never)
    # Roles that one role can assume count for `never`, too.
    check_never(planned_roles(roles, owner, offer.delegate.id), offer.never)
    return sealed(made), tuple(divisions)


def _split(
    spec: RoleSpec,
    plan: RolePlan,
    request: OnRequestTerms,
    hazards: tuple[Collection[Hazard], Collection[Hazard]],
    field: str,
) -> tuple[list[RoleSpec], Divided]:
    policies = policies_of(plan)
    unread = ", ".join(policy.name for policy in policies if policy.document == UNKNOWN_DOCUMENT)
    if unread:
        problem = f"carries {unread}, of which no document is known"
        raise InvalidInputError(field, spec.name, problem, "give its document under 'policies'", code="cannot-split")
    documents = [policy.document for policy in policies]
    if any("*" in statement.actions or statement.not_actions for one in documents for statement in _allowing(one)):
        raise InvalidInputError(
            field, spec.name, "allows actions of every service", "grant the services that it needs", code="cannot-split"
        )
    found = consequences([one.statements for one in documents])
    asked, forbidden = (
        {action for one in found if one.hazard in chosen for action in one.actions} for chosen in hazards
    )
    asked -= forbidden
    divided = Divided(spec.name, standing=True, on_request=tuple(sorted(asked)), never=tuple(sorted(forbidden)))
    if not asked and not forbidden:
        return [spec], divided
    away = document(deny(tuple(sorted(asked | forbidden))))
    standing = _with(spec, "standing-only", away, never=divided.never)
    parts = [standing]
    if never_overlap([*documents, away], _ANYTHING).holds:
        divided = Divided(spec.name, standing=False, on_request=divided.on_request, never=divided.never)
        parts = []
    if asked:
        parts.append(_on_request(spec, document(deny_other_than(divided.on_request)), request, divided.never))
    if not parts:
        raise InvalidInputError(
            field, spec.name, "allows nothing but what is never allowed", "leave the role out", code="cannot-split"
        )
    return parts, divided


def _allowing(one: Document) -> list[Statement]:
    return [statement for statement in one.statements if statement.effect is Effect.ALLOW]


def _with(spec: RoleSpec, name: str, limit: Document, never: Sequence[str]) -> RoleSpec:
    own = DocumentSpec(name=f"{spec.name.replace('.', '-')}-{name}", document=limit.to_dict())
    return spec.model_copy(
        update={"policies": (*spec.policies, own), "never": tuple(dict.fromkeys((*spec.never, *never)))}
    )


def _on_request(spec: RoleSpec, limit: Document, request: OnRequestTerms, never: Sequence[str]) -> RoleSpec:
    """The second role. Its own policies get names of their own: both roles are made in one account."""
    limited = _with(spec, "on-request-only", limit, never)
    *kept, last = limited.policies
    policies = (*(one.model_copy(update={"name": one.name + _SUFFIX}) for one in kept), last)
    presets = tuple(
        one.model_copy(update={"policy_name": one.policy_name + _SUFFIX}) if one.policy_name else one
        for one in spec.presets
    )
    return limited.model_copy(
        update={
            "name": spec.name + _SUFFIX,
            "policies": policies,
            "presets": presets,
            "trust": spec.trust.model_copy(update={"not_after": spec.trust.not_after or request.until}),
            "tier": "on-request",
            "reason": request.reason,
            "ticket": request.ticket,
        }
    )


def _check(parts: Sequence[RoleSpec], asked: RolePlan, owner: str, delegate: str, field: str) -> None:
    """Prove that the parts allow at most what was asked for, and that no request is allowed by both."""
    plans = planned_roles(parts, owner, delegate)
    for plan in plans:
        proof = policies_grant_at_most(policies_of(plan), policies_of(asked))
        _insist(proof, field, f"{plan.name} is not proved to allow at most what {asked.name} does")
    if len(plans) > 1:
        one, other = ([policy.document for policy in policies_of(plan)] for plan in plans)
        _insist(never_overlap(one, other), field, "the two roles are not proved disjoint")


def _insist(proof: Proof, field: str, problem: str) -> None:
    if proof.holds:
        return
    reason = request_phrase(proof.counterexample) if proof.counterexample else "; ".join(proof.open_because)
    raise InvalidInputError(field, None, f"{problem}: {reason}", "give documents that the file has", code="not-proved")

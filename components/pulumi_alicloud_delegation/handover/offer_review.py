"""Review of an offer: the access that it would give B in A, as values and in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.handover.formats import Offer
from pulumi_alicloud_delegation.handover.making import NO_OWNER_YET, planned_roles
from pulumi_alicloud_delegation.handover.view import stack_of
from pulumi_alicloud_delegation.plan.access_model import planned_model, policies_of
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.specs import RoleSpec, Tier
from ram_policies.access.details import hazards_of_statement
from ram_policies.access.never import Broken, check_action_pattern, never_broken
from ram_policies.access.phrases import statement_phrase, trusted_phrase
from ram_policies.catalogue.levels import Hazard
from ram_policies.document import UNKNOWN_DOCUMENT, Effect, Statement
from ram_policies.evaluation.decision import Policy, PolicyType
from ram_policies.guardrails.rule_model import Outside
from ram_policies.guardrails.rulebook import Judged, judge
from ram_policies.system_policies import system_policy


@dataclass(frozen=True, slots=True)
class Consequence:
    """Something that follows from the grants, whether it was asked for or not.

    Attributes:
        hazard: the class of actions.
        actions: catalogued actions of that class that the role may do, sorted.
    """

    hazard: Hazard
    actions: tuple[str, ...]

    @property
    def title(self) -> str:
        """The class as the rest of a sentence: ``orders something that is charged``."""
        return self.hazard.description


@dataclass(frozen=True, slots=True)
class RoleReview:
    """One role of an offer.

    Attributes:
        name: of the role.
        tier: standing, or on request.
        reason: what an on-request role is for; empty for none.
        ticket: where it was asked for; empty for none.
        who: who may assume it, and what they have to bring.
        could: what they could do, a sentence for each statement, with the policy's name.
        could_not: what a Deny takes away again.
        consequences: classes of dangerous actions among these.
        not_known: policies whose documents are not known, or only assumed.
        sessions: what a live session can still do, and until when.
        max_session_duration: longest session in seconds.
    """

    name: str
    tier: Tier
    reason: str
    ticket: str
    who: tuple[str, ...]
    could: tuple[str, ...]
    could_not: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    not_known: tuple[str, ...]
    sessions: str
    max_session_duration: int


@dataclass(frozen=True, slots=True)
class Review:
    """A whole offer, judged.

    Attributes:
        offer: the offer.
        roles: each role.
        cannot: classes of dangerous actions that no role allows.
        never: what must never be, as far as it is not so.
        violations: what the guardrails say.
    """

    offer: Offer
    roles: tuple[RoleReview, ...]
    cannot: tuple[Hazard, ...]
    never: tuple[Broken, ...]
    violations: tuple[Judged, ...]


def judge_offer(offer: Offer, outside: Outside, settings: Mapping[str, Mapping[str, object]] | None = None) -> Review:
    """Judge an offer.

    Args:
        offer: what B asks for.
        outside: the present time, and how to read files that settings of guardrails name.
        settings: of the guardrails, by rule.

    Raises:
        InvalidInputError: a role of the offer, one of its `never` patterns or a setting is invalid.
    """
    owner = offer.owner.id if offer.owner else NO_OWNER_YET
    for index, pattern in enumerate(offer.never):
        check_action_pattern(pattern, f"offer.never[{index}]")
    plans = planned_roles(offer.roles, owner, offer.delegate.id)
    roles = tuple(_role(spec, plan) for spec, plan in zip(offer.roles, plans, strict=True))
    found = {consequence.hazard for role in roles for consequence in role.consequences}
    unknown = any(policy.document == UNKNOWN_DOCUMENT for plan in plans for policy in policies_of(plan))
    return Review(
        offer,
        roles,
        () if unknown else tuple(hazard for hazard in Hazard if hazard not in found),
        tuple(never_broken(planned_model(plans), offer.never)) if offer.never else (),
        tuple(judge(stack_of(plans), settings or {}, outside)),
    )


def _role(spec: RoleSpec, plan: RolePlan) -> RoleReview:
    policies = policies_of(plan)
    return RoleReview(
        plan.name,
        spec.tier,
        spec.reason or "",
        spec.ticket or "",
        tuple(trusted_phrase(statement) for statement in plan.trust.statements if statement.effect is Effect.ALLOW),
        tuple(_sentences(policies, Effect.ALLOW)),
        tuple(_sentences(policies, Effect.DENY)),
        consequences([policy.document.statements for policy in policies]),
        tuple(_not_known(policies)),
        plan.live_sessions,
        plan.max_session_duration,
    )


def _sentences(policies: Iterable[Policy], effect: Effect) -> Iterator[str]:
    for policy in policies:
        for statement in policy.document.statements:
            if statement.effect is effect:
                yield f"{statement_phrase(statement)} [{policy.name}]"


def _not_known(policies: Iterable[Policy]) -> Iterator[str]:
    for policy in policies:
        if policy.document == UNKNOWN_DOCUMENT:
            yield f"what {policy.name} allows: its document is not in the offer"
        elif policy.type is PolicyType.SYSTEM:
            known = system_policy(policy.name)
            if known is not None and not known.published:
                yield f"what {policy.name} allows: its document is not published, so it is assumed"


def consequences(documents: Iterable[Sequence[Statement]]) -> tuple[Consequence, ...]:
    """Classes of dangerous actions that documents which are attached together may allow.

    An action counts unless a Deny without conditions takes it away on every resource.
    """
    statements = [statement for document in documents for statement in document]
    found: dict[Hazard, set[str]] = {}
    for statement in statements:
        if statement.effect is Effect.ALLOW:
            for hazard, actions in hazards_of_statement(statement, statements):
                found.setdefault(hazard, set()).update(actions)
    return tuple(Consequence(hazard, tuple(sorted(found[hazard]))) for hazard in Hazard if found.get(hazard))

"""The contract room: what was asked for and what was granted, when it ends, and what a session can still do then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pulumi_alicloud_delegation.contract import moment_text, parse_moment
from pulumi_alicloud_delegation.handover.formats import Acceptance, AcceptedRole, Offer
from pulumi_alicloud_delegation.handover.granted import accepted_policies
from pulumi_alicloud_delegation.handover.narrowing import policies_grant_at_most
from pulumi_alicloud_delegation.handover.verifying import Verification, trust_terms_phrase, verify
from pulumi_alicloud_delegation.plan.access_model import policies_of
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.specs import RoleSpec, Tier, TrustSpec
from ram_policies import Document, InvalidInputError
from ram_policies.access.phrases import statement_phrase
from ram_policies.document import UNKNOWN_DOCUMENT, Effect
from ram_policies.evaluation.decision import Policy
from ram_policies.proof import never_overlap


class Answer(StrEnum):
    """Answer to something that was asked for."""

    GRANTED = "granted"
    NARROWED = "narrowed"
    REFUSED = "refused"
    MORE = "not asked for"
    NOT_KNOWN = "not known"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A statement of a grant, or a proof that a caller has to bring, and what became of it."""

    text: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Ending:
    """A way in which a role's use ends: what it is, and what a live session can still do after it."""

    way: str
    after: str


@dataclass(frozen=True, slots=True)
class RoleRoom:
    """One role, asked for or granted.

    Attributes:
        name: of the role.
        tier: standing, or on request.
        why: what an on-request role is for, and where it was asked for; empty for none.
        answer: what became of the whole role.
        asked: each statement that was asked for.
        granted: each statement that the role carries now.
        proofs_asked: what a caller would have to bring, by the offer.
        proofs_granted: what a caller has to bring.
        endings: each way of ending.
    """

    name: str
    tier: Tier
    why: str
    answer: Answer
    asked: tuple[RoomLine, ...]
    granted: tuple[RoomLine, ...]
    proofs_asked: tuple[str, ...]
    proofs_granted: tuple[str, ...]
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """Everything that both companies read.

    Attributes:
        offer: what was asked for.
        acceptance: what was granted.
        at: the present time.
        verification: the comparison of the two, as `access acceptance verify` makes it.
        roles: each role.
        end: when the contract ends; None when it has no end.
    """

    offer: Offer
    acceptance: Acceptance
    at: datetime
    verification: Verification
    roles: tuple[RoleRoom, ...]
    end: datetime | None

    @property
    def ended(self) -> bool:
        """True if the contract's window is over."""
        return self.end is not None and self.end < self.at


def contract_room(offer: Offer, acceptance: Acceptance, at: datetime, answered: Offer | None = None) -> Room:
    """Compare an offer with the acceptance that came of it.

    Args:
        offer: what was asked for first.
        acceptance: what was granted.
        at: the present time.
        answered: the narrower offer that was accepted, where A answered with one.

    Raises:
        InvalidInputError: the acceptance answers another offer, or is another account's.
    """
    compared = acceptance
    if answered is not None:
        if answered.answers != offer.digest:
            raise InvalidInputError(
                "answered.answers", answered.answers, f"is not the digest of the offer ({offer.digest})",
                "give the answer to this offer", code="other-offer")  # fmt: skip
        verify(acceptance, answered, at)
        compared = acceptance.model_copy(update={"offer": offer.digest})
    verification = verify(compared, offer, at)
    end = acceptance.contract.not_after
    return Room(
        offer,
        acceptance,
        at,
        verification,
        tuple(_roles(offer, acceptance)),
        None if end is None else parse_moment(end, "acceptance.contract.not_after"),
    )


def _roles(offer: Offer, acceptance: Acceptance) -> Iterator[RoleRoom]:
    owner = acceptance.owner.id
    got = {role.name.lower(): role for role in acceptance.roles}
    asked: set[str] = set()
    # Of a role that was granted, sessions last as long as A lets them, not as long as was asked for.
    lasting = [_lasting(spec, got.get(spec.name.lower())) for spec in offer.roles]
    states = zip(
        offer.roles,
        roles_plan(offer.roles, owner, offer.delegate.id, "active"),
        roles_plan(lasting, owner, offer.delegate.id, "suspended"),
        strict=True,
    )
    for spec, plan, suspended in states:
        asked.add(plan.name.lower())
        yield _asked(spec, plan, suspended.live_sessions, got.get(plan.name.lower()), acceptance)
    for name, role in got.items():
        if name not in asked:
            lines = tuple(RoomLine(text, Answer.MORE) for text, _ in _statements(accepted_policies(role), Effect.ALLOW))
            endings = tuple(_endings(role.max_session_duration, "", role.trust, acceptance))
            yield RoleRoom(
                role.name, role.tier, "", Answer.MORE, (), lines, (), trust_terms_phrase(role.trust), endings
            )


def _lasting(spec: RoleSpec, got: AcceptedRole | None) -> RoleSpec:
    return spec if got is None else spec.model_copy(update={"max_session_duration": got.max_session_duration})


def _asked(
    spec: RoleSpec, plan: RolePlan, suspended: str, got: AcceptedRole | None, acceptance: Acceptance
) -> RoleRoom:
    wanted, stopped = policies_of(plan), _STOPPED.get(acceptance.state)
    granted = () if got is None else accepted_policies(got)
    asked = tuple(
        RoomLine(text, stopped or _answer(alone, wanted, granted)) for text, alone in _statements(wanted, Effect.ALLOW)
    )
    carried = tuple(
        RoomLine(text, Answer.GRANTED if _covered(alone, granted, wanted) else Answer.MORE)
        for text, alone in _statements(granted, Effect.ALLOW)
    )
    proofs = trust_terms_phrase(spec.trust), () if got is None else trust_terms_phrase(got.trust)
    lasts = plan.max_session_duration if got is None else got.max_session_duration
    why = ", ".join(part for part in (spec.reason, spec.ticket) if part)
    endings = () if got is None else tuple(_endings(lasts, suspended, got.trust, acceptance))
    return RoleRoom(
        plan.name, spec.tier, why, stopped or _whole(asked, carried, plan, got), asked, carried, *proofs, endings
    )


def _whole(asked: Sequence[RoomLine], carried: Sequence[RoomLine], plan: RolePlan, got: AcceptedRole | None) -> Answer:
    answers = {line.answer for line in asked}
    if got is None or (answers and answers == {Answer.REFUSED}):
        return Answer.REFUSED
    if any(line.answer is Answer.MORE for line in carried):
        return Answer.MORE
    if Answer.NOT_KNOWN in answers:
        return Answer.NOT_KNOWN
    same = got.trust == plan.conditions and got.max_session_duration == plan.max_session_duration
    return Answer.GRANTED if answers <= {Answer.GRANTED} and same else Answer.NARROWED


_STOPPED = {"suspended": Answer.SUSPENDED, "terminated": Answer.ENDED}
"""Answer to everything that was asked for, in the states in which no role carries a grant."""


def _statements(policies: Sequence[Policy], effect: Effect) -> Iterator[tuple[str, Policy]]:
    for policy in policies:
        if policy.document == UNKNOWN_DOCUMENT:
            yield f"whatever {policy.name} says", policy
        for statement in policy.document.statements:
            if statement.effect is effect:
                alone = Policy(policy.name, policy.type, Document((statement,)), policy.attached_to, policy.scope)
                yield f"{statement_phrase(statement)} [{policy.name}]", alone


def _answer(alone: Policy, wanted: Sequence[Policy], granted: Sequence[Policy]) -> Answer:
    if UNKNOWN_DOCUMENT in {alone.document, *(policy.document for policy in granted)}:
        same = any(policy.name == alone.name for policy in granted)
        return Answer.GRANTED if same and alone.document == UNKNOWN_DOCUMENT else Answer.NOT_KNOWN
    if _covered(alone, wanted, granted):
        return Answer.GRANTED
    apart = never_overlap([alone.document], [policy.document for policy in granted]) if granted else None
    return Answer.REFUSED if apart is None or apart.holds else Answer.NARROWED


def _covered(alone: Policy, around: Sequence[Policy], by: Sequence[Policy]) -> bool:
    """True if a statement, as far as the denies around it leave it, is allowed by other policies."""
    denies = Document(tuple(s for policy in around for s in policy.document.statements if s.effect is Effect.DENY))
    rest = [alone] if not denies.statements else [alone, Policy("denies", alone.type, denies, alone.attached_to)]
    return policies_grant_at_most(rest, by).holds


def _endings(lasts: int, suspended: str, trust: TrustSpec, acceptance: Acceptance) -> Iterator[Ending]:
    longest = f"{lasts} seconds"
    goes_on = "unless A suspends the delegation or terminates the contract."
    yield Ending("A suspends", suspended or "No new session begins, and each call of a live one is refused.")
    yield Ending(
        "A terminates", "The role is deleted, and its sessions with it: nothing can be done with their tokens."
    )
    ends = [moment for moment in (acceptance.contract.not_after, trust.not_after) if moment is not None]
    if ends:
        end = min(parse_moment(moment, "not_after") for moment in ends)
        last = moment_text(end + timedelta(seconds=lasts))
        phrase = f"No session begins after {moment_text(end)}. One that began before goes on to its own end, {last} at "
        yield Ending("The window ends", f"{phrase}the latest, {goes_on}")
    else:
        yield Ending("The window ends", "There is no window: it lasts until one of the two ends it.")
    phrase = (
        "B's people are taken away, and none of them begins a session. A live session is A's: it goes on for up to "
    )
    yield Ending("B relinquishes", f"{phrase}{longest}, {goes_on}")
    phrase = "What is no longer granted is refused at the next call; the rest goes on, for up to "
    yield Ending("A narrows a grant", f"{phrase}{longest}. A narrower trust policy binds new sessions alone.")

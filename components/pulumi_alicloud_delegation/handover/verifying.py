"""Comparison of what B got with what B asked for, and with what B works with already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pulumi_alicloud_delegation.contract import moment_text, parse_moment
from pulumi_alicloud_delegation.handover.formats import Acceptance, AcceptedRole, Offer
from pulumi_alicloud_delegation.handover.granted import accepted_policies
from pulumi_alicloud_delegation.handover.making import planned_roles
from pulumi_alicloud_delegation.handover.narrowing import policies_grant_at_most, request_phrase
from pulumi_alicloud_delegation.plan.access_model import policies_of
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.specs import TrustSpec
from ram_policies import InvalidInputError
from ram_policies.access.never import prove_never
from ram_policies.proof import Verdict


@dataclass(frozen=True, slots=True)
class Verification:
    """An acceptance, judged by B.

    Attributes:
        as_asked: sentences about what is as it was asked for.
        differs: sentences about what is not: narrower, left out, or more than was asked for.
        not_known: sentences about what cannot be compared.
    """

    as_asked: tuple[str, ...]
    differs: tuple[str, ...]
    not_known: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """True if B got what it asked for, neither less nor more."""
        return not self.differs and not self.not_known


def check_parties(acceptance: Acceptance, owner: str, delegate: str, field: str = "acceptance") -> None:
    """Compare the accounts of an acceptance with those that are expected.

    Raises:
        InvalidInputError: one is another account.
    """
    for noun, found, wanted in (("owner", acceptance.owner, owner), ("delegate", acceptance.delegate, delegate)):
        if found.id != wanted:
            raise InvalidInputError(
                f"{field}.{noun}.id",
                found.id,
                f"is not {wanted}",
                f"ask for the acceptance that is for {wanted}",
                code="other-party",
            )


def check_newer(acceptance: Acceptance, deployed: Acceptance) -> None:
    """Refuse an acceptance that is older than the one B works with.

    Raises:
        InvalidInputError: it is, or one of the two does not say when it was issued though they differ.
    """
    if acceptance.digest == deployed.digest:
        return
    if deployed.state == "terminated" and acceptance.contract == deployed.contract:
        ended = deployed.issued or "before"
        raise InvalidInputError(
            "acceptance.state",
            acceptance.state,
            f"comes after the owner has ended the contract ({ended})",
            "ask A",
            code="outdated-acceptance",
        )
    if acceptance.issued is None and deployed.issued is not None:
        raise InvalidInputError(
            "acceptance.issued", None, "is missing, so it may be older than the one in use",
            "have A write it with `access acceptance write`", code="outdated-acceptance")  # fmt: skip
    if acceptance.issued is None or deployed.issued is None:
        return
    new, old = parse_moment(acceptance.issued, "acceptance.issued"), parse_moment(deployed.issued, "deployed.issued")
    if new < old:
        raise InvalidInputError(
            "acceptance.issued", acceptance.issued, f"is before {deployed.issued}, when the one in use was issued",
            "ask A for the latest one", code="outdated-acceptance")  # fmt: skip


def check_letter_case(roles: Sequence[RolePlan], deployed: Acceptance) -> None:
    """Refuse a role whose name is deployed in another letter case: RAM would take it for the one that is there.

    Args:
        roles: as they are to be.
        deployed: the acceptance of the roles as they are.

    Raises:
        InvalidInputError: a name differs from the deployed one in letter case alone.
    """
    there = {role.name.lower(): role.name for role in deployed.roles}
    for index, role in enumerate(roles):
        name = there.get(role.name.lower(), role.name)
        if name != role.name:
            problem = f"is deployed as {name!r}, and RAM does not tell upper from lower case"
            raise InvalidInputError(f"roles[{index}].name", role.name, problem, f"write {name}", code="letter-case")


def check_rotation(roles: Sequence[RolePlan], deployed: Acceptance, now: datetime) -> None:
    """Refuse a second external ID while the overlap of the one before is running: callers would be shut out early.

    Args:
        roles: as they are to be.
        deployed: the acceptance of the roles as they are.
        now: the present time.

    Raises:
        InvalidInputError: a role's external ID is rotated, and the previous one of the deployed role is still accepted.
    """
    there = {role.name.lower(): role.trust for role in deployed.roles}
    for index, role in enumerate(roles):
        new, old = role.conditions, there.get(role.name.lower())
        if old is None or old.previous_external_id is None or old.previous_external_id_until is None:
            continue
        if new.external_id in {None, old.external_id} or parse_moment(old.previous_external_id_until, "deployed") < now:
            continue
        if old.previous_external_id not in {new.external_id, new.previous_external_id}:
            problem = f"comes while {old.previous_external_id!r} is accepted until {old.previous_external_id_until}"
            fix = "rotate again after that"
            field = f"roles[{index}].trust.external_id"
            raise InvalidInputError(field, new.external_id, problem, fix, code="rotation-running")


def verify(acceptance: Acceptance, offer: Offer, at: datetime) -> Verification:
    """Compare an acceptance with the offer it answers.

    Args:
        acceptance: what B got.
        offer: what B asked for.
        at: the present time.

    Raises:
        InvalidInputError: the acceptance is another account's, or answers another offer.
    """
    owner = offer.owner.id if offer.owner else acceptance.owner.id
    check_parties(acceptance, owner, offer.delegate.id)
    if acceptance.offer is not None and acceptance.offer != offer.digest:
        raise InvalidInputError(
            "acceptance.offer", acceptance.offer, f"is not the digest of this offer ({offer.digest})",
            "give the offer that was accepted, or ask A to accept the latest one", code="other-offer")  # fmt: skip
    lines = [*_whole(acceptance, at), *_never(acceptance, offer)]
    wanted = {p.name.lower(): p for p in planned_roles(offer.roles, owner, offer.delegate.id)}
    got = {role.name.lower(): role for role in acceptance.roles}
    lines += [("differs", f"{plan.name}: was not granted") for name, plan in wanted.items() if name not in got]
    lines += [("differs", f"{role.name}: was not asked for") for name, role in got.items() if name not in wanted]
    if acceptance.state == "active":
        lines += [line for name in wanted if name in got for line in _role(wanted[name], got[name])]
    return Verification(*(tuple(text for k, text in lines if k == kind) for kind in ("as", "differs", "not known")))


def _whole(acceptance: Acceptance, at: datetime) -> Iterator[tuple[str, str]]:
    if acceptance.offer is None:
        yield "not known", "which offer it answers: the acceptance does not say"
    if acceptance.state == "suspended":
        yield "differs", "the delegation is suspended: no role carries a grant, and no session begins"
    if acceptance.state == "terminated":
        yield "differs", "the owner has ended the contract: the roles do not exist any more"
    end = acceptance.contract.not_after
    if end is not None and parse_moment(end, "acceptance.contract.not_after") < at:
        yield "differs", f"the contract ended at {end}; it is {moment_text(at)}"
    for role in acceptance.roles:
        over = role.trust.not_after
        if over is not None and parse_moment(over, "acceptance.roles.trust.not_after") < at:
            yield "differs", f"{role.name}: its window ended at {over}"


def _never(acceptance: Acceptance, offer: Offer) -> Iterator[tuple[str, str]]:
    patterns = tuple(dict.fromkeys((*offer.never, *acceptance.never)))
    for role in acceptance.roles if patterns else ():
        proof = prove_never(accepted_policies(role), patterns)
        if proof.counterexample is not None:
            yield "differs", f"{role.name}: allows what must never be: {request_phrase(proof.counterexample)}"
        elif not proof.holds:
            yield "not known", f"{role.name}: whether it keeps to never: {'; '.join(proof.open_because)}"


def _role(asked: RolePlan, got: AcceptedRole) -> Iterator[tuple[str, str]]:
    granted, wanted = accepted_policies(got), policies_of(asked)
    more, less = policies_grant_at_most(granted, wanted), policies_grant_at_most(wanted, granted)
    if more.holds and less.holds:
        yield "as", f"{got.name}: granted as asked"
    for proof, text in ((less, "does not allow"), (more, "allows, though it was not asked for,")):
        if proof.verdict is Verdict.REFUTED and proof.counterexample is not None:
            yield "differs", f"{got.name}: {text} {request_phrase(proof.counterexample)}"
        elif not proof.holds:
            yield "not known", f"{got.name}: what was granted: {'; '.join(proof.open_because)}"
    if got.trust != asked.conditions:
        yield "differs", f"{got.name}: {trust_phrase(got)}; asked for: {_conditions(asked.conditions)}"
    if got.max_session_duration != asked.max_session_duration:
        message = f"sessions last up to {got.max_session_duration} seconds, not {asked.max_session_duration}"
        yield "differs", f"{got.name}: {message}"


def trust_phrase(role: AcceptedRole) -> str:
    """Conditions that a caller has to meet, in words."""
    return f"a caller has to bring {_conditions(role.trust)}"


def trust_terms_phrase(trust: TrustSpec) -> tuple[str, ...]:
    """Conditions in words: ``external ID c-7``, ``MFA``."""
    return tuple(_conditions_of(trust))


def _conditions_of(trust: TrustSpec) -> Iterator[str]:
    if trust.external_id is not None:
        yield f"external ID {trust.external_id}"
    if trust.previous_external_id is not None:
        until = f" until {trust.previous_external_id_until}" if trust.previous_external_id_until else ""
        yield f"or the previous external ID {trust.previous_external_id}{until}"
    if trust.mfa:
        yield "MFA"
    if trust.source_identity == "required":
        yield "a source identity"
    if trust.source_ips:
        yield f"an address in {' or '.join(trust.source_ips)}"
    if trust.not_before is not None:
        yield f"a time from {trust.not_before} on"
    if trust.not_after is not None:
        yield f"a time until {trust.not_after}"
    if trust.principals is not None:
        yield f"the identity {' or '.join(trust.principals) or '(nobody)'}"


def _conditions(trust: TrustSpec) -> str:
    return ", ".join(trust_terms_phrase(trust)) or "nothing"

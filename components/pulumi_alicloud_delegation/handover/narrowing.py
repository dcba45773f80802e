"""A's answer to an offer: the same or less, proved for every request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pulumi_alicloud_delegation.contract import check_contract, parse_moment, parse_period
from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.handover.formats import Offer
from pulumi_alicloud_delegation.handover.making import NO_OWNER_YET, planned_roles
from pulumi_alicloud_delegation.plan.access_model import policies_of
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.specs import ContractSpec, RoleSpec
from ram_policies import Document, InvalidInputError
from ram_policies.access.never import check_action_pattern
from ram_policies.build import allow
from ram_policies.document import UNKNOWN_DOCUMENT
from ram_policies.evaluation.decision import Policy, Request
from ram_policies.proof import Proof, Verdict, allows_at_most

_FIX = "take it out of the answer, or ask for a new offer"
_ANYTHING = Document((allow("*"),))


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Answer to a role of an offer, compared with what was asked.

    Attributes:
        role: its name.
        grants: left out, narrower, or as asked.
        trust: likewise for the trust policy.
    """

    role: str
    grants: str
    trust: str = "as asked"

    def __str__(self) -> str:
        if self.grants == LEFT_OUT:
            return f"{self.role}: left out"
        return f"{self.role}: grants {self.grants}, trust {self.trust}"


LEFT_OUT, NARROWER, AS_ASKED = "left out", "narrower", "as asked"
Edit = Callable[[RoleSpec], RoleSpec]


def answer_to_offer(offer: Offer, roles: Sequence[RoleSpec], contract: ContractSpec, never: Sequence[str]) -> Offer:
    """A's answer with these roles, sealed, naming the offer it answers. `check_narrower` says whether it may be."""
    return sealed(
        offer.model_copy(
            update={
                "answers": offer.answers or offer.digest,
                "roles": tuple(roles),
                "contract": contract,
                "never": tuple(dict.fromkeys((*offer.never, *never))),
                "issued": None,
            }
        )
    )


def check_narrower(asked: Offer, answered: Offer) -> tuple[Narrowed, ...]:
    """Prove that an answer gives at most what was asked for.

    Returns:
        How each role that was asked for is answered.

    Raises:
        InvalidInputError: it gives more, with a request that shows it; or it is not decided.
    """
    _same_parties(asked, answered)
    _contract(asked.contract, answered.contract)
    _never(asked.never, answered.never)
    owner = asked.owner.id if asked.owner else NO_OWNER_YET
    wanted = {p.name.lower(): p for p in planned_roles(asked.roles, owner, asked.delegate.id)}
    given = {}
    if answered.roles:
        given = {p.name.lower(): p for p in planned_roles(answered.roles, owner, asked.delegate.id)}
    tiers = {role.name.lower(): role.tier for role in asked.roles}
    for index, role in enumerate(answered.roles):
        field = f"roles[{index}]"
        if role.name.lower() not in wanted:
            raise InvalidInputError(
                f"{field}.name", role.name, "is not a role that was asked for", _FIX, code="unknown-name"
            )
        if (tiers[role.name.lower()], role.tier) == ("on-request", "standing"):
            raise InvalidInputError(
                f"{field}.tier",
                role.tier,
                "is more than on-request, which was asked for",
                _FIX,
                code="wider-than-asked",
            )
        _role(wanted[role.name.lower()], given[role.name.lower()], field)
    return tuple(_how(wanted[name], given.get(name)) for name in wanted)


def _same_parties(asked: Offer, answered: Offer) -> None:
    if answered.delegate.id != asked.delegate.id:
        raise InvalidInputError(
            "delegate.id", answered.delegate.id, f"is not {asked.delegate.id}, who asked", _FIX, code="other-party"
        )
    if asked.owner is not None and (answered.owner is None or answered.owner.id != asked.owner.id):
        found = answered.owner.id if answered.owner else None
        raise InvalidInputError("owner.id", found, f"is not {asked.owner.id}, who was asked", _FIX, code="other-party")


def _contract(asked: ContractSpec, answered: ContractSpec) -> None:
    check_contract(answered, "contract")
    for key, later in (("not_before", False), ("not_after", True)):
        old, new = getattr(asked, key), getattr(answered, key)
        if old is None or new == old:
            continue
        field = f"contract.{key}"
        wider = new is None
        if not wider:
            moments = parse_moment(new, field), parse_moment(old, field)
            wider = moments[0] > moments[1] if later else moments[0] < moments[1]
        if wider:
            raise InvalidInputError(
                field, new, f"is wider than {old}, which was asked for", _FIX, code="wider-than-asked"
            )
    if asked.longest_opening is not None:
        field, new = "contract.longest_opening", answered.longest_opening
        if new is None or parse_period(new, field) > parse_period(asked.longest_opening, field):
            raise InvalidInputError(
                field,
                new,
                f"is longer than {asked.longest_opening}, which was asked for",
                _FIX,
                code="wider-than-asked",
            )


def _never(asked: Sequence[str], answered: Sequence[str]) -> None:
    for index, pattern in enumerate(answered):
        check_action_pattern(pattern, f"never[{index}]")
    for pattern in asked:
        kept = Document((allow(tuple(answered)),)) if answered else Document(())
        if not allows_at_most(Document((allow(pattern),)), kept).holds:
            raise InvalidInputError(
                "never", list(answered), f"leaves out {pattern}, which was asked for", _FIX, code="wider-than-asked"
            )


def _role(asked: RolePlan, answered: RolePlan, field: str) -> None:
    if answered.max_session_duration > asked.max_session_duration:
        raise InvalidInputError(
            f"{field}.max_session_duration",
            answered.max_session_duration,
            f"is longer than {asked.max_session_duration}, which was asked for",
            _FIX,
            code="wider-than-asked",
        )
    grants = policies_grant_at_most(policies_of(answered), policies_of(asked))
    _insist(grants, field, answered.name, "would let the delegate do more than it asked for")
    trust = allows_at_most(_assumption(answered.trust), _assumption(asked.trust))
    _insist(trust, f"{field}.trust", answered.name, "could be assumed in ways that were not asked for")


def _assumption(trust: Document) -> Document:
    """The trust policy with AssumeRole as the action of each statement: to name a session gives no access."""
    return Document(tuple(replace(statement, actions=("sts:AssumeRole",)) for statement in trust.statements))


def _insist(proof: Proof, field: str, name: str, problem: str) -> None:
    if proof.verdict is Verdict.REFUTED and proof.counterexample is not None:
        raise InvalidInputError(
            field, name, f"{problem}, for example {request_phrase(proof.counterexample)}", _FIX, code="wider-than-asked"
        )
    if not proof.holds:
        problem = f"is not proved to be narrower: {'; '.join(proof.open_because)}"
        raise InvalidInputError(
            field,
            name,
            problem,
            "change less at once, or use policies whose documents are in the file",
            code="not-proved",
        )


_MADE_UP = "acs:x:::x"  # what a proof names where no pattern but a wildcard matches


def request_phrase(request: Request) -> str:
    """A request in a sentence: ``ecs:StopInstance on *, with acs:MFAPresent = false``."""
    given = ", ".join(f"{key} = {value or '(absent)'}" for key, value in request.context.items())
    who = f" by {request.principal}" if request.principal else ""
    where = "some resource" if request.resource == _MADE_UP else request.resource
    return f"{request.action} on {where}{who}" + (f", with {given}" if given else "")


def policies_grant_at_most(new: Sequence[Policy], old: Sequence[Policy]) -> Proof:
    """Prove that policies allow at most what others do, those included whose documents are not known.

    A policy that is not known and is on both sides says the same on both. Then it is enough that the known ones of
    `new` allow at most what those of `old` do, and deny everything that those deny.
    """
    unknown = [{p.name for p in side if p.document == UNKNOWN_DOCUMENT} for side in (new, old)]
    known = [[p.document for p in side if p.document != UNKNOWN_DOCUMENT] for side in (new, old)]
    if unknown[0] != unknown[1]:
        names = ", ".join(sorted(unknown[0] ^ unknown[1]))
        return Proof(Verdict.OPEN, None, (f"what {names} says is not in the file",))
    proof = allows_at_most(known[0], known[1])
    if not unknown[0] or not proof.holds:
        return proof
    return allows_at_most([*known[0], _ANYTHING], [*known[1], _ANYTHING])


def _how(asked: RolePlan, answered: RolePlan | None) -> Narrowed:
    if answered is None:
        return Narrowed(asked.name, LEFT_OUT)
    same_grants = policies_grant_at_most(policies_of(asked), policies_of(answered)).holds
    same_trust = allows_at_most(_assumption(asked.trust), _assumption(answered.trust)).holds
    same_trust = same_trust and asked.max_session_duration == answered.max_session_duration
    return Narrowed(asked.name, AS_ASKED if same_grants else NARROWER, AS_ASKED if same_trust else NARROWER)


def edited_roles(roles: Sequence[RoleSpec], name: str, edit: Edit, field: str) -> tuple[RoleSpec, ...]:
    """Roles with one of them, or with ``*`` all of them, changed.

    Raises:
        InvalidInputError: none has that name.
    """
    if name != "*" and not any(role.name.lower() == name.lower() for role in roles):
        names = ", ".join(role.name for role in roles) or "none"
        raise InvalidInputError(
            field, name, "is not a role of the offer", f"name one of {names}, or * for all", code="unknown-name"
        )
    return tuple(edit(role) if name == "*" or role.name.lower() == name.lower() else role for role in roles)


def without_grant(role: RoleSpec, policy: str, field: str) -> RoleSpec:
    """A role without one of its policies, by the policy's name; a preset goes by its own name or its policy's.

    Raises:
        InvalidInputError: it has none of that name.
    """
    update = dict(_without(role, policy))
    if all(len(kept) == len(getattr(role, key)) for key, kept in update.items()):
        raise InvalidInputError(
            field, policy, f"is not a policy of {role.name}", "write it as the offer does", code="unknown-name"
        )
    return role.model_copy(update=update)


def _without(role: RoleSpec, policy: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    yield "system_policies", tuple(name for name in role.system_policies if name != policy)
    yield "policies", tuple(own for own in role.policies if own.name != policy)
    yield "presets", tuple(one for one in role.presets if policy not in {one.name, one.policy_name})
    yield "existing_policies", tuple(one for one in role.existing_policies if one.name != policy)

"""Attempts to use a role: the cloud itself is asked for what works and what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from pulumi_alicloud_delegation.contract import parse_moment
from pulumi_alicloud_delegation.handover import Acceptance, AcceptedRole
from pulumi_alicloud_delegation.handover.granted import accepted_policies
from pulumi_alicloud_delegation.plan.windows import Status, window
from pulumi_alicloud_delegation.trying.client import UNREACHABLE, CallError, Client
from pulumi_alicloud_delegation.trying.credentials import OperatorKeys
from pulumi_alicloud_delegation.trying.probes import ASSUME_ROLE, WHO_AM_I, Probe, expected, named_by, probes
from ram_policies import InvalidInputError
from ram_policies.access.phrases import statement_phrase
from ram_policies.document import UNKNOWN_DOCUMENT, Effect
from ram_policies.evaluation.decision import Outcome, Policy

_SHORTEST = "900"
_POLICIES_OF = {"AssumeRolePolicy": "the role's trust policy", "SessionPolicy": "the session policy"}


class CloudAnswer(StrEnum):
    """Answer of the cloud."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Person:
    """The RAM user whose credentials are used.

    Attributes:
        name: of the RAM user.
        account: ID of its account.
    """

    name: str
    account: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A probe and its answer.

    Attributes:
        action: what was tried.
        answer: what the cloud answered.
        reason: why, when it was not allowed.
        granted: whether the acceptance grants it: yes, no, or it depends.
    """

    action: str
    answer: CloudAnswer
    reason: str
    granted: str

    @property
    def surprising(self) -> bool:
        """True if the cloud answers otherwise than the acceptance says."""
        return (self.granted, self.answer) in {("yes", CloudAnswer.DENIED), ("no", CloudAnswer.ALLOWED)}


@dataclass(frozen=True, slots=True)
class RoleTried:
    """One role, tried.

    Attributes:
        role: as the acceptance has it.
        answer: whether it could be assumed.
        reason: why not.
        session: ARN of the session; empty for none.
        tried: each probe.
        granted: what the role carries, a sentence for each statement.
    """

    role: AcceptedRole
    answer: CloudAnswer
    reason: str
    session: str
    tried: tuple[Tried, ...]
    granted: tuple[str, ...]

    @property
    def as_expected(self) -> bool:
        """True if nothing contradicts the acceptance. A role that is on request is closed most of the time."""
        if self.answer is not CloudAnswer.ALLOWED:
            return self.role.tier == "on-request"
        return not any(one.surprising for one in self.tried)


def who_is_it(client: Client, acceptance: Acceptance) -> Person:
    """The RAM user behind the credentials.

    Raises:
        InvalidInputError: the cloud does not know them, or they are of another account or of no RAM user.
    """
    try:
        found = client.call(WHO_AM_I, {})
    except CallError as error:
        if error.code == UNREACHABLE:
            host = client.host(WHO_AM_I.product)
            raise InvalidInputError(
                "sts", host, "did not answer", "look at the network, or at --endpoint", code="no-answer"
            ) from None
        problem = f"are not taken: {error.code}"
        raise InvalidInputError(
            "credentials", "(not shown)", problem, "use your own access key", code="refused-credentials"
        ) from None
    account, arn = str(found.get("AccountId")), str(found.get("Arn"))
    if account != acceptance.delegate.id:
        fix = "use the access key that your own company gave you"
        raise InvalidInputError(
            "credentials", account, f"are not of {acceptance.delegate.id}, who is trusted", fix, code="wrong-account"
        )
    if ":user/" not in arn:
        fix = "use the access key of your own RAM user"
        raise InvalidInputError("credentials", arn, "are not a RAM user's", fix, code="refused-credentials")
    return Person(arn.partition(":user/")[2], account)


def try_role(
    client: Client, acceptance: Acceptance, role: AcceptedRole, person: Person, now: str, *, everything: bool = False
) -> RoleTried:
    """Assume a role for the shortest time there is, and read with it.

    Args:
        client: calls with the person's own keys.
        acceptance: what the owner has granted.
        role: one of its roles.
        person: whose keys they are.
        now: the present time.
        everything: try each probe there is, not only those that the grants name.
    """
    policies = accepted_policies(role)
    granted = tuple(_sentences(policies))
    try:
        begun = client.call(ASSUME_ROLE, _parameters(role, person))
    except CallError as error:
        answer = CloudAnswer.DENIED if error.denied else CloudAnswer.UNCLEAR
        reason = "; ".join((_why(error), *_hints(acceptance, role, now)))
        return RoleTried(role, answer, reason, "", (), granted)
    given = cast("Mapping[str, str]", begun["Credentials"])
    session = replace(client, keys=OperatorKeys(given["AccessKeyId"], given["AccessKeySecret"], given["SecurityToken"]))
    owner, region = acceptance.owner.id, client.region
    chosen = probes() if everything else named_by(policies, role.arn, owner, region)
    tried = tuple(_try(session, probe, _granted(probe, role.arn, owner, region, policies)) for probe in chosen)
    arn = str(cast("Mapping[str, object]", begun.get("AssumedRoleUser") or {}).get("Arn") or "")
    return RoleTried(role, CloudAnswer.ALLOWED, "", arn, tried, granted)


def _parameters(role: AcceptedRole, person: Person) -> dict[str, str]:
    found = {"RoleArn": role.arn, "RoleSessionName": person.name, "DurationSeconds": _SHORTEST}
    if role.trust.external_id is not None:
        found["ExternalId"] = role.trust.external_id
    if role.trust.source_identity == "required":
        found["SourceIdentity"] = person.name
    return found


def _granted(probe: Probe, arn: str, account: str, region: str, policies: Sequence[Policy]) -> str:
    if any(policy.document == UNKNOWN_DOCUMENT for policy in policies):
        return "not known"
    decision = expected(probe, arn, account, region, policies)
    return "it depends" if decision.outcome is Outcome.DEPENDS else "yes" if decision.allowed else "no"


def _try(session: Client, probe: Probe, granted: str) -> Tried:
    try:
        session.call(probe, probe.parameters)
    except CallError as error:
        answer = CloudAnswer.DENIED if error.denied else CloudAnswer.UNCLEAR
        return Tried(probe.action, answer, _why(error), granted)
    return Tried(probe.action, CloudAnswer.ALLOWED, "", granted)


def _why(error: CallError) -> str:
    if not error.denied:
        return "nobody answered" if error.code == UNREACHABLE else f"the answer was {error.code}"
    kind, policy = error.detail.get("NoPermissionType"), error.detail.get("PolicyType", "")
    where = _POLICIES_OF.get(policy, "a policy of the caller")
    if kind == "ExplicitDeny":
        return f"{where} denies it"
    return f"{where if policy in _POLICIES_OF else 'no policy of the caller'} {_lets_not(policy)}"


def _lets_not(policy: str) -> str:
    return "does not let it through" if policy in _POLICIES_OF else "allows it"


def _hints(acceptance: Acceptance, role: AcceptedRole, now: str) -> Iterator[str]:
    """Possible reasons for a role that cannot be assumed."""
    if acceptance.state != "active":
        yield f"the owner has {'suspended the delegation' if acceptance.state == 'suspended' else 'ended the contract'}"
    if role.tier == "on-request":
        yield "it is on request: it has to be opened to you first"
    if role.trust.mfa:
        yield "it asks for MFA, which a call with an access key never carries: take it on in the console"
    if role.trust.source_ips:
        yield f"it asks for one of the networks {', '.join(role.trust.source_ips)}"
    status = window(role.trust.not_before, role.trust.not_after, "trust").status(parse_moment(now, "--at"))
    if status in {Status.NOT_YET, Status.ENDED}:
        yield f"its window is {'over' if status is Status.ENDED else 'not open yet'}"


def _sentences(policies: Iterable[Policy]) -> Iterator[str]:
    for policy in policies:
        if policy.document == UNKNOWN_DOCUMENT:
            yield f"whatever {policy.name} says"
        for statement in policy.document.statements:
            without = "" if statement.effect is Effect.ALLOW else "not: "
            yield f"{without}{statement_phrase(statement).removeprefix('refused: ')} [{policy.name}]"

"""Groups of holders who can do the same, the roles they assume, and what must hold for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ram_policies.access.model import Account, Holder, Role
from ram_policies.access.phrases import conditions_phrase, listed
from ram_policies.arn import Arn, assumed_role_arn
from ram_policies.conditions import UNKNOWN, CompiledCondition, ContextValue
from ram_policies.document import UNKNOWN_DOCUMENT, Condition, Effect, Statement
from ram_policies.evaluation.decision import Decision, Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.proof.question import possible_together

PASS_ROLE = "ram:PassRole"  # noqa: S105 - an action
_SESSION_NAME = "session"


class OpenContext(Mapping[str, ContextValue]):
    """A request of which some keys are known; every other key may have any value, or be absent."""

    def __init__(self, known: Mapping[str, ContextValue]) -> None:
        self._known = known

    def __getitem__(self, key: str) -> ContextValue:
        return self._known.get(key, UNKNOWN)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@dataclass(frozen=True, slots=True)
class Environment:
    """Conditions under which a request is allowed.

    Attributes:
        conditions: each must hold, in words.
        depends_on: what is not known before the deployment and decides.
        through: who or what gives the permission, in words: ``group operators``, ``AliyunECSFullAccess``.
    """

    conditions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    through: tuple[str, ...] = ()

    @property
    def free(self) -> bool:
        """True if nothing has to hold."""
        return not self.conditions and not self.depends_on


@dataclass(frozen=True, slots=True)
class Hop:
    """The assumption of one role, or the way to it through a service.

    Attributes:
        account: the role's.
        role: whose permissions are come to.
        environment: what must hold for that.
        service: of a way through a service: what runs with the role, ``an ECS instance``.
        actions: of a way through a service: those that command it.
    """

    account: Account
    role: Role
    environment: Environment
    service: str = ""
    actions: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The role in a sentence."""
        return f"role {self.role.name} of {self.account.title}"

    @property
    def steps(self) -> tuple[str, ...]:
        """The way in a list of steps: the actions that command a service, where it leads through one, and the role."""
        if not self.service:
            return (self.title,)
        return self.command, self.title

    @property
    def command(self) -> str:
        """The actions that command a service, in words: any of them, together with handing over the role."""
        actions = [action for action in self.actions if action != PASS_ROLE]
        tail = f" with {PASS_ROLE}, for {self.service}" if len(actions) < len(self.actions) else ""
        return listed(actions, "or") + tail


@dataclass(frozen=True, slots=True)
class HolderGroup:
    """Holders who can do the same.

    Attributes:
        holders: all of them.
        policies: what they hold.
        session: their session policy.
        control: control policies of their account.
    """

    holders: tuple[Holder, ...]
    policies: PolicySet
    session: PolicySet | None
    control: PolicySet | None

    @property
    def first(self) -> Holder:
        """One of them; the others can do the same."""
        return self.holders[0]

    @property
    def caller(self) -> str:
        """ARN under which requests are made: of a role that is the ARN of a session."""
        holder = self.first
        if holder.kind == "role":
            return assumed_role_arn(holder.account.id, holder.name, _SESSION_NAME)
        return holder.arn


def feasible(request: Request, *sides: PolicySet | None) -> bool:
    """True if some context lets every side allow a request. False is always right.

    A decision leaves every condition open by itself; that two of them can never hold together is found here.
    """
    asked: list[tuple[_Tested, ...]] = []
    for side in sides:
        if side is None:
            continue
        if side.groups:
            return True  # the evaluator decides about a Deny for a resource group
        answers = [compiled for compiled, applies in side.account_answers(request) if applies is not False]
        if any(compiled.matched.policy.document == UNKNOWN_DOCUMENT for compiled in answers):
            return True
        asked.append(tuple((compiled.statement.effect, compiled.statement.conditions) for compiled in answers))
    tested = {condition.key for statements in asked for _, conditions in statements for condition in conditions}
    known = tuple((key, request.context[key]) for key in request.context if key in tested)
    return _possible_together(tuple(asked), known)


_Tested = tuple[Effect, tuple[Condition, ...]]
"""Effect of a statement about a request, and the conditions that it leaves open."""


@lru_cache(maxsize=16384)
def _possible_together(asked: tuple[tuple[_Tested, ...], ...], known: tuple[tuple[str, ContextValue], ...]) -> bool:
    """Thousands of pairs of holders and roles ask the same: only effects, conditions and the keys they test matter."""
    sides = [[Statement(effect, (), (), (), conditions=conditions) for effect, conditions in side] for side in asked]
    return possible_together(sides, dict(known))


def environment_of(decision: Decision, context: Mapping[str, ContextValue]) -> Environment:
    """Conditions under which a decision that is not a denial allows."""
    conditions: list[str] = []
    through: list[str] = []
    sides: dict[str, list[tuple[Policy, str]]] = {}
    unknown = [f"the document of {m.policy.name}" for m in decision.matched if m.policy.document == UNKNOWN_DOCUMENT]
    for matched in decision.matched:
        if matched.policy.document == UNKNOWN_DOCUMENT:
            continue
        statement = matched.policy.document.statements[matched.index]
        phrase = conditions_phrase(c for c in statement.conditions if CompiledCondition(c).holds(context) is None)
        if statement.effect is Effect.DENY:
            conditions.append(f"refused {phrase}")
            continue
        kind = matched.policy.type
        side = "identity" if kind in {PolicyType.SYSTEM, PolicyType.CUSTOM} else str(kind)
        sides.setdefault(side, []).append((matched.policy, phrase))
    for side, allows in sides.items():
        free = [policy for policy, phrase in allows if not phrase]
        if side == "identity":
            through += [_giver(policy) for policy in (free or [policy for policy, _ in allows])]
        if not free:
            conditions.append(" or ".join(dict.fromkeys(phrase for _, phrase in allows)))
    return Environment(*(tuple(dict.fromkeys(phrase)) for phrase in (conditions, unknown, through)))


def _giver(policy: Policy) -> str:
    holder = Arn.read(policy.attached_to)
    if holder is None or holder.resource_type != "group":
        return policy.name
    return f"group {holder.name} ({policy.name})"

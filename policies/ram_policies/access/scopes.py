"""Comparing grants that hold for a whole account with grants that hold for a resource group.

RAM asks the policies of a resource group only where those of the account are silent. So a Deny for a group takes
nothing from an Allow for the account, and a Deny for the account takes from both.

Requests are looked at group by group. One about a resource of a group names that group in ``acs:ResourceGroupId``, or
does not name any (`unconfirmed.RESOURCE_GROUP_KEY`): both are looked at. It never names another group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ram_policies.conditions import statements_about
from ram_policies.document import Condition, Document, Effect, Statement
from ram_policies.evaluation.decision import Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.proof import Proof, Verdict, allows_at_most, never_overlap
from ram_policies.proof.budget import Budget
from ram_policies.proof.evidence import Evidence

_GROUP_KEY = "acs:ResourceGroupId"
_OTHER_THAN = "StringNotEquals"


@dataclass(frozen=True, slots=True)
class ScopedDocument:
    """A granted document, and the scope of the grant.

    Attributes:
        document: what it allows and denies.
        scope: ID of the resource group it is limited to; None is the whole account.
    """

    document: Document
    scope: str | None = None


def scoped_documents(policies: Iterable[Policy]) -> list[ScopedDocument]:
    """The documents of policies, each with the scope that it is granted for."""
    return [ScopedDocument(policy.document, policy.scope) for policy in policies]


@dataclass(frozen=True, slots=True)
class _Place:
    """Requests about resources of one group that alike name it or not; without a group, those of all other groups.

    Attributes:
        group: ID of the group.
        keys: what the requests say of the group.
        others: groups that the resources are not in.
    """

    group: str | None = None
    keys: Mapping[str, str] | None = None
    others: tuple[str, ...] = ()

    def seen(self, granted: Sequence[ScopedDocument]) -> tuple[list[Document], list[Document]]:
        """The documents for the account and those for the group, as they concern these requests."""
        return (
            [self.reduced(one.document) for one in granted if one.scope is None],
            [self.reduced(one.document) for one in granted if one.scope is not None and one.scope == self.group],
        )

    def asked(self, documents: Iterable[Document]) -> list[Document]:
        """The documents, allowing nothing but such requests."""
        if not self.others:
            return list(documents)
        return [
            replace(
                d, statements=tuple(_outside(s, self.others) if s.effect is Effect.ALLOW else s for s in d.statements)
            )
            for d in documents
        ]

    def place(self, request: Request) -> Request:
        """A request about a resource that is there."""
        if self.keys is None:
            named = request.context.get(_GROUP_KEY)
            return replace(request, resource_group=named if isinstance(named, str) else None)
        return replace(request, resource_group=self.group, context={**request.context, **self.keys})

    def reduced(self, document: Document) -> Document:
        """The document without its conditions on the group, and without the statements whose condition fails."""
        keys = self.keys
        if keys is None or not any(_tests_group(statement) for statement in document.statements):
            return document
        return replace(document, statements=tuple(statements_about(document.statements, {_GROUP_KEY}, keys)))


def grants_at_most(new: Sequence[ScopedDocument], old: Sequence[ScopedDocument], budget: Budget | None = None) -> Proof:
    """Prove that every request that `new` allows is allowed by `old` too, resource groups considered.

    Args:
        new: everything one holder is granted.
        old: the same before, or in a baseline.
        budget: the work that may be done, where several questions share it.
    """
    budget = budget or Budget()
    whole, before = ([one.document for one in side if one.scope is None] for side in (new, old))
    proof = allows_at_most(whole, before, budget)  # wherever the resource is
    groups = tuple(dict.fromkeys(one.scope for one in (*new, *old) if one.scope is not None))
    if not groups or (proof.holds and all(one.scope is None for one in new)):
        return proof
    evidence = Evidence((_attached(new), _attached(old)), (True, False))
    open_proof: Proof | None = None
    for place in _places(groups, (*new, *old)):
        for proofs in _questions(place, new, old, budget, whole_is_settled=proof.holds):
            if proofs[-1].holds:
                continue
            for found in (answer.found for answer in proofs if answer.found is not None):
                request = place.place(found)
                if evidence.confirms(request):
                    return Proof(Verdict.REFUTED, request, (), evidence)
            open_proof = open_proof or _open(proofs)
    return open_proof or Proof(Verdict.PROVED)


def grants_never(granted: Sequence[ScopedDocument], forbidden: Document) -> Proof:
    """Prove that nothing that a document allows is granted, resource groups considered.

    Args:
        granted: everything one holder is granted.
        forbidden: what must not be granted.
    """
    budget = Budget()
    proof = never_overlap([one.document for one in granted if one.scope is None], forbidden, budget)
    if not proof.holds:
        return proof
    evidence = Evidence((_attached(granted), _attached([ScopedDocument(forbidden)])), (True, True))
    groups = dict.fromkeys(one.scope for one in granted if one.scope is not None)
    for place in (_Place(group, keys) for group in groups for keys in ({_GROUP_KEY: group}, {})):
        whole, limited = place.seen(granted)
        denies = [_only(document, Effect.DENY) for document in whole]
        proof = never_overlap([*limited, *denies], place.reduced(forbidden), budget)
        if proof.found is not None:
            request = place.place(proof.found)
            return Proof(Verdict.REFUTED, request, (), evidence) if evidence.confirms(request) else _open([proof])
        if not proof.holds:
            return proof
    return proof


def _places(groups: tuple[str, ...], granted: Iterable[ScopedDocument]) -> Iterator[_Place]:
    """All requests, in parts that groups tell apart."""
    tested = any(_tests_group(statement) for one in granted for statement in one.document.statements)
    for group in groups:
        yield _Place(group, {_GROUP_KEY: group})
        if tested:
            yield _Place(group, {})
    yield _Place(others=groups)


def _questions(
    place: _Place,
    new: Sequence[ScopedDocument],
    old: Sequence[ScopedDocument],
    budget: Budget,
    *,
    whole_is_settled: bool,
) -> Iterator[list[Proof]]:
    """The answers for what the account's documents allow at a place, and for what the group's add; the last counts."""
    (whole, limited), (whole_before, limited_before) = place.seen(new), place.seen(old)
    everything = [*whole_before, *limited_before]
    if not whole_is_settled:
        yield list(_until_proved(place.asked(whole), [whole_before, everything], budget))
    if limited:
        asked = [*limited, *(_only(document, Effect.DENY) for document in whole)]
        denies = [_only(document, Effect.DENY) for document in whole_before]
        yield list(_until_proved(asked, [everything, whole_before, [*limited_before, *denies]], budget))


def _until_proved(
    asked: Sequence[Document], baselines: Sequence[Sequence[Document]], budget: Budget
) -> Iterator[Proof]:
    for number, baseline in enumerate(baselines):
        if baseline in baselines[:number]:
            continue
        proof = allows_at_most(asked, baseline, budget)
        yield proof
        if proof.holds:
            return


def _open(proofs: Sequence[Proof]) -> Proof:
    reasons = tuple(dict.fromkeys(reason for proof in proofs for reason in proof.open_because))
    return Proof(Verdict.OPEN, None, reasons or ("policies of resource groups and of the account combine",))


def _attached(granted: Iterable[ScopedDocument]) -> PolicySet:
    return PolicySet(Policy("", PolicyType.CUSTOM, one.document, scope=one.scope) for one in granted)


def _only(document: Document, effect: Effect) -> Document:
    return Document(tuple(s for s in document.statements if s.effect is effect), document.version)


def _tests_group(statement: Statement) -> bool:
    return any(condition.key == _GROUP_KEY for condition in statement.conditions)


def _outside(statement: Statement, groups: tuple[str, ...]) -> Statement:
    """The statement for requests that name none of the groups."""
    given = next((c for c in statement.conditions if (c.operator, c.key) == (_OTHER_THAN, _GROUP_KEY)), None)
    values = tuple(dict.fromkeys((*(given.values if given else ()), *groups)))
    others = tuple(condition for condition in statement.conditions if condition is not given)
    return replace(statement, conditions=(*others, Condition(_OTHER_THAN, _GROUP_KEY, values)))

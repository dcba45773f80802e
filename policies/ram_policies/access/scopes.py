"""Comparing grants that hold for a whole account with grants that hold for a resource group.

RAM asks the policies of a resource group only where those of the account are silent. So a Deny for a group takes
nothing from an Allow for the account, and a Deny for the account takes from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ram_policies.document import Condition, Document, Effect, Statement
from ram_policies.evaluation.decision import Policy, PolicyType
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.proof import Proof, Verdict, allows_at_most
from ram_policies.proof.budget import Budget
from ram_policies.proof.evidence import Evidence

_GROUP_KEY = "acs:ResourceGroupId"
_EQUAL = "StringEquals"


@dataclass(frozen=True, slots=True)
class ScopedDocument:
    """A granted document, and the scope of the grant.

    Attributes:
        document: what it allows and denies.
        scope: ID of the resource group it is limited to; None is the whole account.
    """

    document: Document
    scope: str | None = None


def grants_at_most(new: Sequence[ScopedDocument], old: Sequence[ScopedDocument], budget: Budget | None = None) -> Proof:
    """Prove that every request that `new` allows is allowed by `old` too, resource groups considered.

    Args:
        new: everything one holder is granted.
        old: the same before, or in a baseline.
        budget: the work that may be done, where several questions share it.
    """
    whole = [one.document for one in old if one.scope is None]
    everything = [*whole, *(_limited(one) for one in old if one.scope is not None)]
    denies = [_only(one.document, Effect.DENY) for one in new if one.scope is None]
    account = [one.document for one in new if one.scope is None]
    evidence = Evidence((_attached(new), _attached(old)), (True, False))
    budget = budget or Budget()
    open_proof: Proof | None = None
    for scope in (None, *_scopes(new)):
        if scope is None:
            asked, baselines = account, [whole, everything]
        else:
            asked = [*(_limited(one) for one in new if one.scope == scope), *denies]
            group = [_limited(one) for one in old if one.scope == scope]
            baselines = [everything, whole, [*group, *(_only(document, Effect.DENY) for document in whole)]]
        proofs = list(_until_proved(asked, baselines, budget))
        if proofs and proofs[-1].holds:
            continue
        for proof in proofs:
            if proof.found is not None:
                request = replace(proof.found, resource_group=scope)
                if evidence.confirms(request):
                    return Proof(Verdict.REFUTED, request, (), evidence)
        open_proof = open_proof or _open(proofs)
    return open_proof or Proof(Verdict.PROVED)


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


def _scopes(granted: Iterable[ScopedDocument]) -> Iterator[str]:
    yield from dict.fromkeys(one.scope for one in granted if one.scope is not None)


def _only(document: Document, effect: Effect) -> Document:
    return Document(tuple(s for s in document.statements if s.effect is effect), document.version)


def _limited(one: ScopedDocument) -> Document:
    """The document with its scope written as a condition."""
    if one.scope is None:
        return one.document
    limited = (_with_group(statement, one.scope) for statement in one.document.statements)
    return Document(tuple(statement for statement in limited if statement is not None), one.document.version)


def _with_group(statement: Statement, group: str) -> Statement | None:
    """The statement under one more condition; None when it is about other groups only."""
    given = next((c for c in statement.conditions if (c.operator, c.key) == (_EQUAL, _GROUP_KEY)), None)
    here = Condition(_EQUAL, _GROUP_KEY, (group,))
    if given is None:
        return replace(statement, conditions=(*statement.conditions, here))
    if group not in given.values:
        return None
    return replace(statement, conditions=tuple(here if c is given else c for c in statement.conditions))

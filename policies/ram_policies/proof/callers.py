"""Callers that statements naming principals can tell apart, one of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from ram_policies.arn import Arn, account_of, assumed_role_arn, is_root, root_arn, user_arn
from ram_policies.document import Principals, Statement
from ram_policies.folding import fold
from ram_policies.pattern import has_wildcard
from ram_policies.principals import (
    ANY_SESSION,
    caller_keys,
    named_sessions,
    principal_keys,
    spares_owner,
    uid_key,
)
from ram_policies.proof.budget import Budget

_CALLER_STEPS = 20


@dataclass(frozen=True, slots=True)
class CallerKind:
    """Callers that the statements treat alike.

    Attributes:
        arn: ARN or name of one of them; empty for an anonymous caller.
        principal_id: its numeric ID, where a statement names it.
        matched: the statements whose Principal stands for it, as bits; those without a Principal are among them.
        owners: where it is the root identity of the account that the resource is in: the ARNs of all that are alike.
    """

    arn: str
    principal_id: str
    matched: int
    owners: tuple[str, ...] = ()


def caller_kinds(statements: Sequence[Statement], budget: Budget) -> list[CallerKind]:
    """One caller of every kind that the statements tell apart.

    Raises:
        TooMuchWorkError: there are too many.
    """
    everybody = sum(1 << index for index, statement in enumerate(statements) if statement.principals is None)
    named = [(index, s.principals) for index, s in enumerate(statements) if s.principals is not None]
    if not named:
        return [CallerKind("", "", everybody)]
    by_key = _by_key(named, budget)
    arns: dict[int, str] = {}
    roots: list[tuple[int, str]] = []
    spared = sum(1 << index for index, statement in enumerate(statements) if spares_owner(statement))
    owning = dict.fromkeys(account_of(r) for s in statements for r in s.resources) if spared else {}
    for arn in _arns([principals for _, principals in named], filter(str.isdecimal, owning)):
        budget.spend(_CALLER_STEPS)
        matched = _matched(caller_keys(arn), by_key)
        arns.setdefault(matched, arn)
        if is_root(arn):
            roots.append((matched, arn))
    ids: dict[int, str] = {0: ""}
    for text in dict.fromkeys(text for _, principals in named for text in principals.uids if text.isdecimal()):
        ids.setdefault(by_key[uid_key(text)], text)
    kinds: dict[int, CallerKind] = {}
    for by_id, principal_id in ids.items():
        for by_arn, arn in arns.items():
            budget.spend()
            matched = everybody | by_arn | by_id
            if matched not in kinds:
                budget.keep(_CALLER_STEPS)
                kinds[matched] = CallerKind(arn, principal_id, matched)
    owners: dict[int, list[str]] = {}
    for by_arn, arn in roots if spared else ():
        budget.keep(8)
        owners.setdefault(everybody | by_arn & ~spared | _own(arn, by_key), []).append(arn)
    alike = (CallerKind(arns[0], "", matched, tuple(arns)) for matched, arns in owners.items())
    return [*kinds.values(), *alike]


def _by_key(named: Sequence[tuple[int, Principals]], budget: Budget) -> dict[str, int]:
    """The statements that name each key, as bits."""
    by_key: dict[str, int] = {}
    for index, principals in named:
        for key in principal_keys(principals):
            budget.keep(8)
            by_key[key] = by_key.get(key, 0) | 1 << index
    return by_key


def _own(root: str, by_key: dict[str, int]) -> int:
    return by_key.get(uid_key(account_of(root)), 0)


def _matched(keys: Iterable[str], by_key: dict[str, int]) -> int:
    matched = 0
    for key in keys:
        matched |= by_key.get(key, 0)
    return matched


def _arns(named: Sequence[Principals], owning: Iterable[str]) -> list[str]:
    """Principals that are named, and one of every account and kind that is not, also of the accounts of resources."""
    texts = list(dict.fromkeys(text for principals in named for text in principals))
    taken = {fold(text.rpartition("/")[2]) for text in texts}
    taken |= {fold(text) for text in texts}
    somebody = next(name for name in _numbered("somebody") if name not in taken)
    nobody = next(name for name in _numbered("unnamed", ".aliyuncs.com") if name not in taken)
    sessions = list(dict.fromkeys(found for principals in named for found in named_sessions(principals)))
    other_session = next(name for name in _numbered("session") if name not in {session for _, _, session in sessions})
    accounts: dict[str, None] = dict.fromkeys([*(text for text in texts if text.isdecimal()), *owning])
    arns: dict[str, None] = {}
    for text in texts:
        arn = Arn.read(text)
        if arn is None or not arn.account or has_wildcard(text):
            continue  # a name with a wildcard is nobody's
        accounts[arn.account] = None
        if arn.role:
            arns[assumed_role_arn(arn.account, arn.role, arn.session or other_session)] = None
        elif not arn.is_root:
            arns[text] = None
    for account, role, session in sessions:
        accounts[account] = None
        name = other_session if session == ANY_SESSION else session
        arns[assumed_role_arn(account, role, name)] = None
        arns[assumed_role_arn(account, role, other_session)] = None
    stranger = next(name for name in _numbered("", start=1_000_000_001) if name not in accounts)
    accounts[stranger] = None
    for account in accounts:
        arns[user_arn(account, somebody)] = None
    for principals in named:
        arns |= dict.fromkeys(principals.service)
    arns[""] = None
    arns[nobody] = None
    # Last, as statements may treat a root identity otherwise where the resource is its own.
    return [*arns, *map(root_arn, accounts)]


def _numbered(name: str, suffix: str = "", start: int = 0) -> Iterator[str]:
    return (f"{name}{number or ''}{suffix}" for number in count(start))

"""Changes of what limits grants: the control policies of an account, and the policies of live sessions.

What they let through is compared as a whole. Whether a grant makes use of it is not asked, so a limit that is gone is
reported also where nobody has a permission that it kept back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ram_policies.access.model import AccessModel, Holder
from ram_policies.build import allow
from ram_policies.document import UNKNOWN_DOCUMENT, Document
from ram_policies.proof import Proof, Verdict, allows_at_most

_NO_LIMIT = (Document((allow("*"),)),)


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A change of a limit.

    Attributes:
        wider: true if it lets more through, false if less, None if that is not known before the deployment.
        holder: the session that it limits; None where it limits everybody in the account.
        account: ID of the account.
        title: the account in words.
        example: something that it lets through, or did before, in words.
    """

    wider: bool | None
    holder: Holder | None
    account: str
    title: str
    example: str


def limit_changes(before: AccessModel, after: AccessModel) -> Iterator[LimitChange]:
    """The changes of limits of the accounts and sessions that are in both models."""
    accounts = {account.id: account for account in before.accounts}
    for account in after.accounts:
        if account.id in accounts:
            was, now = (
                _NO_LIMIT if one.control is None else tuple(policy.document for policy in one.control)
                for one in (accounts[account.id], account)
            )
            for wider, found in _changes(was, now):
                yield LimitChange(wider, None, account.id, account.title, found)
    sessions = {holder.arn: holder for holder in before.holders() if holder.kind == "session"}
    for holder in after.holders():
        if holder.kind == "session" and holder.arn in sessions:
            was, now = ((one.session,) if one.session else _NO_LIMIT for one in (sessions[holder.arn], holder))
            for wider, found in _changes(was, now):
                yield LimitChange(wider, holder, holder.account.id, holder.account.title, found)


def _changes(was: Sequence[Document], now: Sequence[Document]) -> Iterator[tuple[bool | None, str]]:
    if was == now:
        return
    if UNKNOWN_DOCUMENT in now:
        yield None, "whatever a document will say that is not known yet"
        return
    for wider, new, old in ((True, now, was), (False, was, now)):
        proof = allows_at_most(new, old)
        if not proof.holds:
            yield wider, _example(proof)


def _example(proof: Proof) -> str:
    request = proof.counterexample
    if proof.verdict is Verdict.OPEN or request is None:
        return f"what is not decided ({'; '.join(proof.open_because)})"
    return f"{request.action} (for example)"

"""Proof that documents that name their principals allow no stranger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ram_policies.build import allow
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect, Statement
from ram_policies.proof import Proof, Verdict, never_overlap
from ram_policies.proof.budget import Budget

_ANYBODY = "*"
_EVERYTHING = Document((allow("*"),))


def public_request(documents: Iterable[Document], own: Iterable[str] = (), budget: Budget | None = None) -> Proof:
    """Prove that documents allow no stranger: no principal of an account that they do not name.

    Refuted with a request that a stranger may make; its context is what the stranger has to bring along. A wildcard
    inside a principal (``acs:ram::*:root``), of which nobody has said whom it matches, and a document that is not known
    leave the question open.

    Args:
        documents: bucket or trust policies that are attached together.
        own: IDs of accounts whose wildcards do not count as strangers, as in ``acs:ram::12345678:*``.
        budget: the work that may be done, where several questions share it.
    """
    given = list(documents)
    if UNKNOWN_DOCUMENT in given:
        return Proof(Verdict.OPEN, None, ("a document is not known yet",))
    statements = [statement for document in given for statement in document.statements]
    # A stranger is bound by what speaks about anybody, and by nothing that names somebody.
    about_anybody = tuple(replace(s, principals=None, resources=s.resources or ("*",)) for s in statements if _any(s))
    if any(statement.effect is Effect.ALLOW for statement in about_anybody):
        proof = never_overlap(Document(about_anybody), _EVERYTHING, budget)
        if not proof.holds:
            return proof
    mine = {f":{account}:" for account in own}
    for statement in statements:
        for name in statement.principals or () if statement.effect is Effect.ALLOW else ():
            if "*" in name and name != _ANYBODY and not any(account in name for account in mine):
                return Proof(Verdict.OPEN, None, (f"whom the principal {name} matches is not documented",))
    return Proof(Verdict.PROVED)


def _any(statement: Statement) -> bool:
    return statement.principals is None or _ANYBODY in tuple(statement.principals)

"""Callers, in the terms that trust and bucket policies use.

Sources: Alibaba Cloud, RAM, "Edit the trust policy of a RAM role": ``acs:ram::<id>:root`` stands for all RAM users and
RAM roles of an account; the root identity itself can never assume a role. OSS, "Bucket Policy": user and account IDs,
``arn:sts::<account>:assumed-role/<role>/<session>`` with ``*`` for every session, and ``*`` for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ram_policies.arn import Arn, arn_fields, entity_arn, root_arn
from ram_policies.document import Effect, Principals, Statement
from ram_policies.folding import fold

_EVERYBODY = "*"
ANYBODY = f"uid {_EVERYBODY}"
"""The key that stands for every caller."""

ANY_SESSION = "*"
_SESSION_PREFIX = "arn:sts:"


@lru_cache(maxsize=8192)
def caller_keys(caller: str) -> frozenset[str]:
    """Every principal that stands for this caller.

    Args:
        caller: ARN of a user, of a role session (in either form) or of root, ARN of an identity provider, or the name
            of a cloud service (``ecs.aliyuncs.com``); empty for anonymous requests.
    """
    if not caller:
        return frozenset({ANYBODY})
    arn = Arn.read(caller)
    if arn is None:
        return frozenset({f"service {fold(caller)}"})
    account = {f"uid {arn.account}", ANYBODY}  # unconfirmed.BUCKET_PRINCIPAL
    if arn.is_root:
        return frozenset(account)
    account.add(root_arn(arn.account))
    if arn.is_session:
        role = entity_arn(f"acs:ram::{arn.account}:role/{arn.role}")
        sessions = {session_key(arn.account, arn.role.lower(), name) for name in (arn.session, ANY_SESSION) if name}
        return frozenset(account | {role} | (sessions if arn.session else set()))
    if arn.resource_type == "user":  # unconfirmed.USER_NAME_CASE
        return frozenset(account | {entity_arn(caller)})
    return frozenset({entity_arn(caller)})


def principal_keys(principals: Principals) -> frozenset[str]:
    """The same terms for what a statement's Principal names.

    Wildcards match nobody, but for those of bucket policies: ``*`` alone, and every session of a role.
    """
    return frozenset(
        [entity_arn(text) for text in (*principals.ram, *principals.federated)]
        + [f"service {fold(text)}" for text in principals.service]
        + [_uid_key(text) for text in principals.uids]
    )


def spares_owner(statement: Statement) -> bool:
    """True if a statement of a bucket policy passes over the owner of the bucket: a Deny for everybody, always.

    Source: Alibaba Cloud, OSS, "Bucket Policy": a policy for everybody binds the owner only where it has a condition.
    """
    named = statement.principals
    return (
        statement.effect is Effect.DENY and not statement.conditions and named is not None and _EVERYBODY in named.uids
    )


def uid_key(principal_id: str) -> str:
    """The key that stands for a caller with a numeric ID, as bucket policies name users and accounts."""
    return f"uid {principal_id}"


def session_key(account_id: str, role: str, session: str) -> str:
    """The key that stands for a session of a role, or with ``*`` for all of them; letter case counts."""
    return f"session {account_id} {role}/{session}"


def named_sessions(principals: Principals) -> Iterator[tuple[str, str, str]]:
    """Account, role and session of each role session that the Principal of a bucket policy names."""
    for text in principals.uids:
        if text.startswith(_SESSION_PREFIX):
            fields = arn_fields(text)
            role, _, session = fields[-1].partition("/")[2].partition("/")
            yield fields[3], role, session


def _uid_key(text: str) -> str:
    if text.startswith(_SESSION_PREFIX):
        account, role, session = next(named_sessions(Principals(uids=(text,))))
        return session_key(account, role, session)
    return entity_arn(text) if text.startswith("acs:") else uid_key(text)

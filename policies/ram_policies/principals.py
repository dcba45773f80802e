"""Who a caller is, in the terms that trust and bucket policies use.

Source: Alibaba Cloud, RAM, "Edit the trust policy of a RAM role": ``acs:ram::<id>:root`` stands for all RAM users and
RAM roles of an account; the root identity itself can never assume a role.
"""

from __future__ import annotations

from functools import lru_cache

from ram_policies.document import Principals

_ARN_FIELDS = 5
_ANYBODY = "uid *"


@lru_cache(maxsize=8192)
def caller_keys(caller: str) -> frozenset[str]:
    """Every principal that stands for this caller.

    Args:
        caller: ARN of a user, of a role session (in either form) or of root, ARN of an identity provider, or the name
            of a cloud service (``ecs.aliyuncs.com``); empty for anonymous requests.
    """
    if not caller:
        return frozenset({_ANYBODY})
    parts = caller.split(":", _ARN_FIELDS - 1)
    if len(parts) != _ARN_FIELDS:
        return frozenset({f"service {caller.lower()}"})
    account, relative = parts[3], parts[4]
    kind, _, rest = relative.partition("/")
    uids = {f"uid {account}", _ANYBODY}
    if relative == "root":
        return frozenset(uids)
    root = f"acs:ram::{account}:root"
    if kind in {"role", "assumed-role"}:
        role = rest.partition("/")[0].lower()
        return frozenset(uids | {root, f"acs:ram::{account}:role/{role}"})
    if kind == "user":
        return frozenset(uids | {root, f"acs:ram::{account}:user/{rest.lower()}"})
    return frozenset({f"acs:ram::{account}:{kind}/{rest.lower()}"})


def principal_keys(principals: Principals) -> frozenset[str]:
    """The same terms for what a statement's Principal names. Wildcards among them match nobody."""
    return frozenset(
        [_arn_key(text) for text in (*principals.ram, *principals.federated)]
        + [f"service {text.lower()}" for text in principals.service]
        + [f"uid {text}" if not text.startswith("acs:") else _arn_key(text) for text in principals.uids]
    )


def is_root(caller: str) -> bool:
    """Whether the caller is the root identity of an account."""
    return caller.endswith(":root") and caller.startswith("acs:ram:")


@lru_cache(maxsize=8192)
def caller_account(caller: str) -> str:
    """The account of a caller, as `account_of`: the same few callers ask many things."""
    return account_of(caller)


def account_of(arn: str) -> str:
    """The account in an ARN; empty when the text is none."""
    parts = arn.split(":", _ARN_FIELDS - 1)
    return parts[3] if len(parts) == _ARN_FIELDS else ""


def _arn_key(text: str) -> str:
    parts = text.split(":", _ARN_FIELDS - 1)
    if len(parts) != _ARN_FIELDS:
        return text
    kind, slash, rest = parts[4].partition("/")
    return f"acs:ram::{parts[3]}:{kind}{slash}{rest.lower()}"

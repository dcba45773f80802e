"""Callers that statements naming principals can tell apart, one of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from ram_policies.arn import Arn, assumed_role_arn, root_arn, user_arn
from ram_policies.document import Principals, Statement

_SOMEBODY = "somebody"
_ARN_FIELDS = 5


def callers(statements: Iterable[Statement]) -> list[tuple[str, str]]:
    """ARN and numeric ID of a caller of every kind that the statements tell apart; (``""``, ``""``) if none do."""
    named = [statement.principals for statement in statements if statement.principals is not None]
    if not named:
        return [("", "")]
    arns = {arn: None for principals in named for arn in _examples(principals)}
    accounts = {arn.split(":", _ARN_FIELDS - 1)[3] for arn in arns if arn.count(":") >= _ARN_FIELDS - 1}
    stranger = next(str(number) for number in count(1_000_000_001) if str(number) not in accounts)
    arns[user_arn(stranger, _SOMEBODY)] = None
    ids = {text: None for principals in named for text in principals.uids if text.isdecimal()}
    return [(arn, uid) for uid in ("", *ids) for arn in arns]


def _examples(principals: Principals) -> Iterator[str]:
    for text in (*principals.ram, *principals.uids):
        if text.isdecimal():
            yield user_arn(text, _SOMEBODY)
            yield root_arn(text)
            continue
        if text.count(":") < _ARN_FIELDS - 1 or "*" in text:
            continue  # wildcards match nobody in particular
        arn = Arn.parse(text)
        if arn.resource == "root":
            yield user_arn(arn.account, _unnamed(principals))
        elif arn.resource_type in {"role", "assumed-role"}:
            yield assumed_role_arn(arn.account, arn.name.partition("/")[0], "session")
        else:
            yield text
    yield from principals.service
    yield from principals.federated


def _unnamed(principals: Principals) -> str:
    taken = {text.rpartition("/")[2].lower() for text in principals}
    return next(name for name in (f"{_SOMEBODY}{number or ''}" for number in count()) if name not in taken)

"""Small checks that several plans need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ram_policies import Arn, InvalidInputError, NameKind, check_name


def account_id(value: str, field: str) -> str:
    """An account ID.

    Raises:
        InvalidInputError: it is not written in digits, or too long.
    """
    return check_name(NameKind.ACCOUNT_ID, value, field)


def two_accounts(owner: str, delegate: str, owner_field: str, delegate_field: str) -> None:
    """Check that owner and delegate are different accounts.

    Raises:
        InvalidInputError: they are one.
    """
    account_id(owner, owner_field)
    account_id(delegate, delegate_field)
    if owner == delegate:
        raise InvalidInputError(
            delegate_field,
            delegate,
            f"is the same account as '{owner_field}'",
            "give the ID of the other enterprise's account; within one account grant to users and groups directly",
            code="same-account",
        )


def each_once(values: Iterable[str], fields: Iterable[str], noun: str) -> None:
    """Check that names are used once; RAM compares them without regard to case.

    Raises:
        InvalidInputError: one occurs twice.
    """
    seen: dict[str, str] = {}
    for value, field in zip(values, fields, strict=True):
        first = seen.setdefault(value.lower(), field)
        if first != field:
            raise InvalidInputError(
                field,
                value,
                f"is the {noun} of '{first}' already (RAM does not tell upper from lower case)",
                "rename one",
                code="duplicate",
            )


def at_most(count: int, limit: int, field: str, what: str, fix: str) -> None:
    """Check a quota of RAM.

    Raises:
        InvalidInputError: more than the limit.
    """
    if count > limit:
        raise InvalidInputError(field, count, f"{what} are more than the {limit} that RAM allows", fix, code="too-many")


def some(values: Sequence[object], field: str, problem: str, fix: str) -> None:
    """Check that a list is not empty.

    Raises:
        InvalidInputError: it is.
    """
    if not values:
        raise InvalidInputError(field, [], problem, fix, code="grants-nothing")


def ram_arn(text: str, field: str, kinds: tuple[str, ...]) -> Arn:
    """The ARN of a RAM entity of one of the kinds.

    Raises:
        InvalidInputError: it is something else.
    """
    arn = Arn.parse(text, field)
    if arn.service != "ram" or arn.resource_type not in kinds or not arn.name or "*" in text:
        example = Arn("ram", "", "12345678", f"{kinds[0]}/name")
        raise InvalidInputError(
            field, text, f"is not the ARN of a {' or a '.join(kinds)}", f"write it as {example}", code="not-an-arn"
        )
    account_id(arn.account, field)
    return arn

"""Parameters that several actions of IMS share, and how users are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from alicloud_fakes.core.errors import missing
from alicloud_fakes.identity.models import User
from alicloud_fakes.pipeline.declare import (
    ActionRequest,
    Clamp,
    Items,
    Length,
    OneOf,
    ParameterRule,
    Problem,
    Tag,
    Wrong,
)
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ram.errors import fail, refuse
from ram_policies import limits
from ram_policies.names import NAME_RULES, NameKind

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.call import Call

_NAME = NAME_RULES[NameKind.USER]
_LONGEST = 128


class PrincipalName(ParameterRule):
    """``<user>@<domain>``, together up to 128 characters, the user up to 64."""

    __slots__ = ()

    def problem(self, value: str) -> Problem | None:
        """Form first, then characters, then length."""
        name, at, domain = value.rpartition("@")
        if not at or not domain or not name:
            return Problem.FORMAT
        if _NAME.refused_character(name) or _NAME.refused_character(domain):
            return Problem.CHARS
        return None if len(value) <= _LONGEST and len(name) <= _NAME.maximum else Problem.LENGTH


Upn: TypeAlias = Annotated[str, PrincipalName()]
UserId: TypeAlias = Annotated[str, Length(64, 1)]
DisplayName: TypeAlias = Annotated[str, Length(24, 1)]
Description: TypeAlias = Annotated[str, Length(256)]
Tags: TypeAlias = Annotated[list[Tag], Items(limits.TAGS_PER_RESOURCE)]
UserStatus: TypeAlias = Annotated[str, OneOf("active", "freeze")]
Switch: TypeAlias = Annotated[str, OneOf("Active", "Inactive")]
MaxUsers: TypeAlias = Annotated[int, Clamp(1, 1000)]


class OfUser(ActionRequest):
    """A request about one user, by UserPrincipalName."""

    user_principal_name: Upn


class OfUserOrId(ActionRequest):
    """A request about one user, by UserPrincipalName or UserId."""

    user_principal_name: Upn | None = None
    user_id: UserId | None = None


def find_user(ims: Ims, request: Any) -> User:  # noqa: ANN401 - any of the requests that name a user
    """The user a request names, or EntityNotExist.User."""
    name = request.user_principal_name
    user_id = getattr(request, "user_id", None)
    if name is None and user_id is None:
        raise missing("UserPrincipalName")
    found = user_by_name(ims, name) if name is not None else ims.ram.users_by_id.get(user_id or "")
    if found is None or (user_id is not None and found.id != user_id):
        raise fail("EntityNotExist.User")
    return found


def user_by_name(ims: Ims, principal_name: str) -> User | None:
    """The user of a UserPrincipalName."""
    name = ims.user_name(principal_name)
    return ims.ram.users.get(name) if name is not None else None


def new_name(ims: Ims, principal_name: str, parameter: str) -> str:
    """The name in a UserPrincipalName that a user shall get.

    Raises:
        ApiError: its domain does not belong to this account (unconfirmed.IMS_FOREIGN_DOMAIN).
    """
    name = ims.user_name(principal_name)
    if name is None:
        raise refuse(Wrong(parameter, Problem.FORMAT))
    return name


def user_resource(request: Any) -> str:  # noqa: ANN401 - any of the requests that name a user
    """Target of a permission about a user: the user's name, as in RAM; for nobody, all users."""
    call: Call = request.call
    if getattr(request, "user_principal_name", None):
        return f"user/{request.user_principal_name.rpartition('@')[0]}"
    user_id = getattr(request, "user_id", None)
    user = call.signed_by.account.ram.users_by_id.get(user_id) if user_id else None
    return f"user/{user.name}" if user else "user/*"


def own_resource(request: Any) -> str:  # noqa: ANN401 - any of the requests that may leave the user out
    """Target of a permission about a user; the caller, when the request names no user."""
    if request.user_principal_name:
        return user_resource(request)
    user = request.call.signed_by.user
    return f"user/{user.name}" if user else "user/*"

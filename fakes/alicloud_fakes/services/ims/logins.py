"""Login profiles: what lets a user sign in to the console."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity import passwords
from alicloud_fakes.identity.models import LoginProfile, User
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ims.parameters import OfUser, Switch, find_user, user_resource
from alicloud_fakes.services.ram import logins
from alicloud_fakes.services.ram.parameters import Password

_DAY = 86400.0


class CreateLoginProfile(OfUser):
    password: Password
    password_reset_required: bool = False
    mfa_bind_required: bool = False
    status: Switch = "Active"


class GetLoginProfile(OfUser):
    pass


class UpdateLoginProfile(OfUser):
    password: Password | None = None
    password_reset_required: bool | None = None
    mfa_bind_required: bool | None = None
    status: Switch | None = None


class DeleteLoginProfile(OfUser):
    pass


class ChangePassword(ActionRequest):
    old_password: Password
    new_password: Password


def _password_status(ims: Ims, profile: LoginProfile) -> str:
    if profile.old_passwords or not profile.reset_required:
        return "NotInitial"
    days = passwords.password_policy_of(ims.ram).initial_password_age
    age = ims.account.cloud.clock.time() - profile.password_set
    return "InitialExpired" if days and age > days * _DAY else "InitialValid"


def basics(ims: Ims, user: User, profile: LoginProfile) -> dict[str, Any]:
    """A login profile, as CreateLoginProfile answers it."""
    return {
        "UserPrincipalName": ims.principal_name(user.name),
        "Status": "Active" if profile.enabled else "Inactive",
        "PasswordResetRequired": profile.reset_required,
        "MFABindRequired": profile.mfa_required,
        "PasswordStatus": _password_status(ims, profile),
        "UpdateDate": profile.updated,
    }


def _more(ims: Ims, user: User, profile: LoginProfile) -> dict[str, Any]:
    return {**basics(ims, user, profile), "AutoDisableLoginStatus": "Active"}


@ims.action(CreateLoginProfile, on=user_resource)
def create_login_profile(ims: Ims, request: CreateLoginProfile) -> Reply:
    """Let a user sign in to the console."""
    user = find_user(ims, request)
    profile = logins.new_profile(
        ims.ram, user, request.password, request.password_reset_required, request.mfa_bind_required
    )
    profile.enabled = request.status == "Active"
    return {"LoginProfile": basics(ims, user, profile)}


@ims.action(GetLoginProfile, on=user_resource)
def get_login_profile(ims: Ims, request: GetLoginProfile) -> Reply:
    """Show a login profile."""
    user = find_user(ims, request)
    profile = logins.profile_of(user)
    return {"LoginProfile": {**_more(ims, user, profile), "LastLoginTime": profile.last_login}}


@ims.action(UpdateLoginProfile, on=user_resource)
def update_login_profile(ims: Ims, request: UpdateLoginProfile) -> Reply:
    """Change a login profile; fields that are not sent stay."""
    user = find_user(ims, request)
    profile = logins.update_profile(ims.ram, user, request)
    if request.status is not None:
        profile.enabled = request.status == "Active"
    return {"LoginProfile": _more(ims, user, profile)}


@ims.action(DeleteLoginProfile, on=user_resource)
def delete_login_profile(ims: Ims, request: DeleteLoginProfile) -> Reply:
    """Keep a user from signing in to the console."""
    user = find_user(ims, request)
    logins.profile_of(user)
    user.login = None
    return None


@ims.action(ChangePassword, access=AllowedCallers.SIGNED, on=lambda _: "user/*")
def change_password(ims: Ims, request: ChangePassword) -> Reply:
    """A user changes its own password, where the account lets users do so or its policies allow it."""
    return logins.change_password(ims.ram, request)  # pyright: ignore[reportArgumentType] - it has the same fields

"""Login profiles: what lets a user sign in to the console."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity import passwords
from alicloud_fakes.identity.models import LoginProfile, Ram, User
from alicloud_fakes.pipeline.authorization import demand_also
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import user_of
from alicloud_fakes.services.ram.parameters import Password, UserName
from alicloud_fakes.services.ram.preference import preference_of


class CreateLoginProfile(ActionRequest):
    user_name: UserName
    password: Password
    password_reset_required: bool = False
    mfa_bind_required: bool = False


class GetLoginProfile(ActionRequest):
    user_name: UserName


class UpdateLoginProfile(ActionRequest):
    user_name: UserName
    password: Password | None = None
    password_reset_required: bool | None = None
    mfa_bind_required: bool | None = None


class DeleteLoginProfile(ActionRequest):
    user_name: UserName


class ChangePassword(ActionRequest):
    old_password: Password
    new_password: Password


def basics(user: User, profile: LoginProfile) -> dict[str, Any]:
    """A login profile, as RAM answers it."""
    return {
        "UserName": user.name,
        "PasswordResetRequired": profile.reset_required,
        "MFABindRequired": profile.mfa_required,
        "CreateDate": profile.created,
    }


def profile_of(user: User) -> LoginProfile:
    """The login profile of a user, or EntityNotExist.User.LoginProfile."""
    if user.login is None:
        raise fail("EntityNotExist.User.LoginProfile")
    return user.login


@ram.action(CreateLoginProfile, on=lambda r: f"user/{r.user_name}")
def create_login_profile(ram: Ram, request: CreateLoginProfile) -> Reply:
    """Let a user sign in to the console."""
    user = user_of(ram, request.user_name)
    profile = new_profile(ram, user, request.password, request.password_reset_required, request.mfa_bind_required)
    return {"LoginProfile": basics(user, profile)}


def new_profile(ram: Ram, user: User, password: str, reset: bool, mfa: bool) -> LoginProfile:  # noqa: FBT001 - two columns
    """Give a user a login profile."""
    if user.login is not None:
        raise fail("EntityAlreadyExists.User.LoginProfile")
    check_strength(ram, user, password, "InvalidParameter.Password.TooWeak")
    cloud = ram.account.cloud
    now = ram.now()
    kept = passwords.hashed(password, cloud.entropy.bytes(8))
    user.login = LoginProfile(kept, now, now, reset, mfa, cloud.clock.time())
    return user.login


def check_strength(ram: Ram, user: User, password: str, code: str) -> None:
    """Refuse a password that does not follow the account's policy."""
    problem = passwords.password_policy_of(ram).problem(password, user.name)
    if problem:
        error = fail(code)
        error.message = f"{error.message} It {problem}."
        raise error


@ram.action(GetLoginProfile, on=lambda r: f"user/{r.user_name}")
def get_login_profile(ram: Ram, request: GetLoginProfile) -> Reply:
    """Show a login profile."""
    user = user_of(ram, request.user_name)
    return {"LoginProfile": basics(user, profile_of(user))}


@ram.action(UpdateLoginProfile, on=lambda r: f"user/{r.user_name}")
def update_login_profile(ram: Ram, request: UpdateLoginProfile) -> Reply:
    """Change a login profile; fields that are not sent stay."""
    update_profile(ram, user_of(ram, request.user_name), request)
    return None


def update_profile(ram: Ram, user: User, request: Any) -> LoginProfile:  # noqa: ANN401 - RAM's request or IMS's
    """Change the fields of a login profile that a request carries. The present password may be sent again."""
    profile = profile_of(user)
    if request.password is not None and not passwords.is_password(request.password, profile.password):
        check_strength(ram, user, request.password, "InvalidParameter.Password.TooWeak")
        passwords.change(ram, profile, request.password)
    if request.password_reset_required is not None:
        profile.reset_required = request.password_reset_required
    if request.mfa_bind_required is not None:
        profile.mfa_required = request.mfa_bind_required
    profile.updated = ram.now()
    return profile


@ram.action(DeleteLoginProfile, on=lambda r: f"user/{r.user_name}")
def delete_login_profile(ram: Ram, request: DeleteLoginProfile) -> Reply:
    """Keep a user from signing in to the console."""
    user = user_of(ram, request.user_name)
    profile_of(user)
    user.login = None
    return None


def _self(request: ChangePassword) -> str:
    user = request.call.signed_by.user
    return f"user/{user.name}" if user else "user/*"


@ram.action(ChangePassword, on=_self, access=AllowedCallers.SIGNED)
def change_password(ram: Ram, request: ChangePassword) -> Reply:
    """A user changes its own password, where the account lets users do so or its policies allow it."""
    user = request.call.signed_by.user
    if user is None:
        raise fail("NotSupport.Account")
    if not settings_allow(ram, "allow_user_to_change_password"):
        demand_also(request.call, "ram:ChangePassword", f"user/{user.name}")
    profile = profile_of(user)
    if not passwords.is_password(request.old_password, profile.password):
        raise fail("InvalidParameter.OldPassword.Incorrect")
    replace_password(ram, user, request.new_password)
    return None


def replace_password(ram: Ram, user: User, password: str) -> None:
    """A user takes another password, which must be strong and not one of the former ones."""
    profile = profile_of(user)
    check_strength(ram, user, password, "InvalidParameter.NewPassword.TooWeak")
    if passwords.reused(ram, profile, password):
        raise fail("InvalidParameter.NewPassword.ReusePrevention")
    passwords.change(ram, profile, password)
    profile.reset_required = False
    profile.updated = ram.now()


def settings_allow(ram: Ram, name: str) -> bool:
    """A switch of the security preference."""
    return bool(preference_of(ram)[name])

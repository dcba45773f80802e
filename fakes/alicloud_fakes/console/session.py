"""Console sessions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alicloud_fakes.console.signin import Refused, SignIn, SignInError, account_named
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.messages import HttpRequest
from alicloud_fakes.identity import session_tokens
from alicloud_fakes.identity.caller import Caller
from alicloud_fakes.identity.session_tokens import TemporaryCredentials, TokenSession
from alicloud_fakes.pipeline.authorization import DeniedError, require_assume_role
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.call_log import CallRecord
from alicloud_fakes.services.ram.preference import preference_of
from ram_policies import arn

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud
    from alicloud_fakes.identity.models import Ram, Role

_HOUR = 3600
SERVICE, SIGN_IN, SWITCH_ROLE = "console", "SignIn", "SwitchRole"
"""Names of the console, and of its events, in the call log."""


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """Somebody signed in to the console, as a user or, after switching, as a role.

    Attributes:
        cloud: the cloud.
        session: who it is, and until when.
        credentials: what the console calls the APIs with; official SDKs take them as STS credentials.
        source_ip: from where.
    """

    cloud: Cloud
    session: TokenSession
    credentials: TemporaryCredentials
    source_ip: str

    @property
    def caller(self) -> Caller:
        """The caller that the session stands for.

        Raises:
            ApiError: the session has ended, or its user or role is gone.
        """
        return self.cloud.resolve(self.credentials.access_key_id, self.credentials.security_token)[0]

    @property
    def arn(self) -> str:
        """ARN of the user, or of the role session."""
        return self.caller.arn

    @property
    def display_name(self) -> str:
        """Name in the top right corner of the page: ``AAA@company-b``, or ``ecs-admin@company-a``.

        Of a user whose session has ended, or who was deleted, the name at sign-in: a role that the user switched to
        goes on without its user.
        """
        try:
            caller = self.caller
        except ApiError:
            return f"{self.session.name}@{self.cloud.account(self.session.account).alias}"
        name = caller.user.name if caller.user else caller.role.name if caller.role else "root"
        return f"{name}@{caller.account.alias}"

    def switch_role(self, account: str, role: str) -> ConsoleSession:
        """Switch to a role, of this account or another. The session keeps the name of its user.

        It has no source identity, so that a role which demands one is refused (unconfirmed.CONSOLE_SOURCE_IDENTITY).

        Args:
            account: enterprise alias, default domain or account ID.
            role: name of the role.

        Raises:
            SignInError: there is no such role, it is not for the console, or one of the two sides does not allow it.
        """
        owner = account_named(self.cloud, account)
        caller = self.caller
        with self.cloud.lock:
            found = owner.ram.roles.get(role)
            call = _call(self.cloud, self.source_ip, caller)
            call.action_name = SWITCH_ROLE
            call.parameters = {"Account": owner.id, "RoleName": role if found is None else found.name}
            refused = Refused.ROLE if found is None else self._refused(call, found)
            _log(call, "" if refused is None else refused.name)
            if found is None or refused is not None:
                raise SignInError(refused or Refused.ROLE, f"{role} in {account}")
            name = caller.user.name if caller.user else self.session.name
            longest = min(found.max_session, _login_seconds(owner.ram))
            session = replace(self.session, account=owner.id, entity=found.id, name=name, kind="role", policy="")
            return _begin(self.cloud, session, longest, self.source_ip)

    def _refused(self, call: Call, role: Role) -> Refused | None:
        """Reason for which this session may not switch to a role; None when it may."""
        call.resources = (arn.role_resource(call.parameters["Account"], role.name),)
        try:
            require_assume_role(call, role, call.resources[0], {})
        except DeniedError:
            return Refused.ROLE
        return None if role.console_login else Refused.ROLE_CONSOLE


@dataclass(frozen=True, slots=True)
class Console:
    """The console of a cloud."""

    cloud: Cloud

    def sign_in(
        self,
        user: str,
        account: str,
        password: str,
        *,
        mfa_code: str = "",
        new_password: str = "",
        source_ip: str = "127.0.0.1",
    ) -> ConsoleSession:
        """Sign in as a RAM user.

        Args:
            user: name of the user.
            account: enterprise alias, default domain or account ID.
            password: the password.
            mfa_code: code of the user's MFA device, where it has one.
            new_password: replaces the password, where it has to be changed.
            source_ip: from where.

        Raises:
            SignInError: with the reason.
        """
        with self.cloud.lock:
            attempt = self.start_sign_in(user, account, password, source_ip=source_ip)
            try:
                return self._through_steps(attempt, mfa_code, new_password, source_ip)
            except SignInError as error:
                self.refused(attempt, error, source_ip=source_ip)
                raise

    def _through_steps(self, attempt: SignIn, mfa_code: str, new_password: str, source_ip: str) -> ConsoleSession:
        if attempt.needs_new_password and not new_password:
            raise SignInError(Refused.NEW_PASSWORD)
        attempt.enter_code(mfa_code)
        if attempt.needs_new_password:
            attempt.change_password(new_password)
        return self.complete(attempt, source_ip=source_ip)

    def start_sign_in(self, user: str, account: str, password: str, *, source_ip: str = "127.0.0.1") -> SignIn:
        """Check a password; the sign-in then goes through the steps that it names, and `complete` ends it.

        Args:
            user: name of the user.
            account: enterprise alias, default domain or account ID.
            password: the password.
            source_ip: from where.

        Raises:
            SignInError: with the reason.
        """
        owner = account_named(self.cloud, account)
        try:
            return SignIn(owner, user, password, source_ip)
        except SignInError as error:
            self._signed_in(None, owner.id, user, source_ip, error.reason.name)
            raise

    def refused(self, attempt: SignIn, error: SignInError, *, source_ip: str = "127.0.0.1") -> None:
        """Note in the call log that a step of a sign-in was refused."""
        self._signed_in(None, attempt.account.id, attempt.user.name, source_ip, error.reason.name)

    def complete(self, attempt: SignIn, *, source_ip: str = "127.0.0.1") -> ConsoleSession:
        """The session of a sign-in whose steps are done.

        Raises:
            SignInError: a step is missing.
        """
        with self.cloud.lock:
            attempt.finish()
            owner, user = attempt.account, attempt.user
            session = TokenSession("", owner.id, user.id, user.name, 0, 0, kind="user", mfa=attempt.mfa)
            begun = _begin(self.cloud, session, _login_seconds(owner.ram), source_ip)
            self._signed_in(begun.caller, owner.id, user.name, source_ip, "")
            return begun

    def _signed_in(self, caller: Caller | None, account: str, user: str, source_ip: str, code: str) -> None:
        call = _call(self.cloud, source_ip, caller)
        call.action_name, call.parameters = SIGN_IN, {"Account": account, "UserName": user}
        _log(call, code)


def _call(cloud: Cloud, source_ip: str, caller: Caller | None) -> Call:
    return cloud.call(HttpRequest("POST", source_ip=source_ip, secure=True), caller)


def _log(call: Call, code: str) -> None:
    caller = call.caller
    record = CallRecord(
        call.request_id,
        call.time,
        SERVICE,
        call.action_name,
        "sts:AssumeRole" if call.action_name == SWITCH_ROLE else "",
        caller.account.id if caller else "",
        caller.arn if caller else "",
        call.resources,
        403 if code else 200,
        code,
        call.http.source_ip,
        call.parameters,
    )
    call.cloud.calls.add(record)


def _login_seconds(ram: Ram) -> int:
    return int(preference_of(ram)["login_session_duration"]) * _HOUR


def _begin(cloud: Cloud, session: TokenSession, seconds: int, source_ip: str) -> ConsoleSession:
    now = int(cloud.clock.time())
    key = session_tokens.new_key_id(cloud.entropy)
    session = replace(session, access_key_id=key, issued=now, expires=now + seconds)
    return ConsoleSession(cloud, session, session_tokens.issue(cloud.entropy, session), source_ip)

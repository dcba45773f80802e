"""The gateway: what happens to a request before and after the action.

The order follows Alibaba Cloud's suggested one: read, action and version, common parameters, time, access key, token,
nonce, signature, throttling and faults, parameters, permission, action.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alicloud_fakes.core.clock import parse_time
from alicloud_fakes.core.errors import ApiError, gateway_error, missing
from alicloud_fakes.core.http import HttpRequest, HttpResponse
from alicloud_fakes.core.signature import V1_DIGESTS, V3_ALGORITHM, same
from alicloud_fakes.identity import tokens
from alicloud_fakes.pipeline import authorization, render, wire
from alicloud_fakes.pipeline.call import Call, Caller, IdentityType
from alicloud_fakes.pipeline.call_log import CallRecord
from alicloud_fakes.pipeline.journal import Change
from alicloud_fakes.pipeline.nonces import WINDOW
from alicloud_fakes.pipeline.registry import Access, Action, Reply, Service, Target, by_version
from alicloud_fakes.pipeline.wire import SignedCall

if TYPE_CHECKING:
    from alicloud_fakes.cloud.cloud import Cloud

_log = logging.getLogger("alicloud_fakes")
_ACTION = re.compile(r"[A-Za-z][A-Za-z0-9]{0,127}\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z", re.ASCII)
_COMMON = frozenset(
    [
        "Action",
        "Version",
        "Format",
        "AccessKeyId",
        "SecurityToken",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureType",
        "SignatureNonce",
        "Timestamp",
        "Signature",
        "BearerToken",
    ]
)
_SECRET = frozenset(
    [
        "Password",
        "NewPassword",
        "OldPassword",
        "AuthenticationCode1",
        "AuthenticationCode2",
        "OIDCToken",
        "SAMLAssertion",
    ]
)
_METHODS = frozenset({"GET", "POST"})
_LOGGED = 8192  # characters of a parameter that the call log keeps: every document in full, and no flood
HOST = "openapi.aliyuncs.com"


class Gateway:
    """Answers RPC requests of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def handle(self, http: HttpRequest) -> HttpResponse:
        """Answer a request. Whatever happens, it is an answer, and never a stack trace."""
        cloud = self._cloud
        with cloud.lock:
            call = Call(cloud, cloud.entropy.request_id(), http, cloud.clock.time())
            code = ""
            try:
                signed = self._read(call)
                self._identify(call, signed)
                response = self._intercepted(call, signed)
            except ApiError as error:
                code = error.code
                response = self._failure(call, error)
            except Exception:  # noqa: BLE001 - see below
                # Whatever goes wrong in here must not reach the client as anything but the API's own words.
                _log.exception("%s failed", call.action_name or "a request")
                code = "InternalError"
                response = self._failure(call, gateway_error("internal"))
            if call.action is not None:
                for interceptor in cloud.interceptors:
                    response = interceptor.after(call, response)
            cloud.calls.add(_record(call, response.status, code))
            return response

    def _failure(self, call: Call, error: ApiError) -> HttpResponse:
        host = call.action.service.host if call.action else call.http.host or HOST
        return render.failure(error, call.request_id, call.format, host)

    def _read(self, call: Call) -> SignedCall:
        http = call.http
        if http.method not in _METHODS:
            raise gateway_error("method")
        signed = wire.read(http)
        call.parameters = signed.parameters
        call.action_name = signed.action if _ACTION.match(signed.action) else ""
        call.version = signed.version
        if signed.format not in {"json", "xml"}:
            raise gateway_error("format unknown")
        call.format = signed.format
        if not signed.action:
            raise missing("Action")
        if not signed.version:
            raise missing("Version")
        service = by_version().get(signed.version)
        if service is None:
            raise gateway_error("version unknown")
        action = service.actions.get(signed.action)
        if action is None:
            raise unsupported(service, call.action_name)
        call.action = action
        return signed

    def _identify(self, call: Call, signed: SignedCall) -> None:
        action = call.action
        if action is not None and action.access is Access.ANONYMOUS:
            return
        self._check_common(signed)
        # The client's clock is the system's, even when a test has moved the cloud's.
        now = time.time()
        if not _DATE.match(signed.timestamp):
            raise gateway_error("time malformed")
        try:
            sent = parse_time(signed.timestamp)
        except ValueError:
            raise gateway_error("time malformed") from None
        if abs(now - sent) > WINDOW:
            raise gateway_error("time expired")
        call.caller, secret = self.resolve(signed.access_key_id, signed.token)
        to_sign = signed.string_to_sign()
        if not same(signed.expected(secret, to_sign), signed.signature):
            raise gateway_error("signature wrong", f"server string to sign is:{to_sign}")
        # A nonce is spent by its owner only: a request with a wrong signature must not use it up.
        if not self._cloud.nonces.use(signed.access_key_id, signed.nonce, now):
            raise gateway_error("nonce used")
        key = self._cloud.keys.get(signed.access_key_id)
        if key is not None and action is not None:
            key.last_used = self._cloud.clock.stamp()
            key.last_service = action.service.name

    def _check_common(self, signed: SignedCall) -> None:
        if not signed.access_key_id:
            raise missing("AccessKeyId")
        if signed.signed_headers is None:
            given = signed.parameters
            for name in ("SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "Signature"):
                if not given.get(name):
                    raise missing(name)
            if given["SignatureVersion"] != "1.0":
                raise gateway_error("signature version")
            if signed.method not in V1_DIGESTS or given.get("SignatureType"):
                raise gateway_error("signature method")
        elif signed.method != V3_ALGORITHM:
            raise gateway_error("signature method")

    def resolve(self, access_key_id: str, token: str) -> tuple[Caller, str]:
        """Who an access key, with its token where it is a temporary one, stands for; and its secret.

        Raises:
            ApiError: nobody, or not any more.
        """
        cloud = self._cloud
        if not token and not access_key_id.startswith("STS."):
            key = cloud.keys.get(access_key_id)
            if key is None:
                raise gateway_error("key unknown")
            if key.status != "Active":
                raise gateway_error("key inactive")
            kind = IdentityType.ACCOUNT if key.user is None else IdentityType.USER
            return Caller(kind, key.account, user=key.user, access_key_id=key.id), key.secret
        if not token:
            raise missing("SecurityToken")
        session = tokens.read(cloud.entropy, token)
        if session.access_key_id != access_key_id:
            raise gateway_error("token of another key")
        if session.expires <= cloud.clock.time():
            raise gateway_error("token expired")
        return self._bearer(session), tokens.secret_of(cloud.entropy, access_key_id)

    def _bearer(self, session: tokens.Session) -> Caller:
        account = self._cloud.accounts.get(session.account)
        if account is not None and session.kind == "role":
            role = account.ram.roles_by_id.get(session.entity)
            if role is not None:
                return Caller(
                    IdentityType.ROLE, account, role=role, session=session, access_key_id=session.access_key_id
                )
        elif account is not None:
            user = account.ram.users_by_id.get(session.entity)
            if user is not None:
                return Caller(
                    IdentityType.USER, account, user=user, session=session, access_key_id=session.access_key_id
                )
        # unconfirmed.DELETED_ROLE_TOKEN: a 404 would make providers believe that the resource they read is gone.
        raise gateway_error("token expired")

    def _intercepted(self, call: Call, signed: SignedCall) -> HttpResponse:
        for interceptor in self._cloud.interceptors:
            response = interceptor.before(call)
            if response is not None:
                return response
        return self._serve(call, signed)

    def _serve(self, call: Call, signed: SignedCall) -> HttpResponse:
        action = call.action
        assert action is not None  # noqa: S101 - read before
        position = self._cloud.entropy.position
        # A call happens at one moment, so that making it again gives the same dates.
        with self._cloud.clock.at(call.time):
            reply = perform(call, action)
        if not action.reads and self._cloud.on_change:
            change = Change(
                call.time,
                position,
                action.service.name,
                action.name,
                call.parameters,
                signed.access_key_id,
                signed.token,
                call.http.source_ip,
                call.http.secure,
            )
            for listener in self._cloud.on_change:
                listener(change)
        return render.success(reply, call.request_id, call.format, action.name)

    def replay(self, change: Change) -> None:
        """Make a change again, with its time, its IDs and its secrets. Permissions were checked when it was made.

        Raises:
            ApiError: it cannot be made, because the state is not the one it was made in.
        """
        cloud = self._cloud
        action = next(s for s in by_version().values() if s.name == change.service).actions[change.action]
        http = HttpRequest("POST", source_ip=change.source_ip, secure=change.secure)
        with cloud.lock, cloud.clock.at(change.time):
            call = Call(cloud, cloud.entropy.request_id(), http, change.time, action, parameters=change.parameters)
            if change.access_key_id:
                call.caller = self.resolve(change.access_key_id, change.token)[0]
            cloud.entropy.position = change.position
            request = action.request.read(change.parameters, action.service.refuse, call)
            action.handler(_state(call, action), request)


def perform(call: Call, action: Action) -> Reply:
    """Read the parameters, check the permission, act.

    Raises:
        ApiError: the answer is an error.
    """
    service = action.service
    request = action.request.read(call.parameters, service.refuse, call)
    try:
        if action.access is Access.POLICY:
            demand(call, action, request)
        return action.handler(_state(call, action), request)
    except authorization.DeniedError as error:
        raise service.denied(error.detail) from None


def demand(call: Call, action: Action, request: Any) -> None:  # noqa: ANN401 - the action's own type
    """Demand the permission of an action for everything that the request is about.

    Raises:
        DeniedError: it is not there.
    """
    named = action.on(request)
    several = named if isinstance(named, tuple) else (named,)
    region = getattr(request, "region_id", "") or "*"  # RAM's own services have no regions, and no such parameter
    prefix = f"acs:{action.service.ram_code}:{region}:{call.signed_by.account.id}:"
    context: authorization.Context = action.context(request) if action.context else {}
    plain: list[str] = []
    targets: list[Target] = []
    for one in several:
        arn = one if isinstance(one, str) else one.arn
        whole = arn if arn.startswith("acs:") else prefix + arn
        if isinstance(one, str):
            plain.append(whole)
        else:
            targets.append(replace(one, arn=whole))
    call.resources = (*plain, *(target.arn for target in targets))
    if plain:
        authorization.require(call, action.permission, plain, context)
    for target in targets:
        keys = {**context, **target.context}
        group = target.resource_group or None
        authorization.require(call, action.permission, (target.arn,), keys, resource_group=group)


def _state(call: Call, action: Action) -> Any:  # noqa: ANN401 - each service has a type of its own
    if call.caller is None:
        return call.cloud
    return call.caller.account.state(action.service.name)


def unsupported(service: Service[Any], action: str) -> ApiError:
    """An action that the fake does not have. Never a 404: providers read that as "the resource is gone"."""
    name = action or "this action"
    return ApiError(
        501,
        "NotImplemented",
        f"The fake does not implement {service.name}:{name} ({service.version}); docs/coverage.md lists what it does.",
    )


def _record(call: Call, status: int, code: str) -> CallRecord:
    action, caller = call.action, call.caller
    return CallRecord(
        call.request_id,
        call.time,
        action.service.name if action else "",
        call.action_name,
        action.permission if action else "",
        caller.account.id if caller else "",
        caller.arn if caller else "",
        call.resources,
        status,
        code,
        call.http.source_ip,
        {
            name: value if len(value) <= _LOGGED else f"{value[:_LOGGED]}..."
            for name, value in call.parameters.items()
            if name not in _COMMON and name not in _SECRET
        },
    )

"""The way of a call, the same for every protocol.

1. The protocol reads it: action, parameters, signature, caller.
2. It passes the interceptors, in the order of `interceptors.in_order`; the last is authorization.
3. The action is performed.
4. A change goes to the journal. Only then is it acknowledged.
5. The protocol writes the answer, the interceptors see it, and the call log remembers it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from alicloud_fakes.core.errors import ApiError, gateway_error, unavailable
from alicloud_fakes.core.messages import HttpRequest, HttpResponse
from alicloud_fakes.pipeline.authorization import DeniedError
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.call_log import record_of
from alicloud_fakes.pipeline.interceptors import Interceptor, in_order
from alicloud_fakes.pipeline.journal import StateChange
from alicloud_fakes.pipeline.registry import Reply
from ram_policies.extras import MissingExtraError

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.platform import Platform
    from alicloud_fakes.pipeline.protocol import WireProtocol

_log = logging.getLogger("alicloud_fakes")


def answer_request(platform: Platform, protocol: WireProtocol, http: HttpRequest) -> HttpResponse:
    """Answer a request. Whatever happens, it is an answer, and never a stack trace."""
    with platform.lock:
        call = Call(platform, protocol, protocol.request_id(platform), http, platform.clock.time())
        stages = in_order(platform)
        response, code = _attempt(call, stages)
        if call.action is not None:
            for stage in stages:
                response = stage.after(call, response)
        platform.calls.add(record_of(call, response.status, code))
        call.end()
        return response


def _attempt(call: Call, stages: list[Interceptor]) -> tuple[HttpResponse, str]:
    """The answer, and its error code; empty for success."""
    try:
        return _run(call, stages), ""
    except ApiError as refused:
        error = refused
    except DeniedError as denied:
        error = call.performed.service.denied(denied.detail)
    except MissingExtraError as absent:
        error = unavailable(str(absent))
    except Exception:  # noqa: BLE001 - see below
        # Whatever goes wrong in here must not reach the client as anything but the API's own words.
        _log.exception("%s failed", call.action_name or "a request")
        error = gateway_error("internal")
    return call.protocol.failure(call, error), error.code


def _run(call: Call, stages: list[Interceptor]) -> HttpResponse:
    call.protocol.read(call)
    cloud, reads = call.cloud, call.performed.reads
    # A call happens at one moment, so that making it again gives the same dates.
    with cloud.clock.at(call.time):
        for stage in stages:
            response = stage.before(call)
            if response is not None:
                return response
        cloud.journal.check(reads=reads)
        position = cloud.entropy.position
        reply = act(call)
        if not reads:
            cloud.journal.add(_change(call, position))
    return call.protocol.success(call, reply)


def act(call: Call) -> Reply:
    """Do what a call asks for. Whether it may be done was decided before.

    Raises:
        ApiError: the action refuses.
        DeniedError: the action demands a further permission, which is not there.
    """
    action = call.performed
    # An anonymous action has no account, and so no state: it is given the cloud.
    state = call.cloud if call.caller is None else call.caller.account.state(action.service.name)
    return action.handler(state, call.request)


def _change(call: Call, position: int) -> StateChange:
    action, caller = call.performed, call.caller
    return StateChange(
        call.time,
        position,
        action.service.name,
        action.name,
        call.parameters,
        caller.access_key_id if caller is not None else "",
        call.token,
        call.http.source_ip,
        call.http.secure,
    )


def replay(platform: Platform, protocol: WireProtocol, change: StateChange) -> None:
    """Make a change again, with its time, its IDs and its secrets. Permissions were checked when it was made.

    Raises:
        ApiError: it cannot be made, because the state is not the one it was made in.
        LookupError: the service or action does not exist.
    """
    action = platform.services[change.service].actions[change.action]
    http = HttpRequest("POST", source_ip=change.source_ip, secure=change.secure)
    with platform.lock, platform.clock.at(change.time):
        call = Call(platform, protocol, protocol.request_id(platform), http, change.time, action)
        call.parameters = change.parameters
        call.replayed = True
        if change.access_key_id:
            call.caller = platform.resolve(change.access_key_id, change.token)[0]
        _ = call.request
        platform.entropy.position = change.position
        act(call)
        call.end()

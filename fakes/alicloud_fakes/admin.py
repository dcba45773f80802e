"""The fake's own administration, under ``/_fakes/``: what a test in any language needs to arrange and to look at.

It is for the machine it runs on: requests that a web page of another site could have sent are refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import parse_qs

from alicloud_fakes.cloud import snapshot
from alicloud_fakes.cloud.access_export import access_of
from alicloud_fakes.cloud.accounts import account_from
from alicloud_fakes.cloud.consistency import EventualConsistency
from alicloud_fakes.cloud.learned import Learner
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.messages import HttpRequest, HttpResponse
from alicloud_fakes.pipeline.faults import Fault
from ram_policies.errors import InvalidInputError

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud

PREFIX = "/_fakes/"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
Json: TypeAlias = "Mapping[str, Any]"


class Administration:
    """Answers ``/_fakes/`` for one cloud; one of its protocols."""

    def __init__(self, cloud: Cloud, checkpoint: Callable[[], None] = lambda: None) -> None:
        """Administer a cloud, and begin to learn what its principals call.

        Args:
            cloud: the cloud.
            checkpoint: called after changes that were made without a request of the API, to write them down.
        """
        self._cloud = cloud
        self._checkpoint = checkpoint
        self._initial = snapshot.take(cloud)
        self._consistency: EventualConsistency | None = None
        self.learner = Learner()
        cloud.calls.listeners.append(self.learner)
        self._routes: dict[tuple[str, str], Callable[[Json, Json], object]] = {
            ("GET", ""): self._index,
            ("POST", "reset"): self._reset,
            ("GET", "accounts"): self._accounts,
            ("POST", "accounts"): self._add_account,
            ("GET", "access"): lambda _body, _query: access_of(cloud),
            ("GET", "calls"): self._calls,
            ("DELETE", "calls"): self._forget_calls,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "consistency"): self._set_consistency,
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._move_clock,
            ("GET", "snapshot"): self._snapshot,
            ("POST", "snapshot"): self._restore,
            ("GET", "learned"): self._learned,
            ("GET", "issuers"): self._issuers,
            ("POST", "issuers"): self._add_issuer,
        }

    def claims(self, request: HttpRequest) -> bool:
        """True if a request is for the administration."""
        return request.path.startswith(PREFIX)

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer it."""
        name = request.path.removeprefix(PREFIX).strip("/")
        if "origin" in request.headers or request.host not in _LOOPBACK:
            return _answer(403, {"error": "the administration answers programs on this machine only, not web pages"})
        route = self._routes.get((request.method, name))
        if route is None:
            known = ", ".join(sorted(f"{method} {PREFIX}{path}" for method, path in self._routes))
            return _answer(404, {"error": f"no {request.method} {request.path}; there are: {known}"})
        try:
            body: object = json.loads(request.body) if request.body else {}
            if not isinstance(body, dict):
                raise InvalidInputError(
                    "body", type(body).__name__, "is not a JSON object", "send an object: {...}", code="wrong-type"
                )
            query = {name: values[-1] for name, values in parse_qs(request.query).items()}
            with self._cloud.lock:
                return _answer(200, route(cast("Json", body), query))
        except ApiError as error:
            return _answer(error.status, {"error": error.message})
        except (ValueError, OverflowError, RecursionError) as error:
            return _answer(400, {"error": str(error) or type(error).__name__})

    def _index(self, _body: Json, _query: Json) -> object:
        return {"routes": sorted(f"{method} {PREFIX}{path}" for method, path in self._routes)}

    def _reset(self, _body: Json, _query: Json) -> object:
        self._end_consistency()
        snapshot.restore(self._cloud, self._initial)
        self._cloud.faults.clear()
        self._cloud.calls.clear()
        self.learner.clear()
        self._cloud.clock.reset()
        self._checkpoint()
        return {"reset": True}

    def _accounts(self, _body: Json, _query: Json) -> object:
        return {
            "accounts": [
                {"id": one.id, "alias": one.ram.alias, "rootAccessKeyId": one.root_key.id}
                for one in self._cloud.accounts.values()
            ]
        }

    def _add_account(self, body: Json, _query: Json) -> object:
        account = account_from(self._cloud, body, "account")
        self._checkpoint()
        return {
            "id": account.id,
            "rootAccessKeyId": account.root_key.id,
            "rootAccessKeySecret": account.root_key.secret,
        }

    def _calls(self, _body: Json, query: Json) -> object:
        wanted = {name: query[name] for name in ("service", "action", "account", "principal", "code") if name in query}
        records = [asdict(one) for one in self._cloud.calls.records]
        found = [one for one in records if all(one[name] == value for name, value in wanted.items())]
        return {"calls": found, "counts": dict(self._cloud.calls.counts)}

    def _forget_calls(self, _body: Json, _query: Json) -> object:
        self._cloud.calls.clear()
        self.learner.clear()
        return {"calls": []}

    def _faults(self, _body: Json, _query: Json) -> object:
        return {"faults": [asdict(one) for one in self._cloud.faults.list()]}

    def _add_fault(self, body: Json, query: Json) -> object:
        self._cloud.faults.add(Fault.read(body))
        return self._faults(body, query)

    def _clear_faults(self, body: Json, query: Json) -> object:
        self._cloud.faults.clear()
        return self._faults(body, query)

    def _set_consistency(self, body: Json, _query: Json) -> object:
        delay = body.get("delay")
        if not isinstance(delay, int | float) or isinstance(delay, bool):
            raise InvalidInputError(
                "delay", delay, "is not a number of seconds", "give 0 to 3600; 0 ends it", code="wrong-type"
            )
        self._end_consistency()
        if delay:
            self._consistency = EventualConsistency(self._cloud, float(delay))
            self._consistency.install()
        return {"delay": delay}

    def _end_consistency(self) -> None:
        if self._consistency is not None:
            self._consistency.remove()
            self._consistency = None

    def _clock(self, _body: Json, _query: Json) -> object:
        return {"now": self._cloud.clock.stamp(), "offset": self._cloud.clock.offset}

    def _move_clock(self, body: Json, query: Json) -> object:
        clock = self._cloud.clock
        match dict(body):
            case {"advance": int() | float() as seconds, **others} if not others:
                clock.advance(float(seconds))
            case {"set": str() as text, **others} if not others:
                clock.set(datetime.fromisoformat(text))
            case {"freeze": True, **others} if not others:
                clock.freeze()
            case {"reset": True, **others} if not others:
                clock.reset()
            case _:
                fix = 'send {"advance": seconds}, {"set": "2030-01-01T00:00:00Z"}, {"freeze": true} or {"reset": true}'
                raise InvalidInputError("clock", dict(body), "is not a movement of a clock", fix, code="out-of-range")
        self._checkpoint()
        return self._clock(body, query)

    def _snapshot(self, _body: Json, _query: Json) -> object:
        return snapshot.take(self._cloud)

    def _restore(self, body: Json, _query: Json) -> object:
        self._end_consistency()
        snapshot.restore(self._cloud, body)
        self._checkpoint()
        return {"restored": True}

    def _issuers(self, _body: Json, _query: Json) -> object:
        return {"issuers": [{"issuer": url, "keys": keys} for url, keys in self._cloud.issuer_keys.items()]}

    def _add_issuer(self, body: Json, query: Json) -> object:
        issuer, keys = body.get("issuer"), body.get("keys")
        if not isinstance(issuer, str) or not issuer.startswith("https://"):
            raise InvalidInputError(
                "issuer", issuer, "is not a URL", 'give the issuer of the tokens: "https://..."', code="invalid-form"
            )
        found = cast("list[object]", keys) if isinstance(keys, list) else []
        if not found or not all(isinstance(key, dict) and "kty" in key for key in found):
            raise InvalidInputError(
                "keys", "…", "is not a list of JSON Web Keys", 'give jwks["keys"]', code="wrong-type"
            )
        self._cloud.issuer_keys[issuer] = cast("list[dict[str, object]]", found)
        return self._issuers(body, query)

    def _learned(self, _body: Json, query: Json) -> object:
        principal = query.get("principal", "")
        if not principal:
            return {"principals": self.learner.principals}
        document = self.learner.policy(principal)
        if document is None:
            known = ", ".join(self.learner.principals) or "nobody so far"
            raise InvalidInputError(
                "principal",
                principal,
                "has called nothing that needs a permission",
                f"known: {known}",
                code="unknown-name",
            )
        return document.to_dict()


def administer(cloud: Cloud, checkpoint: Callable[[], None] = lambda: None) -> Administration:
    """Let a cloud answer ``/_fakes/``; once is enough. What it holds now is what a reset goes back to."""
    for protocol in cloud.protocols:
        if isinstance(protocol, Administration):
            return protocol
    administration = Administration(cloud, checkpoint)
    cloud.protocols.append(administration)
    return administration


def _answer(status: int, body: object) -> HttpResponse:
    text = json.dumps(body, default=list).encode()
    return HttpResponse(status, text, {"content-type": "application/json;charset=utf-8"})

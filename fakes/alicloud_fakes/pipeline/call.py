"""One call on its way through the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ram_policies import arn

if TYPE_CHECKING:
    from alicloud_fakes.core.messages import HttpRequest
    from alicloud_fakes.identity.caller import Caller
    from alicloud_fakes.pipeline.platform import Platform
    from alicloud_fakes.pipeline.protocol import WireProtocol
    from alicloud_fakes.pipeline.registry import Action


@dataclass(slots=True)
class Call:
    """One call.

    Attributes:
        cloud: the cloud that is called.
        protocol: how it came, and how it is answered.
        request_id: unique per call.
        http: the request it came in.
        time: when it came, seconds since the epoch, by the cloud's clock.
        action: None until it is known.
        caller: None until it is known, and for anonymous actions.
        parameters: as sent, without the common ones' meaning.
        token: security token of temporary credentials.
        format: of the answer, ``json`` or ``xml``.
        action_name: name of the action as asked for, whether or not there is one.
        version: API version as asked for.
        resources: ARNs it was checked for.
        replayed: it is made again from a journal; its permissions were checked when it was made.
    """

    cloud: Platform
    protocol: WireProtocol
    request_id: str
    http: HttpRequest
    time: float
    action: Action | None = None
    caller: Caller | None = None
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    token: str = ""
    format: str = "json"
    action_name: str = ""
    version: str = ""
    resources: tuple[str, ...] = ()
    replayed: bool = False
    _request: Any = field(default=None, init=False, repr=False)

    @property
    def is_judged(self) -> bool:
        """False where no permission is demanded: enforcement is off, or the call is made again from a journal."""
        return self.cloud.enforcement != "off" and not self.replayed

    @property
    def performed(self) -> Action:
        """The action, once the call has been read."""
        if self.action is None:
            raise RuntimeError("this call has not been read yet")
        return self.action

    @property
    def request(self) -> Any:  # noqa: ANN401 - the action's own type
        """The action's parameters, read and checked when they are first asked for.

        Raises:
            ApiError: one of them is missing or refused.
        """
        if self._request is None:
            action = self.performed
            self._request = action.request.read(self.parameters, action.service.refuse, self)
        return self._request

    def end(self) -> None:
        """Let go of the request, which holds the call: otherwise both would wait for the garbage collector."""
        self._request = None

    @property
    def signed_by(self) -> Caller:
        """The caller of an action that is never anonymous."""
        if self.caller is None:
            raise RuntimeError(f"{self.action_name}: an anonymous action has no caller")
        return self.caller

    def context(self) -> dict[str, str | tuple[str, ...]]:
        """Condition keys that every request carries."""
        caller = self.caller
        out: dict[str, str | tuple[str, ...]] = {
            "acs:CurrentTime": self.cloud.clock.stamp(),
            "acs:SecureTransport": "true" if self.http.secure else "false",
            "acs:SourceIp": self.http.source_ip,
        }
        if caller is not None:
            out["acs:PrincipalARN"] = arn.principal_arn(caller.arn)
            if caller.session is not None and caller.session.mfa is not None:
                # Only console sessions know whether a second factor was used; calls with an access key do not carry it.
                out["acs:MFAPresent"] = "true" if caller.session.mfa else "false"
        return out

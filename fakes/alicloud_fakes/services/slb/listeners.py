"""Listeners: start and stop them."""

from __future__ import annotations

from typing import Annotated

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import OneOf, Range
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.slb import slb
from alicloud_fakes.services.slb.models import LoadBalancer, Slb
from alicloud_fakes.services.slb.slb_targets import OfBalancer, find, target

Port = Annotated[int, Range(1, 65535)]
ListenerProtocol = Annotated[str, OneOf("tcp", "udp", "http", "https")]


class StartLoadBalancerListener(OfBalancer):
    listener_port: Port
    listener_protocol: ListenerProtocol | None = None


class StopLoadBalancerListener(StartLoadBalancerListener):
    pass


def set_status(balancer: LoadBalancer, port: int, protocol: str | None, status: str) -> None:
    """Start or stop the listeners of a port, all or those of a protocol.

    Raises:
        ApiError: there is none.
    """
    found = [one for one in balancer.listeners.values() if one.port == port and protocol in {None, one.protocol}]
    if not found:
        raise ApiError(400, "ListenerNotFound", "The specified listener does not exist.")
    for listener in found:
        listener.status = status


@slb.action(StartLoadBalancerListener, on=target)
def start_load_balancer_listener(slb: Slb, request: StartLoadBalancerListener) -> Reply:
    """Start a listener."""
    set_status(find(slb, request), request.listener_port, request.listener_protocol, "running")
    return None


@slb.action(StopLoadBalancerListener, on=target)
def stop_load_balancer_listener(slb: Slb, request: StopLoadBalancerListener) -> Reply:
    """Stop a listener."""
    set_status(find(slb, request), request.listener_port, request.listener_protocol, "stopped")
    return None

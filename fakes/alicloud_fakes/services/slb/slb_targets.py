"""Targets of SLB permissions, and the search for load balancers."""

from __future__ import annotations

from typing import Annotated

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import ActionRequest, Length
from alicloud_fakes.pipeline.targets import Target, TargetKind
from alicloud_fakes.services.slb.models import LoadBalancer, Slb

BALANCER = TargetKind("slb", "loadbalancer", "slb:tag")


class OfBalancer(ActionRequest):
    """A request about one load balancer."""

    load_balancer_id: Annotated[str, Length(64, 1)]
    region_id: str = ""


def target(request: OfBalancer) -> str | Target:
    """The load balancer a request is about."""
    return target_of(request, request.load_balancer_id)


def target_of(request: ActionRequest, balancer_id: str) -> str | Target:
    """A load balancer of the caller's account; one that does not exist is checked by its name alone."""
    account = request.call.signed_by.account
    return BALANCER.named(account.id, account.slb.balancers, [balancer_id])[0]


def find(slb: Slb, request: OfBalancer) -> LoadBalancer:
    """The load balancer a request is about, or InvalidLoadBalancerId.NotFound."""
    balancer = slb.balancers.get(request.load_balancer_id)
    if balancer is None or request.region_id not in {"", balancer.region}:
        raise ApiError(404, "InvalidLoadBalancerId.NotFound", "The specified LoadBalancerId does not exist.")
    return balancer

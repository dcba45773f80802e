"""Servers behind a load balancer, and their health."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import Length, Problem, Range, Wrong
from alicloud_fakes.pipeline.product_errors import refuse_as_most_products
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.slb import slb
from alicloud_fakes.services.slb.listeners import ListenerProtocol, Port
from alicloud_fakes.services.slb.models import BackendServer, LoadBalancer, Slb
from alicloud_fakes.services.slb.slb_targets import OfBalancer, find, target

MOST_SERVERS = 20
_WEIGHTS = Range(0, 100)
_STATUS = {True: "normal", False: "abnormal"}


class _OfServers(OfBalancer):
    # A list of records as JSON: [{"ServerId": "i-...", "Weight": "100", "Type": "ecs"}]
    backend_servers: Annotated[str, Length(8192, 2)]


class AddBackendServers(_OfServers):
    pass


class SetBackendServers(_OfServers):
    pass


class RemoveBackendServers(_OfServers):
    pass


class DescribeHealthStatus(OfBalancer):
    listener_port: Port | None = None
    listener_protocol: ListenerProtocol | None = None


def _malformed() -> ApiError:
    return refuse_as_most_products(Wrong("BackendServers", Problem.FORMAT))


def _given(text: str) -> list[BackendServer]:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        raise _malformed() from None
    if not isinstance(value, list):
        raise _malformed()
    rows = cast("list[object]", value)
    if not rows or len(rows) > MOST_SERVERS:
        raise _malformed()
    return [_server(row) for row in rows]


def _server(row: object) -> BackendServer:
    if isinstance(row, str):
        return BackendServer(row)
    if not isinstance(row, dict):
        raise _malformed()
    fields = cast("dict[str, object]", row)
    name, weight = fields.get("ServerId"), str(fields.get("Weight", 100))
    if not isinstance(name, str) or not name or not weight.isdigit() or _WEIGHTS.problem(int(weight[:9])):
        raise _malformed()
    return BackendServer(name, int(weight), str(fields.get("Type", "ecs")), str(fields.get("Description", "")))


def _shown(balancer: LoadBalancer) -> dict[str, Any]:
    servers = [
        {"ServerId": one.id, "Weight": str(one.weight), "Type": one.type, "Description": one.description}
        for one in balancer.servers.values()
    ]
    return {"LoadBalancerId": balancer.id, "BackendServers": {"BackendServer": servers}}


def _check_exists(slb: Slb, servers: list[BackendServer]) -> None:
    instances = slb.account.ecs.instances
    if any(one.type == "ecs" and one.id not in instances for one in servers):
        raise ApiError(400, "ObtainIpFail", "The specified ServerId does not exist.")


@slb.action(AddBackendServers, on=target)
def add_backend_servers(slb: Slb, request: AddBackendServers) -> Reply:
    """Put servers behind a load balancer, or change the weight of those that are."""
    balancer = find(slb, request)
    servers = _given(request.backend_servers)
    _check_exists(slb, servers)
    for server in servers:
        balancer.servers[server.id] = server
    return _shown(balancer)


@slb.action(SetBackendServers, on=target)
def set_backend_servers(slb: Slb, request: SetBackendServers) -> Reply:
    """Change the weight of servers that are behind a load balancer."""
    balancer = find(slb, request)
    servers = _given(request.backend_servers)
    if any(server.id not in balancer.servers for server in servers):
        raise ApiError(400, "BackendServer.NotFound", "The specified backend server does not exist.")
    for server in servers:
        balancer.servers[server.id].weight = server.weight
    return _shown(balancer)


@slb.action(RemoveBackendServers, on=target)
def remove_backend_servers(slb: Slb, request: RemoveBackendServers) -> Reply:
    """Take servers away from behind a load balancer; those that are not there are passed over."""
    balancer = find(slb, request)
    for server in _given(request.backend_servers):
        balancer.servers.pop(server.id, None)
    reply = _shown(balancer)
    for row in reply["BackendServers"]["BackendServer"]:
        row["Weight"] = int(row["Weight"])  # a number here, a text in the other two
    return reply


@slb.action(DescribeHealthStatus, on=target)
def describe_health_status(slb: Slb, request: DescribeHealthStatus) -> Reply:
    """Show the health of the servers, for each running listener."""
    balancer = find(slb, request)
    instances = slb.account.ecs.instances
    rows: list[dict[str, Any]] = []
    for listener in balancer.listeners.values():
        if listener.status != "running" or request.listener_port not in {None, listener.port}:
            continue
        if request.listener_protocol not in {None, listener.protocol}:
            continue
        for server in balancer.servers.values():
            instance = instances.get(server.id)
            up = server.healthy and (server.type != "ecs" or (instance is not None and instance.status == "Running"))
            rows.append(
                {
                    "ServerId": server.id,
                    "ServerIp": instance.private_ip if instance is not None else "",
                    "ListenerPort": listener.port,
                    "Port": listener.backend_port,
                    "Protocol": listener.protocol,
                    "ServerHealthStatus": _STATUS[up],
                }
            )
    return {"BackendServers": {"BackendServer": rows}}

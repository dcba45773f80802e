"""SLB through its official client."""

from __future__ import annotations

import json
from typing import Any

import pytest

models = pytest.importorskip("alibabacloud_slb20140515.models", reason="the official SLB client is not installed")
client_module = pytest.importorskip(
    "alibabacloud_slb20140515.client", reason="the official SLB client is not installed"
)

REGION = "cn-hangzhou"


@pytest.fixture
def client(door: Any, root: Any) -> Any:
    return client_module.Client(door.config(root, "slb"))


@pytest.fixture
def balancer(door: Any) -> Any:
    return door.cloud.account("company-a").slb.create("front", listeners={80: "http", 443: "https"}, tags={"t": "1"})


def health(client: Any, balancer: Any) -> list[tuple[int, str]]:
    request = models.DescribeHealthStatusRequest(region_id=REGION, load_balancer_id=balancer.id)
    rows = client.describe_health_status(request).body.backend_servers.backend_server
    return [(row.listener_port, row.server_health_status) for row in rows]


def test_load_balancers_are_listed_and_shown(door: Any, client: Any, balancer: Any, refused: Any) -> None:
    door.cloud.account("company-a").slb.create("other")
    request = models.DescribeLoadBalancersRequest(region_id=REGION, load_balancer_name="front")
    assert [
        one.load_balancer_id for one in client.describe_load_balancers(request).body.load_balancers.load_balancer
    ] == [balancer.id]
    shown = client.describe_load_balancer_attribute(
        models.DescribeLoadBalancerAttributeRequest(region_id=REGION, load_balancer_id=balancer.id)
    ).body
    assert shown.listener_ports.listener_port == [80, 443]
    with refused("InvalidLoadBalancerId.NotFound", 404):
        client.describe_load_balancer_attribute(models.DescribeLoadBalancerAttributeRequest(load_balancer_id="lb-none"))


def test_listeners_and_servers(door: Any, client: Any, balancer: Any, refused: Any) -> None:
    instance = door.cloud.account("company-a").ecs.run("web")
    servers = json.dumps([{"ServerId": instance.id, "Weight": "50"}])
    client.add_backend_servers(
        models.AddBackendServersRequest(region_id=REGION, load_balancer_id=balancer.id, backend_servers=servers)
    )
    assert health(client, balancer) == [(80, "normal"), (443, "normal")]
    stop = models.StopLoadBalancerListenerRequest(region_id=REGION, load_balancer_id=balancer.id, listener_port=443)
    client.stop_load_balancer_listener(stop)
    instance.status = "Stopped"
    assert health(client, balancer) == [(80, "abnormal")]
    client.start_load_balancer_listener(models.StartLoadBalancerListenerRequest(**vars(stop)))
    weights = client.set_backend_servers(
        models.SetBackendServersRequest(
            region_id=REGION, load_balancer_id=balancer.id, backend_servers=servers.replace("50", "0")
        )
    ).body.backend_servers.backend_server
    assert [one.weight for one in weights] == ["0"]
    left = client.remove_backend_servers(
        models.RemoveBackendServersRequest(
            region_id=REGION, load_balancer_id=balancer.id, backend_servers=json.dumps([instance.id])
        )
    ).body.backend_servers.backend_server
    assert left == []
    with refused("ListenerNotFound", 400):
        client.stop_load_balancer_listener(
            models.StopLoadBalancerListenerRequest(load_balancer_id=balancer.id, listener_port=8080)
        )
    with refused("InvalidParameter.BackendServers", 400):
        client.add_backend_servers(
            models.AddBackendServersRequest(load_balancer_id=balancer.id, backend_servers='[{"Weight": 1}]')
        )


def test_permission_for_one_load_balancer(door: Any, user: Any, balancer: Any, refused: Any) -> None:
    other = door.cloud.account("company-a").slb.create("other")
    statement = {
        "Effect": "Allow",
        "Action": ["slb:StopLoadBalancerListener", "slb:DescribeLoadBalancers"],
        "Resource": f"acs:slb:*:*:loadbalancer/{balancer.id}",
    }
    own = client_module.Client(door.config(user("company-a", "net", statement), "slb"))
    request = models.StopLoadBalancerListenerRequest(region_id=REGION, load_balancer_id=balancer.id, listener_port=80)
    own.stop_load_balancer_listener(request)
    assert balancer.listeners[80, "http"].status == "stopped"
    with refused("Forbidden.RAM", 403):
        request.load_balancer_id = other.id
        own.stop_load_balancer_listener(request)
    one = models.DescribeLoadBalancersRequest(region_id=REGION, load_balancer_id=balancer.id)
    assert own.describe_load_balancers(one).body.total_count == 1
    with refused("Forbidden.RAM", 403):
        one.load_balancer_id = f"{balancer.id},{other.id}"
        own.describe_load_balancers(one)

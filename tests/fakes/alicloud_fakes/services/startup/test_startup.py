"""The calls that clients make before their first."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.services.bss.models import Site


def endpoint(door: Any, key: Any, product: str, region: str = "cn-hangzhou") -> Any:
    found = door.call(
        key, "location", "2015-06-12", "DescribeEndpoints", Id=region, ServiceCode=product, Type="openAPI"
    )
    return found["Endpoints"]["Endpoint"][0]


def test_location_keeps_clients_at_the_fake(door: Any, root: Any) -> None:
    found = endpoint(door, root, "ecs")
    if door.protocol == "HTTP":
        assert found["Endpoint"] == door.endpoint("ecs")
    else:
        assert found["Endpoint"] == "ecs.cn-hangzhou.aliyuncs.com"
        assert endpoint(door, root, "ram")["Endpoint"] == "ram.aliyuncs.com"
    assert found["SerivceCode"] == "ecs"


def test_location_refuses_what_is_no_region(door: Any, root: Any, refused: Any) -> None:
    with refused("InvalidRegionId", 404):
        endpoint(door, root, "ecs", "nowhere")


def test_an_account_is_international_unless_it_is_not(door: Any, root: Any, refused: Any) -> None:
    query = {
        "PageNum": "1",
        "PageSize": "50",
        "ProductCode": "vipcloudfw",
        "ProductType": "vipcloudfw",
        "SubscriptionType": "Subscription",
    }
    with refused("NotApplicable", 400):
        door.call(root, "bss", "2017-12-14", "QueryAvailableInstances", **query)
    door.cloud.account("company-a").bss.site = Site.CHINA
    body = door.call(root, "bss", "2017-12-14", "QueryAvailableInstances", **query)
    assert (body["Success"], body["Data"]["InstanceList"]) == (True, [])

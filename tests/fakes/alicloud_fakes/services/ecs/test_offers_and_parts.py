"""ECS through its official client: images and types to start from, and the parts of an instance."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

models = pytest.importorskip("alibabacloud_ecs20140526.models", reason="the official ECS client is not installed")
client_module = pytest.importorskip(
    "alibabacloud_ecs20140526.client", reason="the official ECS client is not installed"
)
vpc_models = pytest.importorskip("alibabacloud_vpc20160428.models", reason="the official VPC client is not installed")
vpc_module = pytest.importorskip("alibabacloud_vpc20160428.client", reason="the official VPC client is not installed")

REGION = "cn-hangzhou"


@pytest.fixture
def client(door: Any, root: Any) -> Any:
    return client_module.Client(door.config(root, "ecs"))


def run(client: Any, **more: Any) -> str:
    request = models.RunInstancesRequest(region_id=REGION, image_id="img", instance_type="ecs.g6.large", **more)
    return client.run_instances(request).body.instance_id_sets.instance_id_set[0]


def shown(client: Any, instance: str) -> Any:
    request = models.DescribeInstancesRequest(region_id=REGION, instance_ids=json.dumps([instance]))
    return client.describe_instances(request).body.instances.instance[0]


def images(client: Any, **filters: Any) -> list[str]:
    request = models.DescribeImagesRequest(region_id=REGION, **filters)
    return [one.image_id for one in client.describe_images(request).body.images.image]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 4),
        ({"image_owner_alias": "system"}, 4),
        ({"image_owner_alias": "self"}, 0),
        ({"ostype": "windows"}, 1),
        ({"image_id": "aliyun_3_x64_20G_alibase_20240528.vhd"}, 1),
        ({"image_id": "m-none"}, 0),
        ({"status": "Creating"}, 0),
        ({"page_size": 3}, 3),
        ({"page_size": 3, "page_number": 2}, 1),
    ],
)
def test_images_are_selected(client: Any, filters: dict[str, Any], count: int) -> None:
    assert len(images(client, **filters)) == count


def test_a_type_and_an_image_that_are_offered_start_an_instance(client: Any) -> None:
    wanted = models.DescribeAvailableResourceRequest(region_id=REGION, destination_resource="InstanceType", cores=4)
    zone = client.describe_available_resource(wanted).body.available_zones.available_zone[0]
    offered = zone.available_resources.available_resource[0].supported_resources.supported_resource
    chosen = offered[0].value
    of_type = models.DescribeInstanceTypesRequest(instance_types=[chosen])
    (described,) = client.describe_instance_types(of_type).body.instance_types.instance_type
    assert described.cpu_core_count == 4
    request = models.RunInstancesRequest(
        region_id=REGION, image_id=images(client)[0], instance_type=chosen, zone_id=zone.zone_id
    )
    started = client.run_instances(request).body.instance_id_sets.instance_id_set[0]
    assert (shown(client, started).zone_id, shown(client, started).cpu) == (zone.zone_id, 4)


def test_a_created_instance_is_stopped_until_it_is_started(client: Any) -> None:
    request = models.CreateInstanceRequest(region_id=REGION, image_id="img", instance_type="ecs.g6.large")
    created = client.create_instance(request).body.instance_id
    assert shown(client, created).status == "Stopped"
    client.start_instance(models.StartInstanceRequest(instance_id=created))
    assert shown(client, created).status == "Running"


def test_the_system_disk_is_as_it_was_asked_for_and_goes_with_its_instance(client: Any) -> None:
    disk = models.RunInstancesRequestSystemDisk(category="cloud_efficiency", size="60", disk_name="boot")
    instance = run(client, system_disk=disk)

    def disks(**filters: Any) -> list[tuple[str, int, str]]:
        request = models.DescribeDisksRequest(region_id=REGION, **filters)
        return [(one.category, one.size, one.disk_name) for one in client.describe_disks(request).body.disks.disk]

    assert disks(instance_id=instance, disk_type="system") == [("cloud_efficiency", 60, "boot")]
    assert disks(disk_type="data") == []
    assert disks(category="cloud_ssd") == []
    client.delete_instance(models.DeleteInstanceRequest(instance_id=instance, force=True))
    assert disks() == []


@pytest.mark.parametrize(
    ("category", "size", "code", "status"),
    [
        ("cloud_gold", "40", "InvalidSystemDiskCategory.ValueNotSupported", 403),
        ("cloud_ssd", "19", "InvalidSystemDiskSize.ValueNotSupported", 400),
        ("cloud_ssd", "forty", "InvalidSystemDiskSize.ValueNotSupported", 400),
    ],
)
def test_a_system_disk_that_there_is_not(
    client: Any, refused: Any, category: str, size: str, code: str, status: int
) -> None:
    with refused(code, status):
        run(client, system_disk=models.RunInstancesRequestSystemDisk(category=category, size=size))


def test_bandwidth_gives_a_public_address(client: Any) -> None:
    inside, outside = run(client), run(client, internet_max_bandwidth_out=10)
    assert shown(client, inside).public_ip_address.ip_address == []
    (address,) = shown(client, outside).public_ip_address.ip_address
    request = models.DescribeInstancesRequest(region_id=REGION, public_ip_addresses=json.dumps([address]))
    found = client.describe_instances(request).body.instances.instance
    assert [one.instance_id for one in found] == [outside]


def test_user_data_is_kept_and_must_be_base64(client: Any, refused: Any) -> None:
    text = base64.b64encode(b"#!/bin/sh\n").decode()
    instance = run(client, user_data=text)
    request = models.DescribeUserDataRequest(region_id=REGION, instance_id=instance)
    assert client.describe_user_data(request).body.user_data == text
    with refused("InvalidUserData.Base64FormatInvalid", 400):
        run(client, user_data="#!/bin/sh")


def test_the_interface_of_an_instance_is_in_the_network_of_its_vswitch(door: Any, root: Any, client: Any) -> None:
    network = vpc_module.Client(door.config(root, "vpc"))
    vpc = network.create_vpc(vpc_models.CreateVpcRequest(region_id=REGION, cidr_block="10.0.0.0/8")).body.vpc_id
    request = vpc_models.CreateVSwitchRequest(
        region_id=REGION, vpc_id=vpc, zone_id=f"{REGION}-g", cidr_block="10.1.0.0/24"
    )
    switch = network.create_vswitch(request).body.v_switch_id
    instance = run(client, v_switch_id=switch)
    one = shown(client, instance)
    assert (one.vpc_attributes.vpc_id, one.zone_id) == (vpc, f"{REGION}-g")
    interface = one.network_interfaces.network_interface[0].network_interface_id
    wanted = models.DescribeNetworkInterfacesRequest(region_id=REGION, network_interface_id=[interface])
    (found,) = client.describe_network_interfaces(wanted).body.network_interface_sets.network_interface_set
    assert (found.instance_id, found.vpc_id, found.v_switch_id) == (instance, vpc, switch)


def test_parts_of_an_instance_need_permission(door: Any, client: Any, user: Any, refused: Any) -> None:
    instance = run(client)
    statement = {"Effect": "Allow", "Action": "ecs:DescribeInstances", "Resource": "*"}
    reader = client_module.Client(door.config(user("company-a", "reader", statement), "ecs"))
    with refused("Forbidden.RAM", 403):
        reader.describe_user_data(models.DescribeUserDataRequest(region_id=REGION, instance_id=instance))
    with refused("Forbidden.RAM", 403):
        reader.describe_disks(models.DescribeDisksRequest(region_id=REGION, instance_id=instance))

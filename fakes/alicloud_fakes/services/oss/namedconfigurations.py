"""Configurations that a bucket has several of, by name: inventories and image styles. They are kept and shown."""

from __future__ import annotations

from typing import Annotated
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from alicloud_fakes.core.xml import to_xml
from alicloud_fakes.pipeline.declare import OneOf, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.configurations import BucketConfiguration, read_oss_configuration, shown
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss
from alicloud_fakes.services.oss.oss_answers import content_answer, http_time, xml_text_answer
from alicloud_fakes.services.oss.parameters import BucketRequest, Content, bucket_arn, bucket_of


def _sort_classes(root: ET.Element, _: BucketRequest) -> None:
    """OSS shows the storage classes of a filter in the order of the alphabet."""
    element = root.find("Filter/StorageClass")
    if element is not None and element.text:
        element.text = ",".join(sorted(element.text.split(",")))


_INVENTORY = BucketConfiguration(
    "inventory", "BucketInventory", "InventoryConfiguration", "NoSuchInventory", check=_sort_classes
)
_PAGE = 100
_STYLE = BucketConfiguration("style", "Style", "Style", "NoSuchStyle")


class GetBucketInventory(BucketRequest):
    name: Annotated[str, Wire("inventoryId")]


class PutBucketInventory(GetBucketInventory):
    body: Content = ""


class DeleteBucketInventory(GetBucketInventory):
    pass


class ListBucketInventory(BucketRequest):
    token: Annotated[str, Wire("continuation-token")] = ""


class GetStyle(BucketRequest):
    name: Annotated[str, Wire("styleName")]


class PutStyle(GetStyle):
    body: Content = ""
    category: Annotated[str, OneOf("", "image", "document", "video"), Wire("category")] = ""


class DeleteStyle(GetStyle):
    pass


class ListStyle(BucketRequest):
    pass


def _key(kind: BucketConfiguration, name: str) -> str:
    return f"{kind.subresource}/{name}"


def _all(bucket: Bucket, kind: BucketConfiguration) -> str:
    return "".join(
        bucket.configurations[key] for key in sorted(bucket.configurations) if key.startswith(_key(kind, ""))
    )


@oss.action(PutBucketInventory, on=bucket_arn)
def put_bucket_inventory(_: Oss, request: PutBucketInventory) -> Reply:
    """Set an inventory. No list is ever written."""
    bucket_of(request).configurations[_key(_INVENTORY, request.name)] = read_oss_configuration(_INVENTORY, request)
    return content_answer()


@oss.action(GetBucketInventory, on=bucket_arn)
def get_bucket_inventory(_: Oss, request: GetBucketInventory) -> Reply:
    """Show an inventory."""
    return shown(_INVENTORY, bucket_of(request).configurations.get(_key(_INVENTORY, request.name)))


@oss.action(ListBucketInventory, on=bucket_arn, permission="oss:GetBucketInventory")
def list_bucket_inventory(_: Oss, request: ListBucketInventory) -> Reply:
    """Show the inventories, by name, 100 on a page.

    Raises:
        OssError: NoSuchInventory, where there are none.
    """
    kept = bucket_of(request).configurations
    first = _key(_INVENTORY, "")
    names = sorted(name.removeprefix(first) for name in kept if name.startswith(first))
    if not names:
        raise OssError("NoSuchInventory")
    left = [name for name in names if name > request.token]
    page, more = left[:_PAGE], len(left) > _PAGE
    inner = "".join(kept[_key(_INVENTORY, name)] for name in page)
    if request.token:
        inner += f"<ContinuationToken>{escape(request.token)}</ContinuationToken>"
    inner += f"<IsTruncated>{str(more).lower()}</IsTruncated>"
    if more:
        inner += f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>"
    return xml_text_answer(f"<ListInventoryConfigurationsResult>{inner}</ListInventoryConfigurationsResult>")


@oss.action(DeleteBucketInventory, on=bucket_arn)
def delete_bucket_inventory(_: Oss, request: DeleteBucketInventory) -> Reply:
    """Take an inventory away."""
    bucket_of(request).configurations.pop(_key(_INVENTORY, request.name), None)
    return content_answer(204)


@oss.action(PutStyle, on=bucket_arn)
def put_style(_: Oss, request: PutStyle) -> Reply:
    """Set an image style. No image is ever processed."""
    bucket = bucket_of(request)
    content = ET.fromstring(read_oss_configuration(_STYLE, request)).findtext("Content") or ""  # noqa: S314 - just checked
    now = http_time(request.call.time)
    before = bucket.configurations.get(_key(_STYLE, request.name))
    created = ET.fromstring(before).findtext("CreateTime") if before else now  # noqa: S314 - the fake wrote it
    style = {"Name": request.name, "Content": content, "CreateTime": created, "LastModifyTime": now}
    if request.category:
        style["Category"] = request.category
    bucket.configurations[_key(_STYLE, request.name)] = to_xml("Style", style).partition("\n")[2]
    return content_answer()


@oss.action(GetStyle, on=bucket_arn)
def get_style(_: Oss, request: GetStyle) -> Reply:
    """Show an image style."""
    return shown(_STYLE, bucket_of(request).configurations.get(_key(_STYLE, request.name)))


@oss.action(ListStyle, on=bucket_arn)
def list_style(_: Oss, request: ListStyle) -> Reply:
    """Show all image styles."""
    return xml_text_answer(f"<StyleList>{_all(bucket_of(request), _STYLE)}</StyleList>")


@oss.action(DeleteStyle, on=bucket_arn)
def delete_style(_: Oss, request: DeleteStyle) -> Reply:
    """Take an image style away."""
    bucket_of(request).configurations.pop(_key(_STYLE, request.name), None)
    return content_answer(204)

"""Tags of objects."""

from __future__ import annotations

from contextlib import suppress

from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss, oss_condition_keys
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Oss
from alicloud_fakes.services.oss.object_making import tag_set, tags_from
from alicloud_fakes.services.oss.oss_answers import content_answer, read_xml, xml_answer
from alicloud_fakes.services.oss.parameters import Content, VersionRequest, bucket_of, object_arn, object_of
from alicloud_fakes.services.oss.versioning import headers_of


class PutObjectTagging(VersionRequest):
    body: Content = ""


class GetObjectTagging(VersionRequest):
    pass


class DeleteObjectTagging(VersionRequest):
    pass


def _pairs(request: PutObjectTagging) -> list[tuple[str, str]]:
    tags = read_xml(request.body, "Tagging").findall("TagSet/Tag")
    return [(tag.findtext("Key") or "", tag.findtext("Value") or "") for tag in tags]


def _keys(request: PutObjectTagging) -> dict[str, str]:
    # What cannot be read is refused when the permission is there.
    with suppress(OssError):
        return oss_condition_keys.asked_tags(_pairs(request))
    return {}


@oss.action(PutObjectTagging, on=object_arn, context=_keys)
def put_object_tagging(_: Oss, request: PutObjectTagging) -> Reply:
    """Replace the tags of an object."""
    found = object_of(request)
    found.tags = tags_from(_pairs(request))
    return content_answer(headers=headers_of(bucket_of(request), found))


@oss.action(GetObjectTagging, on=object_arn)
def get_object_tagging(_: Oss, request: GetObjectTagging) -> Reply:
    """Show the tags of an object."""
    found = object_of(request)
    return xml_answer("Tagging", tag_set(found.tags), headers_of(bucket_of(request), found))


@oss.action(DeleteObjectTagging, on=object_arn)
def delete_object_tagging(_: Oss, request: DeleteObjectTagging) -> Reply:
    """Take the tags of an object away."""
    found = object_of(request)
    found.tags = {}
    return content_answer(204, headers_of(bucket_of(request), found))

"""Symbolic links: objects that stand for another object of the same bucket."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, unquote

from alicloud_fakes.pipeline.declare import Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Oss
from alicloud_fakes.services.oss.object_making import check_overwrite, make
from alicloud_fakes.services.oss.oss_answers import content_answer, http_time
from alicloud_fakes.services.oss.parameters import (
    META,
    NewObjectRequest,
    VersionRequest,
    bucket_of,
    object_arn,
    object_of,
)
from alicloud_fakes.services.oss.versioning import headers_of, store

_TARGET = "x-oss-symlink-target"


class PutSymlink(NewObjectRequest):
    target: Annotated[str, Wire(_TARGET)]


class GetSymlink(VersionRequest):
    pass


@oss.action(PutSymlink, on=object_arn, permission="oss:PutObject")
def put_symlink(_: Oss, request: PutSymlink) -> Reply:
    """Make a symbolic link. Its target need not exist yet."""
    bucket = bucket_of(request)
    check_overwrite(bucket, request)
    made = make(bucket, request, b"")
    made.kind, made.target = "Symlink", unquote(request.target)
    store(bucket, made)
    return content_answer(headers={"etag": f'"{made.etag}"', **headers_of(bucket, made)})


@oss.action(GetSymlink, on=object_arn, permission="oss:GetObject")
def get_symlink(_: Oss, request: GetSymlink) -> Reply:
    """Say what a symbolic link stands for."""
    bucket, found = bucket_of(request), object_of(request)
    if found.kind != "Symlink":
        raise OssError("NotSymlink", Key=request.key)
    headers = {
        _TARGET: quote(found.target),
        "etag": f'"{found.etag}"',
        "last-modified": http_time(found.modified),
        **{name: value for name, value in found.headers.items() if name.startswith(META)},
        **headers_of(bucket, found),
    }
    return content_answer(headers=headers)

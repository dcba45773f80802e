"""Uploads in parts."""

from __future__ import annotations

import hashlib
from typing import Annotated

from alicloud_fakes.pipeline.declare import OneOf, Range, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.answers import answer, encoder, iso_time, read_xml, xml_answer
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Oss, StoredObject, Upload
from alicloud_fakes.services.oss.objects import content_headers
from alicloud_fakes.services.oss.parameters import (
    BucketRequest,
    Content,
    ObjectAcl,
    ObjectRequest,
    bucket_arn,
    bucket_of,
    object_arn,
)


class InitiateMultipartUpload(ObjectRequest):
    acl: ObjectAcl = "default"


class _Part(ObjectRequest):
    upload_id: Annotated[str, Wire("uploadId")]


class UploadPart(_Part):
    part_number: Annotated[int, Range(1, 10000), Wire("partNumber")]
    body: Content = ""


class CompleteMultipartUpload(_Part):
    body: Content = ""


class AbortMultipartUpload(_Part):
    pass


class ListParts(_Part):
    max_parts: Annotated[int, Range(1, 1000), Wire("max-parts")] = 1000
    part_number_marker: Annotated[int, Range(0, 10000), Wire("part-number-marker")] = 0


class ListMultipartUploads(BucketRequest):
    prefix: Annotated[str, Wire("prefix")] = ""
    key_marker: Annotated[str, Wire("key-marker")] = ""
    upload_id_marker: Annotated[str, Wire("upload-id-marker")] = ""
    max_uploads: Annotated[int, Range(1, 1000), Wire("max-uploads")] = 1000
    encoding_type: Annotated[str, OneOf("", "url"), Wire("encoding-type")] = ""


def _upload(request: _Part) -> Upload:
    upload = bucket_of(request).uploads.get(request.upload_id)
    if upload is None or upload.key != request.key:
        raise OssError("NoSuchUpload", UploadId=request.upload_id)
    return upload


@oss.action(InitiateMultipartUpload, on=object_arn, permission="oss:PutObject")
def initiate_multipart_upload(_: Oss, request: InitiateMultipartUpload) -> Reply:
    """Begin an upload in parts."""
    bucket = bucket_of(request)
    upload = Upload(
        request.call.cloud.entropy.bytes(16).hex().upper(),
        request.key,
        content_headers(request),
        request.acl,
        request.call.time,
    )
    bucket.uploads[upload.id] = upload
    content = {"Bucket": bucket.name, "Key": request.key, "UploadId": upload.id}
    return xml_answer("InitiateMultipartUploadResult", content)


@oss.action(UploadPart, on=object_arn, permission="oss:PutObject")
def upload_part(_: Oss, request: UploadPart) -> Reply:
    """Upload a part, over one of the same number."""
    data = request.body.encode("latin-1")
    etag = hashlib.md5(data, usedforsecurity=False).hexdigest().upper()
    _upload(request).parts[request.part_number] = (etag, data)
    return answer(headers={"etag": f'"{etag}"'})


@oss.action(CompleteMultipartUpload, on=object_arn, permission="oss:PutObject")
def complete_multipart_upload(_: Oss, request: CompleteMultipartUpload) -> Reply:
    """Make an object of the parts that the client lists."""
    upload = _upload(request)
    wanted = _wanted(request.body)
    if [number for number, _ in wanted] != sorted({number for number, _ in wanted}):
        raise OssError("InvalidPartOrder")
    data: list[bytes] = []
    digests = hashlib.md5(usedforsecurity=False)
    for number, etag in wanted:
        known = upload.parts.get(number)
        if known is None or known[0] != etag:
            raise OssError("InvalidPart", PartNumber=str(number))
        digests.update(bytes.fromhex(etag))
        data.append(known[1])
    bucket = bucket_of(request)
    made = StoredObject(
        request.key,
        b"".join(data),
        f"{digests.hexdigest().upper()}-{len(wanted)}",
        request.call.time,
        upload.headers,
        upload.acl,
        "Multipart",
        bucket.storage_class,
    )
    bucket.objects.put(request.key, made)
    del bucket.uploads[upload.id]
    content = {
        "Location": f"http://{bucket.name}.{bucket.location}.aliyuncs.com/{request.key}",
        "Bucket": bucket.name,
        "Key": request.key,
        "ETag": f'"{made.etag}"',
    }
    return xml_answer("CompleteMultipartUploadResult", content, {"etag": f'"{made.etag}"'})


def _wanted(body: str) -> list[tuple[int, str]]:
    parts: list[tuple[int, str]] = []
    for node in read_xml(body, "CompleteMultipartUpload").findall("Part"):
        number, etag = (node.findtext("PartNumber") or "").strip(), (node.findtext("ETag") or "").strip().strip('"')
        if not number.isascii() or not number.isdigit() or len(number) > 5:
            raise OssError("MalformedXML")
        parts.append((int(number), etag.upper()))
    if not parts:
        raise OssError("MalformedXML")
    return parts


@oss.action(AbortMultipartUpload, on=object_arn)
def abort_multipart_upload(_: Oss, request: AbortMultipartUpload) -> Reply:
    """Forget an upload and its parts."""
    del bucket_of(request).uploads[_upload(request).id]
    return answer(204)


@oss.action(ListParts, on=object_arn)
def list_parts(_: Oss, request: ListParts) -> Reply:
    """List the parts of an upload that are there."""
    upload = _upload(request)
    numbers = sorted(number for number in upload.parts if number > request.part_number_marker)
    shown = numbers[: request.max_parts]
    content = {
        "Bucket": request.bucket,
        "Key": request.key,
        "UploadId": upload.id,
        "NextPartNumberMarker": shown[-1] if shown else request.part_number_marker,
        "MaxParts": request.max_parts,
        "IsTruncated": len(numbers) > len(shown),
        "Part": [
            {
                "PartNumber": number,
                "LastModified": iso_time(request.call.time),
                "ETag": f'"{upload.parts[number][0]}"',
                "Size": len(upload.parts[number][1]),
            }
            for number in shown
        ],
    }
    return xml_answer("ListPartsResult", content)


@oss.action(ListMultipartUploads, on=bucket_arn)
def list_multipart_uploads(_: Oss, request: ListMultipartUploads) -> Reply:
    """List the uploads that are under way, by key."""
    bucket = bucket_of(request)
    code = encoder(request.encoding_type)
    # Without an upload ID the marker stands behind all uploads of its key.
    after = (request.key_marker, request.upload_id_marker or "~")
    found = sorted(
        (upload.key, upload.id)
        for upload in bucket.uploads.values()
        if upload.key.startswith(request.prefix) and (not request.key_marker or (upload.key, upload.id) > after)
    )
    page = found[: request.max_uploads]
    key, upload_id = page[-1] if page else ("", "")
    content: dict[str, object] = {
        "Bucket": bucket.name,
        "Prefix": code(request.prefix),
        "KeyMarker": code(request.key_marker),
        "UploadIdMarker": request.upload_id_marker,
        "NextKeyMarker": code(key),
        "NextUploadIdMarker": upload_id,
        "MaxUploads": request.max_uploads,
        "IsTruncated": len(found) > len(page),
        "Upload": [
            {"Key": code(name), "UploadId": one, "Initiated": iso_time(bucket.uploads[one].begun)} for name, one in page
        ],
    }
    if request.encoding_type:
        content["EncodingType"] = request.encoding_type
    return xml_answer("ListMultipartUploadsResult", content)

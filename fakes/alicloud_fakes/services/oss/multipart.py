"""Uploads in parts."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any
from urllib.parse import quote

from alicloud_fakes.pipeline.declare import Length, OneOf, Pattern, Range, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.checksum import crc64
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss, Part, Upload
from alicloud_fakes.services.oss.object_making import (
    CHECKSUM,
    ContentRequest,
    about,
    check_overwrite,
    content_md5,
    content_of,
    digest,
    make,
)
from alicloud_fakes.services.oss.oss_answers import content_answer, encoder, iso_time, read_xml, xml_answer
from alicloud_fakes.services.oss.parameters import (
    BucketRequest,
    Content,
    NewObjectRequest,
    ObjectRequest,
    OverwritingRequest,
    bucket_arn,
    bucket_of,
    object_arn,
)
from alicloud_fakes.services.oss.versioning import store

EncodingType = Annotated[str, OneOf("", "url"), Wire("encoding-type")]


class InitiateMultipartUpload(NewObjectRequest):
    encoding_type: EncodingType = ""
    sequential: Annotated[str, Wire("sequential")] = ""


class PartRequest(ObjectRequest):
    """A request about an upload in parts."""

    upload_id: Annotated[str, Wire("uploadId")]


class UploadPart(ContentRequest, PartRequest):
    part_number: Annotated[int, Range(1, 10000), Wire("partNumber")]


class CompleteMultipartUpload(PartRequest, OverwritingRequest):
    body: Content = ""
    everything: Annotated[str, Pattern("(yes)?"), Wire("x-oss-complete-all")] = ""
    encoding_type: EncodingType = ""


class AbortMultipartUpload(PartRequest):
    pass


class ListParts(PartRequest):
    max_parts: Annotated[int, Range(1, 1000), Wire("max-parts")] = 1000
    part_number_marker: Annotated[int, Range(0, 10000), Wire("part-number-marker")] = 0
    encoding_type: EncodingType = ""


class ListMultipartUploads(BucketRequest):
    prefix: Annotated[str, Length(1024), Wire("prefix")] = ""
    delimiter: Annotated[str, Length(1024), Wire("delimiter")] = ""
    key_marker: Annotated[str, Length(1024), Wire("key-marker")] = ""
    upload_id_marker: Annotated[str, Wire("upload-id-marker")] = ""
    max_uploads: Annotated[int, Range(1, 1000), Wire("max-uploads")] = 1000
    encoding_type: EncodingType = ""


def upload_of(request: PartRequest) -> Upload:
    """The upload a request is about, or NoSuchUpload."""
    upload = bucket_of(request).uploads.get(request.upload_id)
    if upload is None or upload.key != request.key:
        raise OssError("NoSuchUpload", UploadId=request.upload_id)
    return upload


def _encoded(encoding_type: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"EncodingType": encoding_type, **content} if encoding_type else content


@oss.action(InitiateMultipartUpload, on=object_arn, permission="oss:PutObject")
def initiate_multipart_upload(_: Oss, request: InitiateMultipartUpload) -> Reply:
    """Begin an upload in parts."""
    bucket = bucket_of(request)
    check_overwrite(bucket, request)
    made = make(bucket, request, b"")
    made.kind = "Multipart"
    upload = Upload(request.call.cloud.entropy.bytes(16).hex().upper(), made, request.call.time)
    upload.sequential = "sequential" in request.call.parameters
    bucket.uploads[upload.id] = upload
    key = encoder(request.encoding_type)(request.key)
    content = _encoded(request.encoding_type, {"Bucket": bucket.name, "Key": key, "UploadId": upload.id})
    return xml_answer("InitiateMultipartUploadResult", content, _encryption(upload))


def _encryption(upload: Upload) -> dict[str, str]:
    return {name: value for name, value in upload.made.headers.items() if name.startswith("x-oss-server-side-")}


def _check_no_encryption(request: PartRequest) -> None:
    """Refuse headers of encryption after the beginning of an upload."""
    if any(name.startswith("x-oss-server-side-") for name in request.call.parameters):
        raise OssError("InvalidArgument", "The encryption of an upload is set when it begins.")


@oss.action(UploadPart, on=object_arn, permission="oss:PutObject")
def upload_part(_: Oss, request: UploadPart) -> Reply:
    """Upload a part, over one of the same number. Its encryption was set when the upload began."""
    upload = upload_of(request)
    _check_no_encryption(request)
    if upload.sequential and request.part_number > max(upload.parts, default=0) + 1:
        raise OssError("PartNotSequential", PartNumber=str(request.part_number))
    data = content_of(request)
    etag = digest(data)
    upload.parts[request.part_number] = Part(etag, data, request.call.time)
    headers = {"etag": f'"{etag}"', "content-md5": content_md5(etag), CHECKSUM: str(crc64(data))}
    return content_answer(headers=headers | _encryption(upload))


@oss.action(CompleteMultipartUpload, on=object_arn, permission="oss:PutObject")
def complete_multipart_upload(_: Oss, request: CompleteMultipartUpload) -> Reply:
    """Make an object of the parts that the client lists, or of all."""
    upload = upload_of(request)
    _check_no_encryption(request)
    bucket = bucket_of(request)
    check_overwrite(bucket, request)
    made = upload.made
    parts = _parts(upload, request)
    made.data = b"".join(part.data for part in parts)
    made.etag = f"{_of_parts(parts)}-{len(parts)}"
    made.modified = request.call.time
    if upload.sequential:
        made.headers["content-md5"] = content_md5(digest(made.data))
    store(bucket, made)
    del bucket.uploads[upload.id]
    content = _encoded(
        request.encoding_type,
        {
            "Location": f"http://{bucket.name}.{bucket.location}.aliyuncs.com/{quote(request.key)}",
            "Bucket": bucket.name,
            "Key": encoder(request.encoding_type)(request.key),
            "ETag": f'"{made.etag}"',
        },
    )
    return xml_answer("CompleteMultipartUploadResult", content, about(bucket, made))


def _parts(upload: Upload, request: CompleteMultipartUpload) -> list[Part]:
    if request.everything:
        if request.body.strip():
            raise OssError("InvalidArgument", "x-oss-complete-all goes without a list of parts.")
        return [upload.parts[number] for number in sorted(upload.parts)]
    wanted = _wanted(request.body)
    if [number for number, _ in wanted] != sorted({number for number, _ in wanted}):
        raise OssError("InvalidPartOrder")
    found: list[Part] = []
    for number, etag in wanted:
        part = upload.parts.get(number)
        if part is None or part.etag != etag:
            raise OssError("InvalidPart", PartNumber=str(number))
        found.append(part)
    return found


def _of_parts(parts: list[Part]) -> str:
    digests = b"".join(bytes.fromhex(part.etag) for part in parts)
    return hashlib.md5(digests, usedforsecurity=False).hexdigest().upper()


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
    del bucket_of(request).uploads[upload_of(request).id]
    return content_answer(204)


@oss.action(ListParts, on=object_arn)
def list_parts(_: Oss, request: ListParts) -> Reply:
    """List the parts of an upload that are there."""
    upload = upload_of(request)
    numbers = sorted(number for number in upload.parts if number > request.part_number_marker)
    shown = numbers[: request.max_parts]
    content = {
        "Bucket": request.bucket,
        "Key": encoder(request.encoding_type)(request.key),
        "UploadId": upload.id,
        "StorageClass": upload.made.storage_class,
        "PartNumberMarker": request.part_number_marker,
        "NextPartNumberMarker": shown[-1] if shown else request.part_number_marker,
        "MaxParts": request.max_parts,
        "IsTruncated": len(numbers) > len(shown),
        "Part": [_shown(number, upload.parts[number]) for number in shown],
    }
    return xml_answer("ListPartsResult", _encoded(request.encoding_type, content))


def _shown(number: int, part: Part) -> dict[str, Any]:
    return {
        "PartNumber": number,
        "LastModified": iso_time(part.uploaded),
        "ETag": f'"{part.etag}"',
        "HashCrc64ecma": crc64(part.data),
        "Size": len(part.data),
    }


@oss.action(ListMultipartUploads, on=bucket_arn)
def list_multipart_uploads(_: Oss, request: ListMultipartUploads) -> Reply:
    """List the uploads that are under way, by key; with a delimiter, common prefixes of their keys."""
    bucket = bucket_of(request)
    code = encoder(request.encoding_type)
    found = _under_way(bucket, request)
    page = found[: request.max_uploads]
    key, upload_id = page[-1] if page else ("", "")
    content: dict[str, Any] = {
        "Bucket": bucket.name,
        "Prefix": code(request.prefix),
        "Delimiter": code(request.delimiter),
        "KeyMarker": code(request.key_marker),
        "UploadIdMarker": request.upload_id_marker,
        "NextKeyMarker": code(key),
        "NextUploadIdMarker": upload_id,
        "MaxUploads": request.max_uploads,
        "IsTruncated": len(found) > len(page),
        "Upload": [
            {
                "Key": code(name),
                "UploadId": one,
                "StorageClass": bucket.uploads[one].made.storage_class,
                "Initiated": iso_time(bucket.uploads[one].begun),
            }
            for name, one in page
            if one
        ],
        "CommonPrefixes": [{"Prefix": code(name)} for name, one in page if not one],
    }
    return xml_answer("ListMultipartUploadsResult", _encoded(request.encoding_type, content))


def _under_way(bucket: Bucket, request: ListMultipartUploads) -> list[tuple[str, str]]:
    """Keys and upload IDs behind the marker; a common prefix of keys has no upload ID."""
    found: set[tuple[str, str]] = set()
    for upload in bucket.uploads.values():
        if upload.key.startswith(request.prefix):
            cut = upload.key.find(request.delimiter, len(request.prefix)) if request.delimiter else -1
            whole = (upload.key, upload.id)
            found.add(whole if cut < 0 else (upload.key[: cut + len(request.delimiter)], ""))
    # Without an upload ID the marker stands behind all uploads of its key.
    after = (request.key_marker, request.upload_id_marker or "~")
    return sorted(one for one in found if not request.key_marker or one > after)

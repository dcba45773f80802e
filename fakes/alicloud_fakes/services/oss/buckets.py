"""Buckets: create, list, describe, delete, and who may use them."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.pipeline.declare import Range, Request, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.answers import answer, iso_time, read_xml, xml_answer
from alicloud_fakes.services.oss.door import find_bucket
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss
from alicloud_fakes.services.oss.parameters import (
    BucketAcl,
    BucketName,
    BucketRequest,
    Content,
    bucket_arn,
    bucket_of,
    owner,
)
from ram_policies.document import DocumentKind
from ram_policies.validation.parse import parse

MOST_BUCKETS = 100
_CLASSES = frozenset({"Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"})
_REDUNDANCY = frozenset({"LRS", "ZRS"})


class ListBuckets(Request):
    prefix: Annotated[str, Wire("prefix")] = ""
    marker: Annotated[str, Wire("marker")] = ""
    max_keys: Annotated[int, Range(1, 1000), Wire("max-keys")] = 100


class PutBucket(Request):
    bucket: BucketName
    acl: BucketAcl = "private"
    region: str = "cn-hangzhou"
    body: Content = ""


class GetBucketInfo(BucketRequest):
    pass


class GetBucketLocation(BucketRequest):
    pass


class GetBucketStat(BucketRequest):
    pass


class GetBucketAcl(BucketRequest):
    pass


class PutBucketAcl(BucketRequest):
    acl: BucketAcl


class DeleteBucket(BucketRequest):
    pass


class GetBucketPolicy(BucketRequest):
    pass


class PutBucketPolicy(BucketRequest):
    body: Content = ""


class DeleteBucketPolicy(BucketRequest):
    pass


def _basics(bucket: Bucket) -> dict[str, Any]:
    return {
        "Name": bucket.name,
        "Region": bucket.region,
        "Location": bucket.location,
        "CreationDate": iso_time(bucket.created),
        "ExtranetEndpoint": f"{bucket.location}.aliyuncs.com",
        "IntranetEndpoint": f"{bucket.location}-internal.aliyuncs.com",
        "StorageClass": bucket.storage_class,
    }


@oss.action(ListBuckets, on=lambda r: f"acs:oss:*:{r.call.signed_by.account.id}:*")
def list_buckets(_: Oss, request: ListBuckets) -> Reply:
    """List the buckets of the caller's account, by name."""
    account = request.call.signed_by.account
    buckets = account.oss.buckets
    found: list[dict[str, Any]] = []
    position = max(buckets.after(request.marker), buckets.at_or_after(request.prefix))
    last = ""
    while (entry := buckets.at(position)) is not None and entry[0].startswith(request.prefix):
        if len(found) == request.max_keys:
            break
        last = entry[0]
        found.append(_basics(entry[1]))
        position += 1
    truncated = entry is not None and entry[0].startswith(request.prefix)
    content: dict[str, Any] = {
        "Prefix": request.prefix,
        "Marker": request.marker,
        "MaxKeys": request.max_keys,
        "IsTruncated": truncated,
        "Owner": {"ID": account.id, "DisplayName": account.id},
        "Buckets": {"Bucket": found},
    }
    if truncated:
        content["NextMarker"] = last
    return xml_answer("ListAllMyBucketsResult", content)


@oss.action(PutBucket, on=lambda r: f"acs:oss:oss-{r.region}:{r.call.signed_by.account.id}:{r.bucket}")
def put_bucket(_: Oss, request: PutBucket) -> Reply:
    """Create a bucket. For one that the account has already this sets the ACL (unconfirmed.OSS_OWN_BUCKET_AGAIN)."""
    account = request.call.signed_by.account
    state: Oss = account.oss
    present = find_bucket(request.call.cloud, request.bucket)
    if present is not None and present.account is not account:
        raise OssError("BucketAlreadyExists", BucketName=request.bucket)
    wanted = _configuration(request.body) if request.body.strip() else {}
    if present is None:
        if len(state.buckets) >= MOST_BUCKETS:
            raise OssError("TooManyBuckets")
        present = state.create(request.bucket, region=request.region)
        present.storage_class = wanted.get("StorageClass", "Standard")
        present.redundancy = wanted.get("DataRedundancyType", "LRS")
    present.acl = request.acl
    return answer(headers={"location": f"/{request.bucket}"})


def _configuration(body: str) -> dict[str, str]:
    wanted = {child.tag: (child.text or "").strip() for child in read_xml(body, "CreateBucketConfiguration")}
    if wanted.get("StorageClass", "Standard") not in _CLASSES:
        raise OssError("InvalidArgument", f"Invalid storage class: {wanted['StorageClass']}")
    if wanted.get("DataRedundancyType", "LRS") not in _REDUNDANCY:
        raise OssError("InvalidArgument", f"Invalid data redundancy type: {wanted['DataRedundancyType']}")
    return wanted


@oss.action(GetBucketInfo, on=bucket_arn)
def get_bucket_info(_: Oss, request: GetBucketInfo) -> Reply:
    """Describe a bucket."""
    bucket = bucket_of(request)
    content = {
        **_basics(bucket),
        "Owner": owner(bucket),
        "AccessControlList": {"Grant": bucket.acl},
        "DataRedundancyType": bucket.redundancy,
        "AccessMonitor": "Disabled",
        "TransferAcceleration": "Disabled",
        "CrossRegionReplication": "Disabled",
        "Comment": "",
    }
    return xml_answer("BucketInfo", {"Bucket": content})


@oss.action(GetBucketLocation, on=bucket_arn)
def get_bucket_location(_: Oss, request: GetBucketLocation) -> Reply:
    """Say where a bucket is."""
    return xml_answer("LocationConstraint", bucket_of(request).location)


@oss.action(GetBucketStat, on=bucket_arn)
def get_bucket_stat(_: Oss, request: GetBucketStat) -> Reply:
    """Say how much is in a bucket."""
    bucket = bucket_of(request)
    size = sum(len(one.data) for one in bucket.objects)
    content = {
        "Storage": size,
        "ObjectCount": len(bucket.objects),
        "MultipartUploadCount": len(bucket.uploads),
        "LiveChannelCount": 0,
        "LastModifiedTime": int(request.call.time),
        "StandardStorage": size,
        "StandardObjectCount": len(bucket.objects),
    }
    return xml_answer("BucketStat", content)


@oss.action(GetBucketAcl, on=bucket_arn)
def get_bucket_acl(_: Oss, request: GetBucketAcl) -> Reply:
    """Show the access control list of a bucket."""
    bucket = bucket_of(request)
    content = {"Owner": owner(bucket), "AccessControlList": {"Grant": bucket.acl}}
    return xml_answer("AccessControlPolicy", content)


@oss.action(PutBucketAcl, on=bucket_arn)
def put_bucket_acl(_: Oss, request: PutBucketAcl) -> Reply:
    """Set the access control list of a bucket."""
    bucket_of(request).acl = request.acl
    return answer()


@oss.action(DeleteBucket, on=bucket_arn)
def delete_bucket(_: Oss, request: DeleteBucket) -> Reply:
    """Delete an empty bucket."""
    bucket = bucket_of(request)
    if len(bucket.objects) or bucket.uploads:
        raise OssError("BucketNotEmpty", BucketName=bucket.name)
    bucket.account.oss.buckets.remove(bucket.name)
    return answer(204)


@oss.action(PutBucketPolicy, on=bucket_arn)
def put_bucket_policy(_: Oss, request: PutBucketPolicy) -> Reply:
    """Set the policy of a bucket."""
    try:
        text = request.body.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise OssError("InvalidPolicyDocument") from None
    parsed = parse(text, DocumentKind.BUCKET)
    if parsed.document is None:
        raise OssError("InvalidPolicyDocument", parsed.errors[0].message)
    bucket_of(request).policy = text
    return answer()


@oss.action(GetBucketPolicy, on=bucket_arn)
def get_bucket_policy(_: Oss, request: GetBucketPolicy) -> Reply:
    """Show the policy of a bucket."""
    text = bucket_of(request).policy
    if not text:
        raise OssError("NoSuchBucketPolicy", BucketName=request.bucket)
    return answer(headers={"content-type": "application/json"}, body=text.encode())


@oss.action(DeleteBucketPolicy, on=bucket_arn)
def delete_bucket_policy(_: Oss, request: DeleteBucketPolicy) -> Reply:
    """Take the policy of a bucket away."""
    bucket_of(request).policy = ""
    return answer(204)

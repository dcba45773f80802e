"""The protocol of OSS: which action a request is, who signed it, and what its permission is checked for."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from alicloud_fakes.core.errors import ApiError, not_implemented
from alicloud_fakes.core.http import HttpRequest, HttpResponse
from alicloud_fakes.core.signature import same
from alicloud_fakes.pipeline import pipeline
from alicloud_fakes.pipeline.authorization import Context
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.protocol import WireProtocol
from alicloud_fakes.pipeline.registry import Action, Reply
from alicloud_fakes.pipeline.rpc.requests import MAX_BODY
from alicloud_fakes.services.oss import access, oss, wire
from alicloud_fakes.services.oss.answers import Answer, failure, success
from alicloud_fakes.services.oss.door import find_bucket
from alicloud_fakes.services.oss.errors import OssError, of_gateway
from alicloud_fakes.services.oss.objects import effective_acl
from alicloud_fakes.services.oss.parameters import CONTENT_HEADERS

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.platform import Platform

_HEADERS = frozenset(
    (*CONTENT_HEADERS, "content-md5", "range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
)
_NOT_PARAMETERS = frozenset({"x-oss-date", "x-oss-content-sha256", "x-oss-security-token"})
_SUBRESOURCES = frozenset(
    """
    acl append bucketInfo callback comp cors delete encryption inventory lifecycle live location logging metaQuery
    objectMeta policy policyStatus position publicAccessBlock qosInfo referer replication requestPayment
    resourceGroup restore stat style symlink tagging transferAcceleration uploads uploadId versioning versions
    versionId website worm x-oss-process cname select accessPoint httpsConfig
    """.split()  # noqa: SIM905 - one a line would be a page
)
# method, what it is about, subresources in the query: action
_ROUTES: Mapping[tuple[str, str, frozenset[str]], str] = {
    (method, about, frozenset(subresources.split())): action
    for method, about, subresources, action in (
        ("GET", "service", "", "ListBuckets"),
        ("PUT", "bucket", "", "PutBucket"),
        ("GET", "bucket", "", "ListObjects"),
        ("DELETE", "bucket", "", "DeleteBucket"),
        ("GET", "bucket", "bucketInfo", "GetBucketInfo"),
        ("GET", "bucket", "location", "GetBucketLocation"),
        ("GET", "bucket", "stat", "GetBucketStat"),
        ("GET", "bucket", "acl", "GetBucketAcl"),
        ("PUT", "bucket", "acl", "PutBucketAcl"),
        ("GET", "bucket", "policy", "GetBucketPolicy"),
        ("PUT", "bucket", "policy", "PutBucketPolicy"),
        ("DELETE", "bucket", "policy", "DeleteBucketPolicy"),
        ("POST", "bucket", "delete", "DeleteMultipleObjects"),
        ("GET", "bucket", "uploads", "ListMultipartUploads"),
        ("PUT", "object", "", "PutObject"),
        ("GET", "object", "", "GetObject"),
        ("HEAD", "object", "", "HeadObject"),
        ("HEAD", "object", "objectMeta", "GetObjectMeta"),
        ("DELETE", "object", "", "DeleteObject"),
        ("POST", "object", "append position", "AppendObject"),
        ("GET", "object", "acl", "GetObjectAcl"),
        ("PUT", "object", "acl", "PutObjectAcl"),
        ("POST", "object", "uploads", "InitiateMultipartUpload"),
        ("PUT", "object", "uploadId", "UploadPart"),
        ("POST", "object", "uploadId", "CompleteMultipartUpload"),
        ("DELETE", "object", "uploadId", "AbortMultipartUpload"),
        ("GET", "object", "uploadId", "ListParts"),
    )
}
# What no bucket policy and no access control list can allow.
_OF_THE_ACCOUNT = frozenset({"ListBuckets", "PutBucket"})


class OssProtocol(WireProtocol):
    """OSS of one cloud."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def handle(self, http: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return pipeline.answer(self._platform, self, http)

    def request_id(self, platform: Platform) -> str:
        """24 hexadecimals."""
        return platform.entropy.request_id().replace("-", "")[:24]

    def success(self, call: Call, reply: Reply) -> HttpResponse:
        """What the action answers: XML, content or headers."""
        found = (reply or {}).get("answer")
        return success(found if isinstance(found, Answer) else Answer(), call.request_id)

    def failure(self, call: Call, error: ApiError) -> HttpResponse:
        """An error in XML."""
        return failure(of_gateway(error), call.request_id, call.http.host or oss.host, call.http.method)

    def read(self, call: Call) -> None:
        """Read a request: its bucket and key, which action it is, and who signed it.

        Raises:
            ApiError: it cannot be read, is no action, or is not signed by whom it says.
        """
        http = call.http
        if len(http.body) > MAX_BODY:
            raise OssError("EntityTooLarge", f"The fake takes {MAX_BODY} bytes in one request; send more in parts.")
        target = wire.read_target(http)
        signed = wire.read_signature(http, target, time.time())
        call.action = _route(http, target)
        call.action_name = call.action.name
        call.parameters = _parameters(http, target, signed)
        if signed.access_key_id:
            _identify(call, target, signed)

    def authorize(self, call: Call) -> None:
        """Demand the permission, by the policies of the caller, the bucket policy, and access control lists.

        Raises:
            OssError: there is no such bucket, or the permission is not there.
        """
        action, parameters = call.performed, call.parameters
        bucket = find_bucket(call.cloud, parameters.get("Bucket", ""))
        if action.name in _OF_THE_ACCOUNT:
            if call.caller is None:
                raise OssError("AccessDenied")
            bucket = None
        elif bucket is None:
            raise OssError("NoSuchBucket", BucketName=parameters.get("Bucket", ""))
        request = call.request
        named = action.on(request)
        several = named if isinstance(named, tuple) else (named,)
        call.resources = tuple(one if isinstance(one, str) else one.arn for one in several)
        acl = effective_acl(bucket, bucket.objects.get(parameters.get("Key", ""))) if bucket is not None else ""
        keys: Context = action.context(request) if action.context else {}
        access.require(call, action.permission, call.resources, bucket, acl, keys)


def _identify(call: Call, target: wire.Target, signed: wire.Signed) -> None:
    caller, secret = call.cloud.resolve(signed.access_key_id, signed.token)
    to_sign = signed.string_to_sign(call.http, target)
    if not same(signed.expected(secret, to_sign), signed.signature):
        raise OssError(
            "SignatureDoesNotMatch",
            OSSAccessKeyId=signed.access_key_id,
            SignatureProvided=signed.signature,
            StringToSign=to_sign,
        )
    call.caller = caller
    call.token = signed.token


def _route(http: HttpRequest, target: wire.Target) -> Action:
    about = "object" if target.key else "bucket" if target.bucket else "service"
    subresources = _SUBRESOURCES.intersection(target.query)
    name = _ROUTES.get((http.method, about, subresources))
    if name == "ListObjects" and target.query.get("list-type") == "2":
        name = "ListObjectsV2"
    elif name == "PutObject" and "x-oss-copy-source" in http.headers:
        name = "CopyObject"
    elif name == "UploadPart" and "x-oss-copy-source" in http.headers:
        name = None
    if name is None:
        if not subresources and about != "service":
            raise OssError("MethodNotAllowed", Method=http.method)
        what = f"{http.method} on a {about} with {', '.join(sorted(subresources)) or 'no subresource'}"
        raise not_implemented(f"oss: {what}")
    return oss.actions[name]


def _parameters(http: HttpRequest, target: wire.Target, signed: wire.Signed) -> dict[str, str]:
    parameters = target.query | {
        name: value
        for name, value in http.headers.items()
        if name in _HEADERS or (name.startswith("x-oss-") and name not in _NOT_PARAMETERS)
    }
    if target.bucket:
        parameters["Bucket"] = target.bucket
    if target.key:
        parameters["Key"] = target.key
    parameters["Region"] = target.region or signed.region or wire.DEFAULT_REGION
    # Bytes as text, each the character of the same number: what a journal of changes can hold.
    parameters["Body"] = http.body.decode("latin-1")
    return parameters

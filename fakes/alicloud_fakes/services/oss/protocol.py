"""The protocol of OSS, beside the RPC gateway: which action a request is, and what happens around it.

The order is that of the gateway: read, signature, throttling and faults, parameters, permission, action.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.http import HttpRequest, HttpResponse
from alicloud_fakes.core.signature import same
from alicloud_fakes.pipeline.authorization import Context, DeniedError
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.call_log import CallRecord
from alicloud_fakes.pipeline.journal import Change
from alicloud_fakes.pipeline.registry import Action
from alicloud_fakes.pipeline.wire import MAX_BODY
from alicloud_fakes.services.oss import access, oss, wire
from alicloud_fakes.services.oss.answers import Answer, failure, success
from alicloud_fakes.services.oss.door import find_bucket
from alicloud_fakes.services.oss.errors import OssError, of_gateway
from alicloud_fakes.services.oss.objects import effective_acl
from alicloud_fakes.services.oss.parameters import CONTENT_HEADERS

if TYPE_CHECKING:
    from alicloud_fakes.cloud.cloud import Cloud

_log = logging.getLogger("alicloud_fakes")
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
ROUTED = frozenset({*_ROUTES.values(), "CopyObject", "ListObjectsV2"})


class OssProtocol:
    """OSS of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def handle(self, http: HttpRequest) -> HttpResponse:
        """Answer a request. Whatever happens, it is an answer, and never a stack trace."""
        cloud = self._cloud
        with cloud.lock:
            request_id = cloud.entropy.request_id().replace("-", "")[:24]
            call = Call(cloud, request_id, http, cloud.clock.time())
            code = ""
            try:
                response = self._answer(call)
            except ApiError as error:
                code = error.code
                response = failure(error, request_id, http.host or oss.host, http.method)
            except Exception:  # noqa: BLE001 - see below
                # Whatever goes wrong in here must not reach the client as anything but OSS's own words.
                _log.exception("%s failed", call.action_name or "a request")
                code = "InternalError"
                error = ApiError(500, code, "We encountered an internal error. Please try again.")
                response = failure(error, request_id, http.host or oss.host, http.method)
            if call.action is not None:
                for interceptor in cloud.interceptors:
                    response = interceptor.after(call, response)
            cloud.calls.add(_record(call, response.status, code))
            return response

    def _answer(self, call: Call) -> HttpResponse:
        http = call.http
        if len(http.body) > MAX_BODY:
            raise OssError("EntityTooLarge", f"The fake takes {MAX_BODY} bytes in one request; send more in parts.")
        target = wire.read_target(http)
        signed = wire.read_signature(http, target, time.time())
        call.action = _route(http, target)
        call.action_name = call.action.name
        call.parameters = _parameters(http, target, signed)
        self._identify(call, target, signed)
        for interceptor in self._cloud.interceptors:
            response = interceptor.before(call)
            if response is not None:
                return response
        return self._serve(call, call.action, signed)

    def _identify(self, call: Call, target: wire.Target, signed: wire.Signed) -> None:
        if not signed.access_key_id:
            return
        try:
            caller, secret = self._cloud.gateway.resolve(signed.access_key_id, signed.token)
        except ApiError as error:
            raise of_gateway(error) from None
        to_sign = signed.string_to_sign(call.http, target)
        if not same(signed.expected(secret, to_sign), signed.signature):
            raise OssError(
                "SignatureDoesNotMatch",
                OSSAccessKeyId=signed.access_key_id,
                SignatureProvided=signed.signature,
                StringToSign=to_sign,
            )
        call.caller = caller

    def _serve(self, call: Call, action: Action, signed: wire.Signed) -> HttpResponse:
        position = self._cloud.entropy.position
        request = _read(call, action)
        try:
            self._authorize(call, action, request)
            with call.cloud.clock.at(call.time):  # one moment, so that making it again gives the same dates
                reply = action.handler(call.cloud, request)
        except DeniedError as error:
            raise OssError("AccessDenied", oss.denial[1], error.detail) from None
        if not action.reads and self._cloud.on_change:
            http = call.http
            change = Change(
                call.time,
                position,
                oss.name,
                action.name,
                call.parameters,
                signed.access_key_id,
                signed.token,
                http.source_ip,
                http.secure,
            )
            for listener in self._cloud.on_change:
                listener(change)
        found = (reply or {}).get("answer")
        return success(found if isinstance(found, Answer) else Answer(), call.request_id)

    def _authorize(self, call: Call, action: Action, request: Any) -> None:  # noqa: ANN401 - the action's own type
        parameters = call.parameters
        bucket = find_bucket(self._cloud, parameters.get("Bucket", ""))
        if action.name in _OF_THE_ACCOUNT:
            if call.caller is None:
                raise OssError("AccessDenied")
            bucket = None
        elif bucket is None:
            raise OssError("NoSuchBucket", BucketName=parameters.get("Bucket", ""))
        named = action.on(request)
        several = named if isinstance(named, tuple) else (named,)
        call.resources = tuple(one if isinstance(one, str) else one.arn for one in several)
        acl = effective_acl(bucket, bucket.objects.get(parameters.get("Key", ""))) if bucket is not None else ""
        keys: Context = action.context(request) if action.context else {}
        access.require(call, action.permission, call.resources, bucket, acl, keys)


def _read(call: Call, action: Action) -> Any:  # noqa: ANN401 - the action's own type
    try:
        return action.request.read(call.parameters, oss.refuse, call)
    except OssError:
        raise
    except ApiError:
        # The gateway's words for a parameter that is missing.
        raise OssError("MissingArgument") from None


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
        raise ApiError(
            501, "NotImplemented", f"The fake does not implement oss: {what}; docs/coverage.md lists what it does."
        )
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


def _record(call: Call, status: int, code: str) -> CallRecord:
    action, caller = call.action, call.caller
    return CallRecord(
        call.request_id,
        call.time,
        oss.name,
        call.action_name,
        action.permission if action else "",
        caller.account.id if caller else "",
        caller.arn if caller else "",
        call.resources,
        status,
        code,
        call.http.source_ip,
        {name: value for name, value in call.parameters.items() if name != "Body"},
    )

"""The protocol of OSS: which action a request is, who signed it, and what its permission is checked for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.messages import HttpRequest, HttpResponse
from alicloud_fakes.pipeline import call_processing
from alicloud_fakes.pipeline.authorization import RequestContext
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.protocol import WireProtocol
from alicloud_fakes.pipeline.registry import Action, Reply
from alicloud_fakes.pipeline.rpc.requests import MAX_BODY
from alicloud_fakes.services.oss import bucket_permissions, oss, oss_condition_keys, signed_requests
from alicloud_fakes.services.oss.configurations import value_of
from alicloud_fakes.services.oss.errors import OssError, of_gateway
from alicloud_fakes.services.oss.models import Bucket
from alicloud_fakes.services.oss.objects import effective_acl
from alicloud_fakes.services.oss.oss_answers import OssAnswer, oss_failure, oss_success
from alicloud_fakes.services.oss.parameters import BucketRequest, is_header
from alicloud_fakes.services.oss.recognition import find_bucket
from alicloud_fakes.services.oss.routing import route
from alicloud_fakes.services.oss.versioning import object_at

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.platform import Platform

_PAYER = "x-oss-request-payer"
_NOT_PARAMETERS = frozenset({"x-oss-date", "x-oss-content-sha256", "x-oss-security-token"})
# What no bucket policy and no access control list can allow.
_OF_THE_ACCOUNT = frozenset(
    {
        "ListBuckets",
        "PutBucket",
        "DescribeRegions",
        "PutPublicAccessBlock",
        "GetPublicAccessBlock",
        "DeletePublicAccessBlock",
    }
)
# Actions whose permission has another name when they are about a version of an object: oss:GetObjectVersion.
_OF_A_VERSION = frozenset(
    f"oss:{name}"
    for name in (
        "DeleteObject",
        "DeleteObjectTagging",
        "GetObject",
        "GetObjectAcl",
        "GetObjectTagging",
        "PutObjectAcl",
        "PutObjectTagging",
        "RestoreObject",
    )
)


class OssProtocol(WireProtocol):
    """OSS of one cloud."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def handle(self, http: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return call_processing.answer_request(self._platform, self, http)

    def request_id(self, platform: Platform) -> str:
        """24 hexadecimals."""
        return platform.entropy.request_id().replace("-", "")[:24]

    def success(self, call: Call, reply: Reply) -> HttpResponse:
        """Answer of an action that succeeded: XML, content or headers."""
        found = (reply or {}).get("answer")
        return _sendable(oss_success(found if isinstance(found, OssAnswer) else OssAnswer(), call.request_id))

    def failure(self, call: Call, error: ApiError) -> HttpResponse:
        """An error in XML."""
        return oss_failure(of_gateway(error), call.request_id, call.http.host or oss.host, call.http.method)

    def read(self, call: Call) -> None:
        """Read a request: its bucket and key, which action it is, and who signed it.

        Raises:
            ApiError: it cannot be read, is not an action, is not signed by whom it says, or is about a bucket that does
                not exist.
        """
        http = call.http = _readable(call.http)
        if len(http.body) > MAX_BODY:
            raise OssError("EntityTooLarge", f"The fake takes {MAX_BODY} bytes in one request; send more in parts.")
        target = signed_requests.read_target(http)
        signed = signed_requests.read_signature(http, target, time.time())
        call.action = route(http, target)
        call.action_name = call.action.name
        call.parameters = _parameters(http, target, signed)
        if signed.access_key_id:
            _identify(call, target, signed)
        if call.action.name not in _OF_THE_ACCOUNT:
            _check_bucket(call)

    def authorize(self, call: Call) -> None:
        """Demand the permission, by the policies of the caller, the bucket policy, and access control lists.

        Raises:
            OssError: the permission is not there, or the body is not what the client says.
        """
        action, parameters = call.performed, call.parameters
        bucket = find_bucket(call.cloud, parameters.get("Bucket", ""))
        if action.name in _OF_THE_ACCOUNT:
            if call.caller is None:
                raise OssError("AccessDenied")
            bucket = None
        request = call.request
        named = action.on(request)
        several = named if isinstance(named, tuple) else (named,)
        call.resources = tuple(one if isinstance(one, str) else one.arn for one in several)
        key, version = parameters.get("Key", ""), parameters.get("versionId", "")
        found = object_at(bucket, key, version) if bucket is not None else None
        acl = effective_acl(bucket, found) if bucket is not None else ""
        permission = _permission(action, parameters)
        keys: RequestContext = {
            **oss_condition_keys.of_request(parameters),
            **oss_condition_keys.of_object(permission, found),
            **(action.context(request) if action.context else {}),
        }
        bucket_permissions.require_on_bucket(call, permission, call.resources, bucket, acl, keys)
        if bucket is not None:
            _check_payer(call, bucket)
        _check_digest(call.http)


def _check_digest(http: HttpRequest) -> None:
    """Refuse a body that is not what its Content-MD5 says. It is checked when the whole of it has come.

    Raises:
        OssError: InvalidDigest.
    """
    given = http.headers.get("content-md5", "")
    if not given or http.method not in {"PUT", "POST"}:
        return
    try:
        wanted = base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error):
        raise OssError("InvalidDigest") from None
    if wanted != hashlib.md5(http.body, usedforsecurity=False).digest():
        raise OssError("InvalidDigest")


def _check_bucket(call: Call) -> None:
    """Refuse a bucket that is not there, before a key in it is looked for."""
    BucketRequest.read(call.parameters, oss.refuse, call)
    name = call.parameters["Bucket"]
    if find_bucket(call.cloud, name) is None:
        raise OssError("NoSuchBucket", BucketName=name)


def _permission(action: Action, parameters: Mapping[str, str]) -> str:
    if not parameters.get("versionId") or action.permission not in _OF_A_VERSION:
        return action.permission
    name, tagging, _ = action.permission.partition("Tagging")
    if tagging:
        return f"{name}VersionTagging"
    name, acl, _ = action.permission.partition("Acl")
    return f"{name}VersionAcl" if acl else f"{name}Version"


def _check_payer(call: Call, bucket: Bucket) -> None:
    """Refuse callers who do not say that they pay, where the requester pays, but for the bucket's owner.

    Raises:
        OssError: AccessDenied.
    """
    if value_of(bucket, "requestPayment", "Payer") != "Requester":
        return
    if call.caller is not None and call.caller.account is bucket.account:
        return
    if call.parameters.get(_PAYER) != "requester":
        raise OssError("AccessDenied", "Access denied for requester pay bucket")


def _readable(http: HttpRequest) -> HttpRequest:
    """The request with its headers as UTF-8, as far as they are."""
    headers = {name: value if value.isascii() else _utf8(value) for name, value in http.headers.items()}
    return replace(http, headers=headers)


def _utf8(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _sendable(response: HttpResponse) -> HttpResponse:
    """The answer with its headers as a door sends them: the bytes of UTF-8, each as the character of its number."""
    for name, value in response.headers.items():
        if not value.isascii():
            response.headers[name] = value.encode("utf-8", "replace").decode("latin-1")
    return response


def _identify(call: Call, target: signed_requests.RequestTarget, signed: signed_requests.Signed) -> None:
    caller, secret = call.cloud.resolve(signed.access_key_id, signed.token)
    _check_region(call, target, signed)
    if not signed.fits(secret, call.http, target):
        raise OssError(
            "SignatureDoesNotMatch",
            OSSAccessKeyId=signed.access_key_id,
            SignatureProvided=signed.signature,
            StringToSign=signed.string_to_sign(call.http, target),
        )
    call.caller = caller
    call.token = signed.token


def _check_region(call: Call, target: signed_requests.RequestTarget, signed: signed_requests.Signed) -> None:
    """Refuse a version 4 signature for another region than that of the endpoint, or of the bucket."""
    bucket = find_bucket(call.cloud, target.bucket) if call.action_name != "PutBucket" else None
    region = target.region or (bucket.region if bucket is not None else "")
    if signed.region and region and signed.region != region:
        raise OssError("InvalidArgument", "Invalid signing region in Authorization header.", EC="0002-00000226")


def _parameters(
    http: HttpRequest, target: signed_requests.RequestTarget, signed: signed_requests.Signed
) -> dict[str, str]:
    # A header in the query is none: an address that was signed must not gain one. Who pays is signed in both versions.
    parameters = {name: value for name, value in target.query.items() if not is_header(name) or name == _PAYER} | {
        name: value for name, value in http.headers.items() if is_header(name) and name not in _NOT_PARAMETERS
    }
    if target.bucket:
        parameters["Bucket"] = target.bucket
    if target.key:
        parameters["Key"] = target.key
    parameters["Region"] = target.region or signed.region or signed_requests.DEFAULT_REGION
    # Bytes as text, each the character of the same number: what a journal of changes can hold.
    parameters["Body"] = http.body.decode("latin-1")
    return parameters

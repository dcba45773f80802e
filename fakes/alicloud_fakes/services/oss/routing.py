"""Routing of a request to an action: by its method, its target, and the subresources in its query.

Every parameter, and every header of OSS's own, is refused by name when the action does not know it: it could be a
subresource, and no action may run that was not asked for. Where a subresource that is known says which action is meant,
and where an object is read, a parameter that means nothing (``v=3``) is passed over, as OSS does.
"""

from __future__ import annotations

from collections.abc import Mapping

from alicloud_fakes.core.errors import ApiError, not_implemented
from alicloud_fakes.core.messages import HttpRequest
from alicloud_fakes.pipeline.registry import Action
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.configurations import CONFIGURATIONS
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.multipart import PartRequest
from alicloud_fakes.services.oss.oss_signature import V1_SIGNED
from alicloud_fakes.services.oss.parameters import META, NewObjectRequest, is_header
from alicloud_fakes.services.oss.signed_requests import RequestTarget

# method, what it is about, subresources in the query: action
_OWN = (
    ("GET", "service", "", "ListBuckets"),
    ("GET", "service", "regions", "DescribeRegions"),
    ("PUT", "service", "publicAccessBlock", "PutPublicAccessBlock"),
    ("GET", "service", "publicAccessBlock", "GetPublicAccessBlock"),
    ("DELETE", "service", "publicAccessBlock", "DeletePublicAccessBlock"),
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
    ("GET", "bucket", "versions", "ListObjectVersions"),
    ("GET", "bucket", "live", "ListLiveChannel"),
    ("PUT", "bucket", "inventory inventoryId", "PutBucketInventory"),
    ("GET", "bucket", "inventory inventoryId", "GetBucketInventory"),
    ("GET", "bucket", "inventory", "ListBucketInventory"),
    ("DELETE", "bucket", "inventory inventoryId", "DeleteBucketInventory"),
    ("PUT", "bucket", "style styleName", "PutStyle"),
    ("GET", "bucket", "style styleName", "GetStyle"),
    ("GET", "bucket", "style", "ListStyle"),
    ("DELETE", "bucket", "style styleName", "DeleteStyle"),
    ("POST", "bucket", "worm", "InitiateBucketWorm"),
    ("GET", "bucket", "worm", "GetBucketWorm"),
    ("DELETE", "bucket", "worm", "AbortBucketWorm"),
    ("POST", "bucket", "wormId", "CompleteBucketWorm"),
    ("POST", "bucket", "wormExtend wormId", "ExtendBucketWorm"),
    ("PUT", "object", "", "PutObject"),
    ("GET", "object", "", "GetObject"),
    ("HEAD", "object", "", "HeadObject"),
    ("HEAD", "object", "objectMeta", "GetObjectMeta"),
    ("DELETE", "object", "", "DeleteObject"),
    ("POST", "object", "append position", "AppendObject"),
    ("GET", "object", "acl", "GetObjectAcl"),
    ("PUT", "object", "acl", "PutObjectAcl"),
    ("PUT", "object", "tagging", "PutObjectTagging"),
    ("GET", "object", "tagging", "GetObjectTagging"),
    ("DELETE", "object", "tagging", "DeleteObjectTagging"),
    ("PUT", "object", "symlink", "PutSymlink"),
    ("GET", "object", "symlink", "GetSymlink"),
    ("POST", "object", "restore", "RestoreObject"),
    ("POST", "object", "uploads", "InitiateMultipartUpload"),
    ("PUT", "object", "uploadId partNumber", "UploadPart"),
    ("POST", "object", "uploadId", "CompleteMultipartUpload"),
    ("DELETE", "object", "uploadId", "AbortMultipartUpload"),
    ("GET", "object", "uploadId", "ListParts"),
)
_OF_CONFIGURATIONS = tuple(
    (method, "bucket", kind.subresource, f"{verb}{kind.name}")
    for kind in CONFIGURATIONS
    for method, verb in (("PUT", "Put"), ("GET", "Get"), ("DELETE", "Delete"))
    if verb != "Delete" or kind.deletes
)
_ROUTES: Mapping[tuple[str, str, frozenset[str]], str] = {
    (method, about, frozenset(subresources.split())): action
    for method, about, subresources, action in _OWN + _OF_CONFIGURATIONS
}
_SUBRESOURCES = frozenset[str]().union(*(names for _, _, names in _ROUTES))

# What every request may carry beside the parameters of its action: its signature, and what makes no difference here.
_INDIFFERENT = frozenset({"x-oss-security-token", "x-oss-traffic-limit", "x-oss-request-payer", "x-oss-user-agent"})
_ALWAYS_HEADERS = _INDIFFERENT | {"x-oss-date", "x-oss-content-sha256"}
_ALWAYS = _INDIFFERENT | {
    "OSSAccessKeyId",
    "Signature",
    "Expires",
    "security-token",
    "x-oss-signature-version",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-signature",
    "x-oss-additional-headers",
}


def route(http: HttpRequest, target: RequestTarget) -> Action:
    """The action of a request.

    Raises:
        ApiError: there is none, or it does not know something that the request carries.
    """
    about = "object" if target.key else "bucket" if target.bucket else "service"
    subresources = _SUBRESOURCES.intersection(target.query)
    name = _ROUTES.get((http.method, about, subresources))
    if name == "ListObjects" and target.query.get(_LIST_TYPE) == "2":
        name = "ListObjectsV2"
    elif name in _COPIES and "x-oss-copy-source" in http.headers:
        name = _COPIES[name]
    if name is None:
        unknown = sorted(target.query.keys() - _ALWAYS)
        if http.method not in _METHODS:
            raise OssError("MethodNotAllowed", Method=http.method)
        named = f"an {about}" if about == "object" else f"a {about}"
        raise not_implemented(f"oss: {http.method} on {named} with {', '.join(unknown) or 'no subresource'}")
    action = oss.actions[name]
    _check_parameters(action, target)
    _check_headers(action, http)
    return action


_COPIES = {"PutObject": "CopyObject", "UploadPart": "UploadPartCopy"}
_METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"})
# Says which list of objects is meant.
_LIST_TYPE = "list-type"
_READS = frozenset({"GetObject", "HeadObject", "GetObjectMeta"})
# What a request is about, which comes from its path, its host and its body.
_NOT_IN_QUERY = frozenset({"Bucket", "Key", "Region", "Body"})


def _wires(action: Action) -> set[str]:
    return {name for field in action.request.fields() for name in (field.wire, *field.also)}


def _check_parameters(action: Action, target: RequestTarget) -> None:
    """Refuse what the action does not know in the query."""
    known = {name for name in _wires(action) - _NOT_IN_QUERY if not is_header(name)} | _ALWAYS | _SUBRESOURCES
    if action.name == "ListObjectsV2":
        known.add(_LIST_TYPE)
    certain = action.name in _READS or not _SUBRESOURCES.isdisjoint(target.query)
    for name, value in target.query.items():
        if name not in known and not (certain and _means_nothing(name, value)):
            raise _unknown(action, f"the parameter {name}")


def _means_nothing(name: str, value: str) -> bool:
    """True for a parameter that cannot be a subresource, in whatever letter case, nor is one of OSS's own."""
    folded = name.lower()
    return bool(value) and folded not in _FOLDED and not is_header(folded)


_FOLDED = frozenset(name.lower() for name in (*_SUBRESOURCES, *V1_SIGNED, *_ALWAYS, *_NOT_IN_QUERY, _LIST_TYPE))


def _check_headers(action: Action, http: HttpRequest) -> None:
    """Refuse headers of OSS that the action does not know."""
    known = _wires(action) | _ALWAYS_HEADERS
    stores = issubclass(action.request, NewObjectRequest)
    if issubclass(action.request, PartRequest) or action.name in _READS:
        # Clients send what an object was made with along with each part, and when they read it, where OSS ignores it.
        known |= {"x-oss-complete-all", *(field.wire for field in NewObjectRequest.fields())}
        stores = True
    for name in http.headers:
        if name.startswith("x-oss-") and name not in known and not (stores and name.startswith(META)):
            raise _unknown(action, f"the header {name}")


def _unknown(action: Action, what: str) -> ApiError:
    return not_implemented(f"oss:{action.name} with {what}")

"""Answers as JSON and XML."""

from __future__ import annotations

import json
from collections.abc import Mapping

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.messages import HttpResponse
from alicloud_fakes.core.xml import to_xml
from alicloud_fakes.pipeline.registry import Reply

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_CONTENT_TYPE = {"json": "application/json;charset=utf-8", "xml": "text/xml;charset=utf-8"}


def rpc_success(reply: Reply, request_id: str, form: str, action: str) -> HttpResponse:
    """An answer with the request ID in it."""
    body: dict[str, object] = {"RequestId": request_id}
    if reply:
        body.update(reply)
    return _response(200, body, request_id, form, f"{action}Response")


def rpc_failure(
    error: ApiError, request_id: str, form: str, host: str, twins: Mapping[str, str] | None = None
) -> HttpResponse:
    """An error as the SDKs read it, with the fields that some of them have names of their own for."""
    body: dict[str, object] = {
        "RequestId": request_id,
        "HostId": host,
        "Code": error.code,
        "Message": error.message,
        "Recommend": f"https://api.alibabacloud.com/troubleshoot?q={error.code}&requestId={request_id}",
    }
    body.update(twins or {})
    if error.detail:
        body["AccessDeniedDetail"] = error.detail
    return _response(error.status, body, request_id, form, "Error")


def _response(status: int, body: Mapping[str, object], request_id: str, form: str, root: str) -> HttpResponse:
    form, text = ("xml", to_xml(root, body)) if form == "xml" else ("json", _encode(body))
    headers = {"content-type": _CONTENT_TYPE[form], "x-acs-request-id": request_id}
    return HttpResponse(status, text.encode("utf-8", "replace"), headers)

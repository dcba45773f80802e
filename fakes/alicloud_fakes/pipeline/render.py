"""Answers as JSON and XML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.http import HttpResponse
from alicloud_fakes.pipeline.registry import Reply

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_CONTENT_TYPE = {"json": "application/json;charset=utf-8", "xml": "text/xml;charset=utf-8"}
# xml.sax.saxutils would do this as well, and bring an HTTP client along.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def success(reply: Reply, request_id: str, form: str, action: str) -> HttpResponse:
    """An answer with the request ID in it."""
    body: dict[str, object] = {"RequestId": request_id}
    if reply:
        body.update(reply)
    return _response(200, body, request_id, form, f"{action}Response")


def failure(error: ApiError, request_id: str, form: str, host: str) -> HttpResponse:
    """An error as the SDKs read it."""
    body: dict[str, object] = {
        "RequestId": request_id,
        "HostId": host,
        "Code": error.code,
        "Message": error.message,
        "Recommend": f"https://api.alibabacloud.com/troubleshoot?q={error.code}&requestId={request_id}",
    }
    if error.detail:
        body["AccessDeniedDetail"] = error.detail
    return _response(error.status, body, request_id, form, "Error")


def _response(status: int, body: Mapping[str, object], request_id: str, form: str, root: str) -> HttpResponse:
    if form == "xml":
        parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
        _element(root, body, parts)
        text = "".join(parts)
    else:
        form, text = "json", _encode(body)
    headers = {"content-type": _CONTENT_TYPE[form], "x-acs-request-id": request_id}
    return HttpResponse(status, text.encode("utf-8", "replace"), headers)


def escape_xml(text: str) -> str:
    """Text as it stands in an XML element; what no XML can hold is left out."""
    return _NOT_IN_XML.sub("", text).translate(_ESCAPES)


def _element(name: str, value: object, parts: list[str]) -> None:
    if isinstance(value, Mapping):
        parts.append(f"<{name}>")
        for key, inner in cast("Mapping[str, object]", value).items():
            _element(key, inner, parts)
        parts.append(f"</{name}>")
    elif isinstance(value, list | tuple):
        for inner in cast("list[object]", value):
            _element(name, inner, parts)
    else:
        text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        parts.append(f"<{name}>{escape_xml(text)}</{name}>")

"""Answers of OSS: XML, content and headers."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, TypeAlias, cast
from urllib.parse import quote
from xml.etree import ElementTree as ET

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.http import HttpResponse
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.render import escape_xml
from alicloud_fakes.services.oss.errors import OssError

Xml: TypeAlias = Mapping[str, Any]


@dataclass(slots=True)
class Answer:
    """An answer that is no error.

    Attributes:
        status: HTTP status.
        headers: names in lower case.
        body: content.
        length: of the content, for answers that do not carry it.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    length: int | None = None


def answer(
    status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"", length: int | None = None
) -> Reply:
    """An answer with content."""
    return {"answer": Answer(status, dict(headers or {}), body, length)}


def xml_answer(root: str, content: Xml | str, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in XML."""
    return {"answer": Answer(200, {"content-type": "application/xml", **(headers or {})}, to_xml(root, content))}


def to_xml(root: str, content: Xml | str) -> bytes:
    """A document: mappings become elements, lists become repeated ones."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _element(root, content, parts)
    return "".join(parts).encode("utf-8", "replace")


def _element(name: str, value: object, parts: list[str]) -> None:
    if isinstance(value, Mapping):
        parts.append(f"<{name}>")
        for key, inner in cast("Xml", value).items():
            _element(key, inner, parts)
        parts.append(f"</{name}>")
    elif isinstance(value, list | tuple):
        for inner in cast("list[object]", value):
            _element(name, inner, parts)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        parts.append(f"<{name}>{escape_xml(text)}</{name}>")


def read_xml(body: str, root: str) -> ET.Element:
    """Read a document that a client sent. `body`: bytes as Latin-1.

    Raises:
        OssError: MalformedXML.
    """
    # Documents of OSS have no document type; without one there are no entities that could grow.
    if "<!" in body:
        raise OssError("MalformedXML")
    try:
        found = ET.fromstring(body.encode("latin-1"))  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError):
        raise OssError("MalformedXML") from None
    if found.tag.rpartition("}")[2] != root:
        raise OssError("MalformedXML")
    return found


def failure(error: ApiError, request_id: str, host: str, method: str) -> HttpResponse:
    """An error as OSS answers it."""
    headers = common(request_id)
    if error.status == 304:
        return HttpResponse(error.status, b"", headers)
    content: dict[str, Any] = {
        "Code": error.code,
        "Message": error.message,
        "RequestId": request_id,
        "HostId": host,
    }
    if isinstance(error, OssError):
        content.update(error.fields)
        headers.update(error.headers)
    if error.detail:
        content["AccessDeniedDetail"] = error.detail
    body = to_xml("Error", content)
    if method == "HEAD":
        # There is no body to say it in.
        headers["x-oss-err"] = base64.b64encode(body).decode()
        return HttpResponse(error.status, b"", headers)
    headers["content-type"] = "application/xml"
    return HttpResponse(error.status, body, headers)


def success(found: Answer, request_id: str) -> HttpResponse:
    """An answer with the headers that all have."""
    headers = {**common(request_id), **found.headers}
    if found.length is not None:
        headers["content-length"] = str(found.length)
    return HttpResponse(found.status, found.body, headers)


def common(request_id: str) -> dict[str, str]:
    """Headers of every answer."""
    return {
        "server": "AliyunOSS",
        "date": formatdate(usegmt=True),
        "x-oss-request-id": request_id,
        "x-oss-server-time": "1",
    }


def iso_time(seconds: float) -> str:
    """A time in XML: ``2012-02-24T06:07:48.000Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


def http_time(seconds: float) -> str:
    """A time in a header."""
    return formatdate(seconds, usegmt=True)


def encoder(encoding_type: str) -> Any:  # noqa: ANN401 - a function from text to text
    """How keys are written in lists: as they are, or percent-encoded."""
    return quote if encoding_type == "url" else str

"""Answers of OSS: XML, content and headers."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, TypeAlias
from urllib.parse import quote
from xml.etree import ElementTree as ET

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.messages import HttpResponse
from alicloud_fakes.core.xml import to_xml
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss.errors import OssError

Xml: TypeAlias = Mapping[str, Any]

# Control characters that XML does not have, and code points for private use that stand for them, in UTF-8.
_CONTROLS = [number for number in range(32) if chr(number) not in "\t\n\r"]
_MARKED = {number: chr(0x10FF00 + number).encode().decode("latin-1") for number in _CONTROLS}
_UNMARKED = {0x10FF00 + number: chr(number) for number in _CONTROLS}
_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(slots=True)
class OssAnswer:
    """An answer of an action that succeeded.

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


def content_answer(
    status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"", length: int | None = None
) -> Reply:
    """An answer with content."""
    return {"answer": OssAnswer(status, dict(headers or {}), body, length)}


def xml_answer(root: str, content: Xml | str, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in XML."""
    body = to_xml(root, content).encode("utf-8", "replace")
    return content_answer(200, {"content-type": "application/xml", **(headers or {})}, body)


def xml_text_answer(document: str) -> Reply:
    """An answer that is XML already, but for its first line."""
    return content_answer(200, {"content-type": "application/xml"}, (_PROLOG + document).encode())


def read_xml(body: str, root: str, *, control_characters: bool = False) -> ET.Element:
    """Read a document that a client sent.

    Args:
        body: bytes as Latin-1.
        root: name of the root element.
        control_characters: names in it may hold characters that XML does not have, but OSS takes in keys.

    Raises:
        OssError: MalformedXML.
    """
    # Documents of OSS have no document type; without one there are no entities that could grow.
    if "<!" in body:
        raise OssError("MalformedXML")
    if control_characters:
        body = body.translate(_MARKED)
    try:
        found = ET.fromstring(body.encode("latin-1"))  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError):
        raise OssError("MalformedXML") from None
    if found.tag.rpartition("}")[2] != root:
        raise OssError("MalformedXML")
    for element in found.iter() if control_characters else ():
        element.text = element.text and element.text.translate(_UNMARKED)
    return found


def oss_failure(error: ApiError, request_id: str, host: str, method: str) -> HttpResponse:
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
        if "EC" in error.fields:
            headers["x-oss-ec"] = error.fields["EC"]
    if error.detail:
        content["AccessDeniedDetail"] = error.detail
    body = to_xml("Error", content).encode("utf-8", "replace")
    if method == "HEAD":
        # There is no body to say it in.
        headers["x-oss-err"] = base64.b64encode(body).decode()
        return HttpResponse(error.status, b"", headers)
    headers["content-type"] = "application/xml"
    return HttpResponse(error.status, body, headers)


def oss_success(found: OssAnswer, request_id: str) -> HttpResponse:
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
    """Function that writes keys in lists: as they are, or percent-encoded."""
    return quote if encoding_type == "url" else str

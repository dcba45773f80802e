"""Explaining denials."""

from __future__ import annotations

from typing import Annotated

from alicloud_fakes.identity.models import Ram
from alicloud_fakes.pipeline import diagnosis
from alicloud_fakes.pipeline.declare import ActionRequest, Length
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail


class DecodeDiagnosticMessage(ActionRequest):
    encoded_diagnostic_message: Annotated[str, Length(65536, 1)]


@ram.action(DecodeDiagnosticMessage, on=lambda _: "*")
def decode_diagnostic_message(ram: Ram, request: DecodeDiagnosticMessage) -> Reply:
    """Explain a denial, to the account whose principal was denied."""
    message = diagnosis.open_message(ram.account.cloud.entropy, request.encoded_diagnostic_message)
    if message is None or message["AuthPrincipal"]["AuthPrincipalOwnerId"] != ram.account.id:
        raise fail("InvalidParameter.EncodedDiagnosticMessage")
    return {"DecodedDiagnosticMessage": message}

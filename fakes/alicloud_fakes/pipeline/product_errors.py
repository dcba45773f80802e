"""Answers of products other than RAM, STS and IMS.

Source: Alibaba Cloud, "Common client error codes" of the API gateway.
"""

from __future__ import annotations

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import Wrong

FORBIDDEN_RAM = (
    "Forbidden.RAM",
    "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
)


def refuse_as_most_products(wrong: Wrong) -> ApiError:
    """Refuse a parameter in the words of most products."""
    name = wrong.parameter
    return ApiError(400, f"InvalidParameter.{name}", f"The specified parameter {name} is not valid.")

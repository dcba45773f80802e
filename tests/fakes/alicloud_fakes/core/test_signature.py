"""Published signatures, and equality with the official SDK's signature for generated requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from alibabacloud_tea_openapi.utils import Utils
from hypothesis import given
from hypothesis import strategies as st

from alicloud_fakes.core import signature

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS["v1"], ids=lambda v: v["source"])
def test_signatures_of_version_1_equal_the_recorded_ones(vector: dict[str, Any]) -> None:
    text = signature.v1_string_to_sign(vector["method"], vector["parameters"])
    assert text == vector.get("string_to_sign", text)
    assert text.startswith(f"{vector['method']}&%2F&")
    assert signature.v1_signature(vector["secret"], text) == vector["signature"]
    signed = {**vector["parameters"], "Signature": "anything"}
    assert signature.v1_string_to_sign(vector["method"], signed) == text


@pytest.mark.parametrize("vector", VECTORS["v3"], ids=lambda v: v["source"])
def test_signatures_of_version_3_equal_the_recorded_ones(vector: dict[str, Any]) -> None:
    canonical = signature.v3_canonical_request(
        "POST", "/", vector["parameters"], vector["headers"], list(vector["headers"]), b""
    )
    text = signature.v3_string_to_sign(canonical)
    assert text == f"ACS3-HMAC-SHA256\n{vector['hash']}"
    assert signature.v3_signature(vector["secret"], text) == vector["signature"]


@given(st.dictionaries(st.from_regex(r"[A-Za-z.0-9]{1,10}", fullmatch=True), st.text(max_size=30), max_size=8))
def test_version_1_signs_what_the_official_sdk_signs(parameters: dict[str, str]) -> None:
    parameters.pop("Signature", None)
    text = signature.v1_string_to_sign("POST", parameters)
    official = Utils.get_rpcsignature({**parameters, "Action": "a"}, "POST", "secret")
    ours = signature.v1_string_to_sign("POST", {**parameters, "Action": "a"})
    assert signature.v1_signature("secret", ours) == official
    assert text.count("&") == 2


@given(st.text(st.sampled_from("aZ09-._~ :/+&=%\u00e9\u4e2d\u00b2\t"), max_size=12))
def test_unreserved_characters_are_those_of_the_standard_library(text: str) -> None:
    assert signature.percent_encode(text) == quote(text, safe="~")

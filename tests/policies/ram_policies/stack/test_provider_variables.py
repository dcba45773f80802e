"""Environment variables of the provider: the first that is set counts."""

from __future__ import annotations

import pytest

from ram_policies.stack.provider_variables import endpoint_variable, provider_variable


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ""),
        ({"ALIBABA_CLOUD_PROFILE": "b"}, "b"),
        ({"ALIBABA_CLOUD_PROFILE": "b", "ALICLOUD_PROFILE": "a"}, "a"),
        ({"ALIBABA_CLOUD_PROFILE": "b", "ALICLOUD_PROFILE": ""}, "b"),
    ],
)
def test_the_first_variable_that_is_set_counts(environment: dict[str, str], expected: str) -> None:
    assert provider_variable("profile", environment) == expected


def test_an_input_without_a_variable_is_empty() -> None:
    assert provider_variable("protocol", {"ALICLOUD_PROTOCOL": "HTTP"}) == ""


def test_an_endpoint_of_a_product_has_two_variables() -> None:
    environment = {"STS_ENDPOINT": "short:1"}
    assert endpoint_variable("ram", environment) == ""
    assert endpoint_variable("sts", environment) == "short:1"
    assert endpoint_variable("sts", {**environment, "ALIBABA_CLOUD_ENDPOINT_STS": "long:2"}) == "long:2"

"""ValidatePolicy gives the findings of the policy library."""

from __future__ import annotations

from typing import Any

import pytest
from darabonba.exceptions import DaraException

from ram_policies.review import review

BROKEN = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"StopInstance","Resource":"*"}]}'
WIDE = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
TRUST = (
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"RAM":["acs:ram::12345678:root"]}}]}'
)


def validate(door: Any, text: str, kind: str = "IdentityBasedPolicy", **more: str) -> list[dict[str, Any]]:
    answer = door.call(
        door.cloud.account("11223344").root_key,
        "accessanalyzer",
        "2024-02-01",
        "ValidatePolicy",
        PolicyDocument=text,
        PolicyType=kind,
        **more,
    )
    return answer["Findings"]


SHADOWED = (
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:StopInstance","Resource":"*"},'
    '{"Effect":"Deny","Action":"ecs:*","Resource":"*"}]}'
)


@pytest.mark.parametrize("text", [BROKEN, WIDE, TRUST, SHADOWED, "{"])
def test_the_answer_is_what_the_library_finds(door: Any, text: str) -> None:
    found = [(f["IssueCode"], f["Message"], f["Solution"], f["Line"], f["Column"]) for f in validate(door, text)]
    expected = [(str(f.code), f.message, f.fix, f.line, f.column) for f in review(text, "identity").findings]
    assert found == expected
    assert found


def test_classes_have_alibabas_names(door: Any) -> None:
    assert [f["FindingType"] for f in validate(door, BROKEN)] == ["Error"]
    assert [f["FindingType"] for f in validate(door, WIDE)] == ["SecurityWarning"]


def test_a_trust_policy_is_a_policy_of_a_role(door: Any) -> None:
    role = {"ValidatePolicyResourceType": "ACS::RAM::Role"}
    found = validate(door, TRUST, "ResourceBasedPolicy", **role)
    assert [f["IssueCode"] for f in found] == ["Whole account trusted"]
    assert [f["IssueCode"] for f in validate(door, TRUST)] == ["Missing resource", "Principal not allowed"]


@pytest.mark.parametrize(
    ("kind", "parameter"), [("Other", "PolicyType"), ("ResourceBasedPolicy", "ValidatePolicyResourceType")]
)
def test_an_unknown_policy_or_resource_type_is_refused(door: Any, kind: str, parameter: str) -> None:
    with pytest.raises(DaraException) as caught:
        validate(door, TRUST, kind)
    assert caught.value.code == f"InvalidParameter.{parameter}"


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("accessanalyzer:ValidatePolicy", True),
        ("accessanalyzer:*", True),
        ("accessanalyzer:Get*", False),
        ("ram:*", False),
        ("access-analyzer:*", False),
    ],
)
def test_the_permission_begins_with_accessanalyzer(
    door: Any, user: Any, refused: Any, action: str, allowed: bool
) -> None:
    key = user("company-a", "checker", {"Effect": "Allow", "Action": action, "Resource": "*"})
    request = {"PolicyDocument": WIDE, "PolicyType": "IdentityBasedPolicy"}
    if allowed:
        assert door.call(key, "accessanalyzer", "2024-02-01", "ValidatePolicy", **request)["Findings"]
        return
    with refused("Forbidden.RAM", 403):
        door.call(key, "accessanalyzer", "2024-02-01", "ValidatePolicy", **request)

"""Names, resource names, limits, and the errors they raise."""

from __future__ import annotations

import pytest

from ram_policies import Arn, InvalidInputError, check_name
from ram_policies.arn import assumed_role_arn, policy_arn, principal_arn, role_arn, role_resource, root_arn, user_arn


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("role", "ecs-admin"),
        ("role", "a.b-C" + "x" * 59),
        ("user", "AAA_1.x-y"),
        ("policy", "p" * 128),
        ("alias", "company-a"),
        ("alias", "abc"),
        ("session_name", "alice@corp.example"),
        ("external_id", "a+b=c,d.e@f:g/h-i_j"),
        ("account_id", "1234567890123456"),
        ("source_identity", "alice"),
        ("tag_key", "team"),
        ("tag_value", ""),
        ("display_name", "运维"),
    ],
)
def test_a_valid_name_is_accepted(kind: str, name: str) -> None:
    assert check_name(kind, name, "f") == name


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        ("role", "", "has 0 characters"),
        ("role", "x" * 65, "has 65 characters"),
        ("role", "ops_admin", "contains '_', which no role may"),
        ("role", "a b", "contains ' '"),
        ("role", "ops\n", r"contains '\\n'"),
        ("user", "a@b", "contains '@'"),
        ("policy", "a.b", "contains '.'"),
        ("alias", "ab", "has 2 characters"),
        ("alias", "Company", "contains 'C'"),
        ("alias", "-company", "is not a valid alias"),
        ("alias", "company--a", "is not a valid alias"),
        ("session_name", "a", "has 1 character"),
        ("external_id", "a b", "contains ' '"),
        ("account_id", "12x", "contains 'x'"),
        ("source_identity", "ACS:me", "contains ':'"),
        ("source_identity", "x", "has 1 character"),
        ("tag_key", "aliyun-x", "starts with 'aliyun', which is reserved"),
        ("tag_key", "see http://x", "contains 'http://'"),
        ("role", 7, "is not a string"),
        ("role", None, "is not a string"),
    ],
)
def test_names_ram_refuses(kind: str, name: object, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says) as caught:
        check_name(kind, name, "roles[0].name")
    assert str(caught.value).startswith("roles[0].name: ")
    assert "Fix: " in str(caught.value)


@pytest.mark.parametrize("field", ["ownerSecretKey", "operators[0].password", "owner_security_token"])
def test_an_error_never_shows_a_secret(field: str) -> None:
    error = InvalidInputError(field, "hunter2", "is too short", "use 8 characters", code="out-of-range")
    assert "hunter2" not in str(error)
    assert "(hidden)" in str(error)


def test_a_long_value_is_cut_in_the_message() -> None:
    assert len(str(InvalidInputError("f", "x" * 10_000, "is long", "cut it", code="too-long"))) < 200


def test_arns_parse_and_print() -> None:
    text = "acs:ram::11223344:role/ecs-admin"
    arn = Arn.parse(text)
    assert arn == Arn("ram", "", "11223344", "role/ecs-admin")
    assert (arn.resource_type, arn.name, str(arn)) == ("role", "ecs-admin", text)
    assert Arn.parse("acs:oss:*:*:bucket/a:b").resource == "bucket/a:b"


@pytest.mark.parametrize("text", ["", "arn:aws:iam::1:role/x", "acs:ram::1", "acs::::x", "acs:ram::1:"])
def test_a_value_that_is_not_an_arn_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"acs:<service>:<region>"):
        Arn.parse(text)


def test_arns_of_ram_entities() -> None:
    assert root_arn("1") == "acs:ram::1:root"
    assert role_arn("1", "ECS-Admin") == "acs:ram::1:role/ecs-admin"
    assert user_arn("1", "AAA") == "acs:ram::1:user/AAA"
    assert policy_arn("system", "AliyunECSFullAccess") == "acs:ram::system:policy/AliyunECSFullAccess"
    assert role_resource("1", "ECS-Admin") == "acs:ram:*:1:role/ecs-admin"
    assert assumed_role_arn("1", "ECS-Admin", "Alice") == "acs:ram::1:assumed-role/ecs-admin/Alice"


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("acs:ram::1:assumed-role/ops/alice", "acs:ram::1:role/ops"),
        ("acs:ram::1:role/ops/alice", "acs:ram::1:role/ops"),
        ("acs:ram::1:user/AAA", "acs:ram::1:user/AAA"),
        ("acs:ram::1:root", "acs:ram::1:root"),
    ],
)
def test_the_principal_arn_of_a_session_is_its_role(caller: str, expected: str) -> None:
    assert principal_arn(caller) == expected

"""Lengths of documents and of their elements."""

from __future__ import annotations

import json

import pytest

from ram_policies.findings import Code
from ram_policies.limits import (
    BUCKET_POLICY_BYTES,
    BUCKET_POLICY_FIELD_BYTES,
    POLICY_DOCUMENT_LENGTH,
    SESSION_POLICY_BYTES,
)
from ram_policies.validation.parse import parse

STATEMENT = '"Effect":"Allow","Action":"ecs:*","Resource":"*"'


def one(members: str) -> str:
    return f'{{"Version":"1","Statement":[{{{members}}}]}}'


def sized(length: int) -> str:
    text = one('"Effect":"Allow","Action":"ecs:StopInstance","Resource":"*"')
    return text[:-1] + " " * (length - len(text)) + "}"


def dense(length: int, kind: str = "identity") -> str:
    rest = '"Resource":"*"' if kind != "trust" else '"Principal":{"Service":["ecs.aliyuncs.com"]}'
    text = one(f'"Effect":"Allow","Action":"sts:AssumeRole",{rest},"Sid":""')
    return text.replace('"Sid":""', f'"Sid":"{" " * (length - len(text))}"')


def test_a_document_over_the_length_limit_is_an_error() -> None:
    assert parse(sized(POLICY_DOCUMENT_LENGTH), "identity").findings == ()
    assert parse(dense(POLICY_DOCUMENT_LENGTH), "identity").document is not None
    long = parse(dense(POLICY_DOCUMENT_LENGTH + 1), "identity")
    assert [f.code for f in long.errors] == [Code.DOCUMENT_TOO_LONG]
    assert "6145" in long.errors[0].message
    assert parse(sized(SESSION_POLICY_BYTES), "session").findings == ()
    assert parse(sized(SESSION_POLICY_BYTES + 1), "session").document is None


@pytest.mark.parametrize("kind", ["identity", "control", "trust"])
def test_a_document_that_is_too_long_only_with_its_white_space_is_read_with_a_warning(kind: str) -> None:
    text = dense(POLICY_DOCUMENT_LENGTH - 200, kind)
    padded = json.dumps(json.loads(text), indent=40)
    assert len(padded) > POLICY_DOCUMENT_LENGTH > len(text)
    parsed = parse(padded, kind)
    (finding,) = (f for f in parsed.findings if f.code is Code.LONG_WITH_SPACES)
    assert parsed.document == parse(text, kind).document is not None
    assert (str(len(padded)) in finding.message, str(len(text)) in finding.message) == (True, True)


def bucket_policy(*names: str) -> str:
    """A bucket policy with a statement for each name of an object."""
    value = {"Effect": "Allow", "Action": "oss:GetObject", "Principal": ["1234"]}
    statements = [{**value, "Resource": f"acs:oss:*:*:b/{name}"} for name in names]
    return json.dumps({"Version": "1", "Statement": statements}, ensure_ascii=False, separators=(",", ":"))


def test_a_bucket_policy_may_be_longer_and_is_measured_in_bytes() -> None:
    large = ["o" * 3500] * 4
    room = BUCKET_POLICY_BYTES - len(bucket_policy(*large, ""))
    assert POLICY_DOCUMENT_LENGTH < BUCKET_POLICY_BYTES == len(bucket_policy(*large, "o" * room))
    assert parse(bucket_policy(*large, "o" * room), "bucket").document is not None
    assert [f.code for f in parse(bucket_policy(*large, "o" * (room + 1)), "bucket").errors] == [Code.DOCUMENT_TOO_LONG]
    wide = bucket_policy(*large, "运" * (room // 2))
    assert len(wide) < BUCKET_POLICY_BYTES < len(wide.encode())
    assert [(f.code, f.path) for f in parse(wide, "bucket").errors] == [(Code.DOCUMENT_TOO_LONG, "")]


LONGEST_NAME = BUCKET_POLICY_FIELD_BYTES - len('"acs:oss:*:*:b/"')
OBJECTS = [f"acs:oss:*:*:b/{number:0100}" for number in range(35)]


@pytest.mark.parametrize(
    ("statement", "path"),
    [
        ({"Resource": "acs:oss:*:*:b/" + "o" * LONGEST_NAME}, None),
        ({"Resource": "acs:oss:*:*:b/" + "o" * (LONGEST_NAME + 1)}, "Statement[0].Resource"),
        ({"Resource": "acs:oss:*:*:b/" + "运" * (LONGEST_NAME // 2)}, "Statement[0].Resource"),
        ({"Resource": OBJECTS[:34]}, None),
        ({"Resource": OBJECTS}, "Statement[0].Resource"),
        ({"Principal": [str(number) for number in range(1_000_000, 1_000_500)]}, "Statement[0].Principal"),
        ({"Action": ["oss:GetObject"] * 255}, None),
        ({"Action": ["oss:GetObject"] * 256}, "Statement[0].Action"),
        (
            {"Condition": {"StringEquals": {"acs:SourceVpc": [f"vpc-{number:030}" for number in range(120)]}}},
            "Statement[0].Condition",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else str(value),
)
@pytest.mark.parametrize("indent", [None, 1])
def test_an_element_of_a_bucket_policy_has_at_most_4095_bytes(
    statement: dict[str, object], path: str | None, indent: int | None
) -> None:
    whole = {"Effect": "Allow", "Action": "oss:GetObject", "Resource": "acs:oss:*:*:b/*", "Principal": ["1234"]}
    value = {"Version": "1", "Statement": [{**whole, **statement}]}
    found = parse(json.dumps(value, ensure_ascii=False, indent=indent), "bucket").errors
    assert [(f.code, f.path) for f in found] == ([(Code.DOCUMENT_TOO_LONG, path)] if path else [])
    kinds = {**value, "Statement": [{key: one for key, one in {**whole, **statement}.items() if key != "Principal"}]}
    assert not parse(kinds, "identity").errors


def test_a_session_policy_is_measured_in_bytes() -> None:
    text = one(STATEMENT + ',"Condition":{"StringEquals":{"ecs:tag/a":"' + "运" * 660 + '"}}')
    assert len(text) < SESSION_POLICY_BYTES < len(text.encode())
    assert [f.code for f in parse(text, "session").findings] == [Code.DOCUMENT_TOO_LONG]


def test_the_length_of_a_value_does_not_depend_on_how_it_would_be_indented() -> None:
    value = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["ecs:A"] * 600, "Resource": "*"}]}
    assert len(json.dumps(value)) < POLICY_DOCUMENT_LENGTH < len(json.dumps(value, indent=2))
    assert parse(value, "identity").document is not None

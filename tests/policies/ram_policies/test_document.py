"""Documents as values: the scenario's own text, canonical printing, building."""

from __future__ import annotations

import json

import pytest

from ram_policies import (
    Condition,
    Document,
    Effect,
    InvalidDocumentError,
    InvalidInputError,
    Principals,
    Statement,
    read_document,
)
from ram_policies.build import allow, deny, deny_other_than, document, trust

SCENARIO_TRUST = """{
  "Statement": [
    {
      "Action": "sts:AssumeRole",
      "Effect": "Allow",
      "Principal": {
        "RAM": [
          "acs:ram::12345678:root"
        ]
      }
    }
  ],
  "Version": "1"
}"""


def test_the_scenarios_trust_policy_reads_and_prints_as_it_is_published() -> None:
    read = read_document(SCENARIO_TRUST, "trust")
    assert read == Document((trust(["acs:ram::12345678:root"]),))
    assert read.to_dict() == json.loads(SCENARIO_TRUST)
    assert json.dumps(read.to_dict(), indent=2) == SCENARIO_TRUST


def test_canonical_text_has_sorted_keys_no_spaces_and_no_escapes() -> None:
    read = document(allow(["ecs:Start*", "ecs:Stop*"], conditions={"StringEquals": {"ecs:tag/团队": "运维"}}))
    assert read.to_json() == (
        '{"Statement":[{"Action":["ecs:Start*","ecs:Stop*"],"Condition":{"StringEquals":{"ecs:tag/团队":"运维"}},'
        '"Effect":"Allow","Resource":"*"}],"Version":"1"}'
    )


def test_scalars_and_lists_of_one_read_alike() -> None:
    scalar = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}]}
    listed = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["ecs:*"], "Resource": ["*"]}]}
    assert read_document(scalar, "identity") == read_document(listed, "identity")


def test_building_gives_statements_of_each_kind() -> None:
    assert allow("ecs:*").effect is Effect.ALLOW
    assert deny("ecs:*").effect is Effect.DENY
    assert deny_other_than("ecs:*").not_actions == ("ecs:*",)
    assert trust(service="ecs.aliyuncs.com").principals == Principals(service=("ecs.aliyuncs.com",))


def test_a_built_document_that_ram_would_refuse_is_refused_with_findings() -> None:
    with pytest.raises(InvalidDocumentError, match="Invalid action format") as caught:
        document(allow("StopInstance"))
    assert caught.value.findings[0].path == "Statement[0].Action"


def test_one_key_tested_twice_by_one_operator_cannot_be_printed_and_is_refused() -> None:
    twice = (Condition("StringEquals", "acs:Service", ("a",)), Condition("StringEquals", "acs:Service", ("b",)))
    with pytest.raises(InvalidInputError, match=r"StringEquals acs:Service.*occurs twice"):
        Statement(Effect.ALLOW, ("ecs:*",), (), ("*",), None, twice)


def test_bucket_policies_name_principals_as_a_list() -> None:
    text = (
        '{"Statement":[{"Action":"oss:GetObject","Effect":"Allow","Principal":["12345678"],'
        '"Resource":"acs:oss:*:*:logs/*"}],"Version":"1"}'
    )
    read = read_document(text, "bucket")
    assert read.statements[0].principals == Principals(uids=("12345678",))
    assert read.to_json() == text


@pytest.mark.parametrize("half", ["\ud802", "\ue000\udc00"], ids=["high", "low"])
def test_a_pattern_with_half_of_a_character_is_refused(half: str) -> None:
    # Comparing patterns would treat some of them as wildcards: "acs:s:*:*:\ud802" would cover "acs:s:*:*:*".
    with pytest.raises(InvalidInputError, match="half of a surrogate pair"):
        allow("s:*", f"acs:s:*:*:{half}")
    for make in (lambda: allow(f"s:{half}"), lambda: deny_other_than(f"s:{half}")):
        with pytest.raises(InvalidInputError, match="half of a surrogate pair"):
            make()
    assert allow("s:*", "acs:s:*:*:\U00010400\ue000").resources == ("acs:s:*:*:\U00010400\ue000",)

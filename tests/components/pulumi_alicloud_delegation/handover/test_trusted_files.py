"""A file that passes between two enterprises is accepted only as its author sealed it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_alicloud_delegation.handover import (
    Offer,
    Party,
    digest_of,
    handover_text,
    json_schema,
    offer_of,
    to_plain,
)
from pulumi_alicloud_delegation.handover.files import parse_acceptance, parse_offer
from pulumi_alicloud_delegation.handover.formats import Acceptance
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.specs import ContractSpec, RoleSpec, TrustSpec
from ram_policies import InvalidInputError
from ram_policies.encoding import decode_text

HERE = Path(__file__).parent
SCHEMAS = Path(__file__).resolve().parents[4] / "docs" / "schemas"
CONTRACT = ContractSpec(name="c-7", not_before="2026-01-01T00:00:00Z", not_after="2026-12-31T23:59:59Z")


def _offer(**more: Any) -> Offer:
    role = RoleSpec(
        name="ecs-admin",
        system_policies=("AliyunECSFullAccess",),
        tier="on-request",
        reason="Incidents at night",
        ticket="CHG-7",
        trust=TrustSpec(not_after="2026-12-31T00:00:00Z"),
    )
    return offer_of(Party(id="12345678"), [role], Party(id="11223344"), CONTRACT, never=["bss:*"], **more)


def _bytes(plain: dict[str, Any]) -> bytes:
    return json.dumps(plain).encode()


ENCODINGS = {
    "utf-8": lambda t: t.encode(),
    "utf-8 with a mark": lambda t: codecs.BOM_UTF8 + t.encode(),
    "utf-16 as PowerShell writes it": lambda t: codecs.BOM_UTF16_LE + t.encode("utf-16-le"),
    "utf-16, big end first": lambda t: codecs.BOM_UTF16_BE + t.encode("utf-16-be"),
    "utf-16-le without a mark": lambda t: t.encode("utf-16-le"),
    "utf-16-be without a mark": lambda t: t.encode("utf-16-be"),
    "utf-32": lambda t: codecs.BOM_UTF32_LE + t.encode("utf-32-le"),
}


@pytest.mark.parametrize("encoded", ENCODINGS.values(), ids=ENCODINGS)
def test_an_offer_reads_the_same_in_every_encoding(encoded: Callable[[str], bytes]) -> None:
    offer = _offer()
    assert parse_offer(encoded(handover_text(offer))) == offer


@pytest.mark.parametrize("encoded", ENCODINGS.values(), ids=ENCODINGS)
@given(text=st.text(min_size=1).map(json.dumps) | st.dictionaries(st.text(), st.text()).map(json.dumps))
def test_any_json_decodes_to_what_was_encoded(encoded: Callable[[str], bytes], text: str) -> None:
    assert decode_text(encoded(text)) == text


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"\x80abc", '{"kind": "größer"}'.encode("latin-1"), b"{\x00}"])
def test_a_wrong_encoding_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"offer\.json") as caught:
        parse_offer(data, "offer.json")
    assert "\n" not in str(caught.value)


def test_white_space_and_the_order_of_keys_do_not_change_the_digest() -> None:
    plain = to_plain(_offer())
    shuffled = dict(reversed(plain.items()))
    assert parse_offer(json.dumps(shuffled, indent=7).encode()) == _offer()


def test_whole_numbers_are_the_same_with_a_decimal_point() -> None:
    role = RoleSpec(name="x", system_policies=("AliyunECSFullAccess",), max_session_duration=7200)
    plain: Any = to_plain(offer_of(Party(id="1"), [role]))
    plain["roles"][0]["maxSessionDuration"] = 7200.0
    assert parse_offer(_bytes({**plain, "version": 2.0})).roles[0].max_session_duration == 7200


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, item in items for leaf in _leaves(item, (*path, key))]
    return [path]


@given(st.data())
def test_every_change_of_a_sealed_file_is_noticed(data: st.DataObject) -> None:
    plain = json.loads(handover_text(_offer()))
    *path, last = data.draw(st.sampled_from([p for p in _leaves(plain) if p[0] not in {"kind", "version"}]))
    at: Any = plain
    for key in path:
        at = at[key]
    at[last] = f"{at[last]}x"
    with pytest.raises(InvalidInputError, match=r"offer\.digest"):
        parse_offer(_bytes(plain))


@pytest.mark.parametrize("digest", [None, 7, "", "sha256:", "md5:" + "0" * 32, "sha256:" + "0" * 64])
def test_a_file_without_its_own_digest_is_refused(digest: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"offer\.digest.*Fix: ask for the file again") as caught:
        parse_offer(_bytes({**to_plain(_offer()), "digest": digest}))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ['{"kind": 1, "kind": 2}', '{"version": NaN}', '{"a": Infinity}', "[" * 100_000, '{"a": 1} x']
)
def test_json_that_readers_take_differently_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"is not JSON|is nested too deeply"):
        parse_offer(text.encode())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"contract": {"notBefore": "2026-05-01T00:00:00Z", "notAfter": "2026-01-01T00:00:00Z"}}, "contract.notAfter"),
        ({"contract": {"notAfter": "tomorrow"}}, "contract.notAfter"),
        ({"contract": {"notAfter": "2026-01-01T00:00:00"}}, "contract.notAfter"),
        ({"contract": {"longestOpening": "long"}}, "contract.longestOpening"),
        ({"contract": {"longestOpening": "0h"}}, "contract.longestOpening"),
        ({"issued": "yesterday"}, "issued"),
    ],
)
def test_a_contract_that_cannot_be_is_explained(change: dict[str, Any], field: str) -> None:
    plain = {**to_plain(_offer()), **change}
    with pytest.raises(InvalidInputError) as caught:
        parse_offer(_bytes({**plain, "digest": digest_of(plain)}))
    assert caught.value.field == f"offer.{field}"


def test_version_1_is_read() -> None:
    offer = parse_offer((HERE / "version1" / "offer.json").read_bytes())
    assert (offer.version, offer.roles[0].max_session_duration, offer.roles[0].tier) == (2, 7200, "standing")
    acceptance = parse_acceptance((HERE / "version1" / "acceptance.json").read_bytes())
    assert (acceptance.state, acceptance.roles[0].granted[1].document) == ("suspended", None)


def test_an_offer_of_version_1_has_the_digest_of_the_file_that_was_read() -> None:
    content = json.loads((HERE / "version1" / "offer.json").read_text("utf-8"))
    assert parse_offer(_bytes(content)).digest == digest_of(content)


@pytest.mark.parametrize(
    ("noun", "change", "field"),
    [
        ("offer", {"digest": "sha256:" + "0" * 64}, "offer"),
        ("offer", {"never": ["bss:*"]}, "offer"),
        ("offer", {"roles": [{"name": "x", "tier": "standing"}]}, "offer.roles[0]"),
        ("acceptance", {"offer": "sha256:" + "0" * 64}, "acceptance"),
        ("acceptance", {"roles": [{"granted": [{"name": "p", "document": {}}]}]}, "acceptance.roles[0].granted[0]"),
    ],
)
def test_version_1_has_none_of_the_keys_of_version_2(noun: str, change: dict[str, Any], field: str) -> None:
    content = json.loads((HERE / "version1" / f"{noun}.json").read_text("utf-8")) | change
    with pytest.raises(InvalidInputError, match="is not a known key") as caught:
        (parse_offer if noun == "offer" else parse_acceptance)(_bytes(content))
    assert caught.value.field == field


@pytest.mark.parametrize("noun", ["offer", "acceptance"])
def test_the_schema_of_version_1_stays_published_and_describes_its_files(noun: str) -> None:
    schema = json.loads((SCHEMAS / f"{noun}.v1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(
        json.loads((HERE / "version1" / f"{noun}.json").read_text("utf-8"))
    )
    assert schema["properties"]["version"]["const"] == 1


@pytest.mark.parametrize("model", [Offer, Acceptance])
def test_no_key_of_the_format_is_a_secret(model: type[Offer]) -> None:
    words = ("secret", "password", "token", "privatekey", "accesskey")
    text = json.dumps(json_schema(model))
    keys = {key.lower() for key in _keys(json.loads(text))}
    assert not [key for key in keys if any(word in key for word in words)]


def _keys(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = list(schema.get("properties", {}))
        return own + [key for value in schema.values() for key in _keys(value)]
    return [key for item in schema for key in _keys(item)] if isinstance(schema, list) else []


def test_reason_and_ticket_of_an_on_request_role_are_in_what_is_deployed() -> None:
    [role] = roles_plan(_offer().roles, "11223344", "12345678", "active")
    assert role.description == "Reason: Incidents at night. Ticket: CHG-7"

"""The contract room: the page that both companies read."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from rooms import ADMIN, BILLS, LESS, READER, accepted, offer, role

from access_cli import app
from pulumi_alicloud_delegation.handover import handover_text
from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.handover.room import Answer, Room, contract_room
from pulumi_alicloud_delegation.handover.room_page import room_page
from pulumi_alicloud_delegation.specs import TrustSpec
from ram_policies import InvalidInputError

AT = datetime(2026, 6, 1, tzinfo=UTC)
NARROWED = role("db-reader", policies=[LESS], maxSessionDuration=3600)


@pytest.fixture
def mixed() -> Room:
    """One role granted as asked, one narrowed, one refused, and one that was not asked for."""
    asked = offer(ADMIN, READER, BILLS)
    extra = role("extra", systemPolicies=["AliyunOSSReadOnlyAccess"])
    return contract_room(asked, accepted(asked, ADMIN, NARROWED, extra), AT)


def test_each_role_says_what_became_of_it(mixed: Room) -> None:
    assert {one.name: one.answer for one in mixed.roles} == {
        "ecs-admin": Answer.GRANTED,
        "db-reader": Answer.NARROWED,
        "bill-reader": Answer.REFUSED,
        "extra": Answer.MORE,
    }


def test_each_statement_says_what_became_of_it(mixed: Room) -> None:
    reader = next(one for one in mixed.roles if one.name == "db-reader")
    assert [(line.text.split()[0], line.answer) for line in reader.asked] == [
        ("rds:Describe*", Answer.NARROWED),
        ("slb:Describe*", Answer.REFUSED),
    ]
    assert [line.answer for line in reader.granted] == [Answer.GRANTED]


def test_a_statement_that_allows_more_than_was_asked_for_is_marked() -> None:
    asked = offer(role("db-reader", policies=[LESS]))
    room = contract_room(asked, accepted(asked, READER), AT)
    assert room.roles[0].answer is Answer.MORE
    assert [line.answer for line in room.roles[0].granted] == [Answer.MORE, Answer.MORE]


def test_a_stricter_trust_policy_is_narrower() -> None:
    asked = offer(role("db-reader", policies=[LESS]))
    room = contract_room(asked, accepted(asked, role("db-reader", policies=[LESS], trust={"mfa": True})), AT)
    assert room.roles[0].answer is Answer.NARROWED
    assert room.roles[0].proofs_granted == ("MFA",)


B = "acs:ram::12345678:user/"
TRUSTS = {
    "externalId": ({"externalId": "c-7"}, "external ID c-7"),
    "previousExternalId": (
        {"externalId": "c-8", "previousExternalId": "c-7", "previousExternalIdUntil": "2026-07-01T00:00:00Z"},
        "external ID c-8, or the previous external ID c-7 until 2026-07-01T00:00:00Z",
    ),
    "mfa": ({"mfa": True}, "MFA"),
    "sourceIdentity": ({"sourceIdentity": "required"}, "a source identity"),
    "sourceIps": ({"sourceIps": ["203.0.113.0/24", "198.51.100.7"]}, "an address in 203.0.113.0/24 or 198.51.100.7"),
    "notBefore": ({"notBefore": "2026-01-01T00:00:00Z"}, "a time from 2026-01-01T00:00:00Z on"),
    "notAfter": ({"notAfter": "2099-01-01T00:00:00Z"}, "a time until 2099-01-01T00:00:00Z"),
    "principals": ({"principals": [f"{B}AAA", f"{B}BBB"]}, f"the identity {B}AAA or {B}BBB"),
    "previousExternalIdUntil": ({}, "nothing but its own account"),
}


@pytest.mark.parametrize("name", TRUSTS)
def test_each_condition_of_a_trust_policy_is_said_in_words(name: str) -> None:
    trust, words = TRUSTS[name]
    asked = offer(role("db-reader", policies=[LESS], trust=trust))
    (shown,) = contract_room(asked, accepted(asked), AT).roles
    assert (", ".join(shown.proofs_asked) or "nothing but its own account") == words
    assert shown.proofs_granted == shown.proofs_asked


def test_no_condition_of_a_trust_policy_is_left_out() -> None:
    assert set(TRUSTS) == {field.alias for field in TrustSpec.model_fields.values()}


def test_a_resource_that_a_proof_made_up_is_not_named(mixed: Room) -> None:
    (sentence,) = [text for text in mixed.verification.differs if "does not allow" in text]
    assert sentence == "db-reader: does not allow rds:DescribeADInfo on some resource"


def test_every_way_of_ending_says_what_a_live_session_can_still_do(mixed: Room) -> None:
    admin = next(one for one in mixed.roles if one.name == "ecs-admin")
    endings = {one.way: one.after for one in admin.endings}
    assert list(endings) == ["A suspends", "A terminates", "The window ends", "B relinquishes", "A narrows a grant"]
    assert "each of its calls is refused" in endings["A suspends"]
    assert "nothing can be done" in endings["A terminates"]
    assert "2027-01-01T00:59:59Z at the latest" in endings["The window ends"]
    assert "up to 3600 seconds" in endings["B relinquishes"]
    assert "refused at the next call" in endings["A narrows a grant"]


def test_sessions_last_as_long_as_was_granted_not_as_long_as_was_asked_for(mixed: Room) -> None:
    reader = next(one for one in mixed.roles if one.name == "db-reader")
    assert not any("7200" in one.after for one in reader.endings)


def test_a_role_that_was_refused_has_no_endings(mixed: Room) -> None:
    assert next(one for one in mixed.roles if one.name == "bill-reader").endings == ()


@pytest.mark.parametrize(("state", "answer"), [("suspended", Answer.SUSPENDED), ("terminated", Answer.ENDED)])
def test_a_contract_that_stands_still_is_not_called_refused(state: str, answer: Answer) -> None:
    asked = offer(ADMIN)
    found = accepted(asked, state=state)
    roles = tuple(one.model_copy(update={"granted": ()}) for one in found.roles) if state == "suspended" else ()
    room = contract_room(asked, sealed(found.model_copy(update={"roles": roles})), AT)
    assert room.roles[0].answer is answer
    assert {line.answer for line in room.roles[0].asked} == {answer}


def test_an_answer_of_a_is_compared_with_the_offer_it_answers() -> None:
    asked = offer(READER)
    answered = offer(NARROWED, answers=asked.digest)
    room = contract_room(asked, accepted(answered), AT, answered)
    assert room.roles[0].answer is Answer.NARROWED
    with pytest.raises(InvalidInputError, match="is not the digest of the offer"):
        contract_room(asked, accepted(answered), AT, offer(NARROWED))


def test_an_acceptance_of_another_offer_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="is not the digest of this offer"):
        contract_room(offer(READER), accepted(offer(ADMIN)), AT)


def test_the_page_says_that_nobody_signed_and_shows_both_digests(mixed: Room) -> None:
    text = room_page(mixed)
    assert "Nobody has signed this." in text
    assert f"<code>{mixed.offer.digest}</code>" in text
    assert f"<code>{mixed.acceptance.digest}</code>" in text
    assert "At 2026-12-31T23:59:59Z, in 213 days." in text


def test_the_page_runs_nothing_and_asks_for_nothing(mixed: Room) -> None:
    text = room_page(mixed)
    assert "script-src &#x27;none&#x27;" in text
    assert not re.search(r"<(?:script|link|img|iframe|object)\b", text)


def test_hostile_texts_stay_text() -> None:
    hostile = "<script>alert(1)</script>\"'>"
    asked = offer(ADMIN, contract={"name": hostile}, delegate={"id": "12345678", "alias": hostile})
    text = room_page(contract_room(asked, accepted(asked), AT))
    assert hostile not in text
    assert "&lt;script&gt;alert(1)" in text


def test_letters_that_turn_a_text_around_are_written_out() -> None:
    turned = "\N{RIGHT-TO-LEFT OVERRIDE}ylno-daer"
    asked = offer({**BILLS, "reason": turned}, contract={"name": turned}, delegate={"id": "12345678", "alias": turned})
    text = room_page(contract_room(asked, accepted(asked), AT))
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text
    assert text.count("\\u202eylno-daer") == 4


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    asked = offer(ADMIN)
    one, other, out = tmp_path / "offer.json", tmp_path / "acceptance.json", tmp_path / "room.html"
    one.write_text(handover_text(asked), "utf-8")
    other.write_text(handover_text(accepted(asked)), "utf-8")
    words = ["room", str(one), str(other), "--at", "2026-06-01T00:00:00Z", "--out", str(out)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "Contract c-7" in out.read_text("utf-8")
    result = CliRunner().invoke(app, ["room", str(one), str(tmp_path / "none.json")])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1

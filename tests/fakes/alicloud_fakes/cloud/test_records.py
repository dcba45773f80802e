"""Lines of the file of state."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alicloud_fakes.cloud.records import RecordKind, decode_records, encode_nonce, encode_record


@given(st.integers(0, 2**63), st.integers(0, 2**64 - 1))
def test_the_line_of_one_nonce_is_the_line_of_a_list_of_one(number: int, digest: int) -> None:
    assert encode_nonce(number, digest) == encode_record(RecordKind.NONCES, number, {"digests": [digest]})


def test_a_nonce_is_read_back() -> None:
    (record,), end = decode_records(encode_nonce(0, 2**64 - 1))
    assert (record.kind, record.number, record.content()) == (RecordKind.NONCES, 0, {"digests": [2**64 - 1]})
    assert end == len(encode_nonce(0, 2**64 - 1))

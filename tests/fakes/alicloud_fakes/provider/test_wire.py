import pytest

from alicloud_fakes.provider.check_and_diff import UNKNOWN
from alicloud_fakes.provider.property_maps import from_property_map, to_property_map

VALUES = {"text": "é", "number": 3600, "half": 0.5, "flag": False, "list": ["a", UNKNOWN], "map": {"k": {"l": 1}}}


def test_values_come_back_as_they_went():
    assert from_property_map(to_property_map(VALUES)) == VALUES


def test_nulls_are_left_out():
    assert from_property_map(to_property_map({"gone": None, "kept": ""})) == {"kept": ""}


def test_a_secret_is_marked_on_the_wire_and_plain_after_it():
    sent = to_property_map({"secret": "s3", "open": "o"}, ["secret"])
    assert sent["secret"]["value"] == "s3"
    assert sent["open"] == "o"
    assert from_property_map(sent) == {"secret": "s3", "open": "o"}


@pytest.mark.parametrize("number", [0, -1, 2**40])
def test_whole_numbers_stay_whole(number):
    assert repr(from_property_map(to_property_map({"n": number}))["n"]) == repr(number)

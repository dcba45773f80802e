"""The call stacks that the engine records: short for our resources, unchanged for those of others."""

import sys
import traceback

import pytest
from pulumi.runtime import resource as sdk

from pulumi_alicloud_delegation.call_stacks import FRAMES, short_call_stacks


def frames(depth):
    return frames(depth - 1) if depth else traceback.extract_stack()


class Resource:
    """The initialisers that the SDK expects in the call stack of a registration."""

    def __init__(self):
        self.frames = len(sdk._get_stack_trace().frames)


class CustomResource(Resource):
    def __init__(self):
        super().__init__()


class User(CustomResource):
    def __init__(self):
        super().__init__()


def recorded(depth):
    return recorded(depth - 1) if depth else User().frames


def test_the_nearest_frames_are_kept():
    whole = frames(30)
    with short_call_stacks():
        kept = frames(30)
    assert len(kept) == FRAMES < len(whole)
    assert {frame.name for frame in kept} == {"frames"}


def test_the_sdk_of_pulumi_records_them():
    with short_call_stacks():
        kept = recorded(30)
    assert 0 < kept < FRAMES < 30 < recorded(30)


@pytest.mark.parametrize("limit", [None, 3, 1000])
def test_the_setting_is_as_it_was_afterwards(monkeypatch, limit):
    if limit is None:
        monkeypatch.delattr(sys, "tracebacklimit", raising=False)
    else:
        monkeypatch.setattr(sys, "tracebacklimit", limit, raising=False)
    with short_call_stacks(), short_call_stacks():
        assert sys.tracebacklimit == min(FRAMES, limit or FRAMES)
    with pytest.raises(ZeroDivisionError), short_call_stacks():
        raise ZeroDivisionError
    assert getattr(sys, "tracebacklimit", None) == limit

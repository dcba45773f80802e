"""A call is freed when it has been answered: with a reference cycle it would wait for the garbage collector."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from alicloud_fakes.pipeline.call import Call


@pytest.mark.parametrize("action", ["GetAccountAlias", "ListUsers", "CreateUser"])
def test_an_answered_call_is_freed_at_once(v1: Any, action: str) -> None:
    def calls() -> int:
        return sum(isinstance(one, Call) for one in gc.get_objects())

    assert v1(Action=action, UserName="first").status == 200
    gc.collect()
    gc.disable()
    try:
        before = calls()
        assert v1(Action=action, UserName="second").status == 200
        assert calls() == before
    finally:
        gc.enable()

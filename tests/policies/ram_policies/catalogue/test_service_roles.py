"""Ways to the permissions of roles that services assume."""

from __future__ import annotations

import pytest

from ram_policies.catalogue import Hazard, ServiceRole, hazards, known_action, service_roles

EVERY_SERVICE = pytest.mark.parametrize("way", service_roles(), ids=lambda way: way.principal)


@EVERY_SERVICE
def test_every_action_exists_and_is_known_to_be_more_than_operating(way: ServiceRole) -> None:
    assert way.uses
    assert way.hands_over
    for action in (*way.uses, *way.hands_over):
        assert known_action(action).known, action
        assert hazards(action) & {Hazard.RUNS_CODE_AS, Hazard.OPENS_ACCESS}, action


def test_each_service_is_named_once() -> None:
    principals = [way.principal for way in service_roles()]
    assert principals == list(dict.fromkeys(principals))
    assert {"ecs.aliyuncs.com", "fc.aliyuncs.com", "oos.aliyuncs.com", "ros.aliyuncs.com"} <= set(principals)

"""Fixtures of the pack and of its rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from ram_policies.stack.facts import UNKNOWN, ResourceFacts, Value


@pytest.fixture(scope="session")
def exported() -> Callable[..., str]:
    """Output that `pulumi stack export` would print for resources: these first, then their providers."""

    def known(properties: Mapping[str, Value]) -> dict[str, Value]:
        return {name: value for name, value in properties.items() if value is not UNKNOWN}

    def state(*resources: ResourceFacts) -> str:
        made = [(facts, facts.provider) for facts in resources if facts.provider]
        entries: list[dict[str, object]] = [
            {"urn": f.urn, "type": f.type, "provider": f"{provider.urn}::id", "outputs": known(f.properties)}
            for f, provider in made
        ]
        entries += [
            {"urn": provider.urn, "type": "pulumi:providers:alicloud", "inputs": known(provider.properties)}
            for _, provider in made
        ]
        return json.dumps({"version": 3, "deployment": {"resources": entries}})

    return state

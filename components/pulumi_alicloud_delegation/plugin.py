"""The component plugin: the components for programs in any language.

The executable `pulumi-resource-alicloud-delegation` runs `main`; the engine finds it on PATH, or in the folder that a
project names under `plugins`. The schema is read from the components' own annotations and docstrings.
"""

from __future__ import annotations

from importlib.metadata import version

from pulumi.provider.experimental import component_provider_host

from pulumi_alicloud_delegation.cross_account_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.delegated_role import DelegatedRole
from pulumi_alicloud_delegation.naming import PACKAGE
from pulumi_alicloud_delegation.operator_team import OperatorTeam


def main() -> None:
    """Serve the components to the engine whose address is the first argument."""
    component_provider_host(
        components=[DelegatedRole, OperatorTeam, CrossAccountDelegation],
        name=PACKAGE,
        version=version("pulumi-alicloud-delegation"),
    )

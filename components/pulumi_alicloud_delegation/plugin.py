"""The component plugin: the components for programs in any language.

The executable `pulumi-resource-alicloud-delegation` runs `main`; the engine finds it on PATH, or in the folder that a
project names under `plugins`. The schema is inferred from the components and finished by `published_schema`.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

from pulumi import ComponentResource, InputPropertiesError, Inputs, ResourceOptions
from pulumi.provider import ConstructResult
from pulumi.provider import main as serve
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from pulumi_alicloud_delegation.cross_account_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.delegated_role import DelegatedRole
from pulumi_alicloud_delegation.key_spelling import respelled
from pulumi_alicloud_delegation.naming import PACKAGE
from pulumi_alicloud_delegation.operator_team import OperatorTeam
from pulumi_alicloud_delegation.published_schema import schema_to_publish
from ram_policies import InvalidInputError
from ram_policies.extras import DISTRIBUTION, version_or_help


class Plugin(ComponentProvider):
    """Serves the components, and a schema that is fit to generate SDKs from."""

    def __init__(self) -> None:
        components: list[type[ComponentResource]] = [DelegatedRole, OperatorTeam, CrossAccountDelegation]
        super().__init__(components, PACKAGE, version=version(DISTRIBUTION))
        self.schema = json.dumps(schema_to_publish(json.loads(self.schema or "{}")))

    def map_inputs(self, inputs: Inputs, component_def: ComponentDefinition) -> Inputs:
        """Leave the inputs as the engine hands them over: the components read them, in the schema's spelling, too.

        The SDK's own mapping drops keys that it does not know, and takes an object that is not known yet for an empty
        one: a trust policy would lose its conditions in silence.
        """
        del component_def
        return inputs

    def construct(
        self, name: str, resource_type: str, inputs: Inputs, options: ResourceOptions | None = None
    ) -> ConstructResult:
        """Make a component.

        Raises:
            InputPropertiesError: an input cannot be accepted. The engine prints its one line, where it would print the
                traceback of any other error. Keys are spelled as in the schema.
        """
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if not isinstance(error.inner, InvalidInputError):
                raise
            problem = str(respelled(error.inner))
        raise InputPropertiesError(problem, [])


def main() -> None:
    """Serve the components to the engine whose address is the first argument."""
    if asked := version_or_help("pulumi-resource-alicloud-delegation", "pulumi up", sys.argv[1:]):
        sys.stdout.write(asked)
        return
    serve(Plugin(), sys.argv[1:])


if __name__ == "__main__":
    main()

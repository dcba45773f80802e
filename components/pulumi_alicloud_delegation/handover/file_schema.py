"""The JSON Schema of the handover files, with the words that describe the components' arguments."""

from __future__ import annotations

import json
from typing import Any, cast

from pulumi.provider.experimental.analyzer import Analyzer
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from pulumi_alicloud_delegation import args
from pulumi_alicloud_delegation.handover.formats import VERSION, Acceptance, Offer
from pulumi_alicloud_delegation.specs import (
    ContractSpec,
    DocumentSpec,
    ExistingPolicySpec,
    PresetSpec,
    RoleSpec,
    Spec,
    TrustSpec,
)

# What a spec is called in the schema, and the arguments that describe it.
_SHARED: dict[type[Spec], tuple[str, type]] = {
    ContractSpec: ("Contract", args.ContractArgs),
    DocumentSpec: ("Document", args.DocumentArgs),
    ExistingPolicySpec: ("ExistingPolicy", args.ExistingPolicyArgs),
    PresetSpec: ("Preset", args.PresetArgs),
    RoleSpec: ("Role", args.RoleArgs),
    TrustSpec: ("Trust", args.TrustArgs),
}


class _Generator(GenerateJsonSchema):
    """Without the titles that pydantic makes of field names."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the signature is pydantic's
        return False


def json_schema(model: type[Offer | Acceptance]) -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of one of the formats."""
    schema = cast("type[BaseModel]", model).model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions: dict[str, Any] = schema.get("$defs", {})
    analyzer = Analyzer("schema")
    for spec, (_, described) in _SHARED.items():
        definition = definitions.get(spec.__name__)
        if definition is None:
            continue
        definition["description"] = described.__doc__
        for name, field in spec.model_fields.items():
            definition["properties"][field.alias]["description"] = analyzer.get_docstring(described, name)
    schema["required"] = [*schema["required"], "digest"]  # a reader refuses a file without one
    text = json.dumps(schema)
    for spec, (name, _) in _SHARED.items():
        text = text.replace(f'"{spec.__name__}"', f'"{name}"').replace(f'/{spec.__name__}"', f'/{name}"')
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:alicloud-delegation:{model.__name__.lower()}:{VERSION}",
        **json.loads(text),
    }

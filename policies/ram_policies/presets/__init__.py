"""Operations presets: grants that an owner can give without reading a policy document first.

A preset is a name and a pure function from parameters (regions, tags, resource groups, resources) to a document. None
of them lets anybody buy, release, or get more permissions than it gives; only one reads data, and only what it names.

    preset_document("ecs-operate", {"regions": "cn-hangzhou", "tags": {"team": "ops"}})
"""

from __future__ import annotations

from ram_policies.presets.library import preset, preset_document, presets
from ram_policies.presets.preset import Preset
from ram_policies.presets.preset_parameters import Arguments, Parameter

__all__ = ["Arguments", "Parameter", "Preset", "preset", "preset_document", "presets"]

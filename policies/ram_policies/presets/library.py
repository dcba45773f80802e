"""The presets by name, and their rendering."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ram_policies import limits
from ram_policies.document import Document, DocumentKind
from ram_policies.errors import InvalidInputError
from ram_policies.presets import compute, oversight, storage
from ram_policies.presets.preset import Preset
from ram_policies.presets.preset_parameters import read_arguments
from ram_policies.validation.parse import read_document


@cache
def presets() -> Mapping[str, Preset]:
    """All presets by name."""
    return MappingProxyType({p.name: p for p in (*compute.PRESETS, *storage.PRESETS, *oversight.PRESETS)})


def preset(name: str, field: str = "preset") -> Preset:
    """The preset of that name.

    Raises:
        InvalidInputError: there is none.
    """
    found = presets().get(name)
    if found is None:
        close = difflib.get_close_matches(name, presets(), n=1)
        fix = f"write {close[0]}" if close else f"use one of {', '.join(presets())}"
        raise InvalidInputError(field, name, "is not a preset", fix, code="not-a-choice")
    return found


def preset_document(name: str, parameters: Mapping[str, object] | None = None, field: str = "preset") -> Document:
    """Render a preset.

    Args:
        name: name of the preset.
        parameters: values for its parameters, as in configuration.
        field: where the preset stands, for messages: ``roles[0].presets[1]``.

    Raises:
        InvalidInputError: no such preset, or parameters that it does not take, or so many values that RAM would refuse
            the document for its length.
    """
    chosen = preset(name, f"{field}.name" if parameters is not None else field)
    arguments = read_arguments(chosen.parameters, parameters or {}, f"{field}.parameters")
    text = Document(chosen.build(arguments)).to_json()
    if len(text) > limits.POLICY_DOCUMENT_LENGTH:
        problem = f"renders a document of {len(text)} characters, and RAM takes {limits.POLICY_DOCUMENT_LENGTH}"
        fix = "give fewer values and grant the preset several times, or narrow it by tag or resource group"
        raise InvalidInputError(f"{field}.parameters", name, problem, fix, code="too-long")
    return read_document(text, DocumentKind.IDENTITY, field)

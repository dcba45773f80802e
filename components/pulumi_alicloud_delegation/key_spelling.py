"""Spelling of keys in messages: ``as_in_python`` or ``asInStackFiles``.

Plans know one spelling, the one of the components' arguments. Which one a reader needs is decided where an error leaves
the package: the program, the plugin and the readers of files pass it through `respelled`. A key that is mentioned in
the text of a message stands in single quotes, as in ``add 'external_id'``.
"""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic.alias_generators import to_camel

from pulumi_alicloud_delegation.specs import Spec
from ram_policies import InvalidInputError

E = TypeVar("E", bound=InvalidInputError)

FREE_KEYS = ("tags", "parameters", "document")
"""Keys below which other keys are the user's own, or of another vocabulary, and keep their spelling."""

_BELOW_FREE = re.compile(rf"\b(?:{'|'.join(FREE_KEYS)})\b(.*)", re.DOTALL)
_QUOTED = re.compile(r"'([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*)'")


def camel(field: str) -> str:
    """A path of keys as stack files and other languages spell it: ``roles[0].maxSessionDuration``."""
    free = _BELOW_FREE.search(field)
    known = field if free is None else field[: free.start(1)]
    return re.sub(r"[a-z]+(?:_[a-z]+)+", lambda key: to_camel(key.group()), known) + field[len(known) :]


def snake(key: str) -> str:
    """A key as the components' arguments spell it: ``max_session_duration``."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


def respelled(error: E) -> E:
    """The same error with its keys spelled as in stack files."""
    other = type(error).__new__(type(error))
    other.__dict__.update(error.__dict__)
    InvalidInputError.__init__(
        other,
        camel(error.field),
        error.value,
        _mentions_in_camel(error.problem),
        _mentions_in_camel(error.fix),
        code=error.code,
    )
    return other


def _mentions_in_camel(text: str) -> str:
    keys = _keys(Spec)

    def spelled(found: re.Match[str]) -> str:
        path = found.group(1)
        is_path = keys.issuperset(re.findall(r"[a-z_]+", path))
        return f"'{camel(path)}'" if is_path else found.group()

    return _QUOTED.sub(spelled, text)


def _keys(model: type[Spec]) -> set[str]:
    """The keys of a model and of all models that are made from it."""
    return set(model.model_fields).union(*map(_keys, model.__subclasses__()))

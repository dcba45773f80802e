"""Interface of a resource handler, and the parts that handlers share."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from alicloud_fakes.provider.api import Api, CallRefusedError
from alicloud_fakes.provider.check_and_diff import Properties, PropertyValue
from alicloud_fakes.provider.schema import ResourceType

CONFLICT_PATIENCE: Final = 3.0
"""Seconds that a deletion waits for attachments to go. The real provider waits for minutes, with the same end."""

CREATION_PATIENCE: Final = 20.0
"""Seconds that a creation waits until the new thing can be read. The real provider waits for minutes."""

_PAUSE: Final = 0.3


@dataclass(frozen=True, slots=True)
class ResourceUpdate:
    """An update: the identifier, the state before, the inputs wanted, and the names of those that differ."""

    id: str
    state: Mapping[str, PropertyValue]
    wanted: Mapping[str, PropertyValue]
    changed: Collection[str]

    def new(self, name: str, cleared: str | None = "") -> PropertyValue:
        """A changed input's new value, `cleared` when it was taken away, None when it has not changed."""
        if name not in self.changed:
            return None
        value = self.wanted.get(name)
        return cleared if value is None else value


class ResourceHandler(Protocol):
    """Create, read, update and delete of one resource type, on the API of one account."""

    kind: ResourceType

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Make it; answers its identifier and the outputs that no later read can tell."""
        ...

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """State of the resource in the cloud, or None when it is gone. Outputs the cloud cannot tell are left out.

        Raises:
            CallRefusedError: the cloud refused to say; a 404 means that it is gone, as None does.
        """
        ...

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Bring it to the inputs wanted."""
        ...

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Remove it; it is not an error when it is gone already."""
        ...


class PartlyMadeError(Exception):
    """A resource exists, but what has to follow its creation failed."""

    def __init__(self, identifier: str, outputs: Properties, reason: str) -> None:
        self.identifier, self.outputs, self.reason = identifier, outputs, reason
        super().__init__(reason)


def create(handler: ResourceHandler, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
    """Make a resource and read it back, when it can be: its identifier and all its outputs.

    Raises:
        CallRefusedError: it was not made.
        PartlyMadeError: it was made and is not as it should be.
    """
    identifier, outputs = handler.create(api, inputs)
    known = dict(inputs) | outputs
    try:
        found = _found_in_time(handler, api, identifier, known)
    except CallRefusedError as error:
        raise PartlyMadeError(identifier, known, str(error)) from None
    if found is None:
        raise PartlyMadeError(identifier, known, f"{handler.kind.token} {identifier} was made and cannot be found")
    return identifier, _whole(identifier, known, found)


def read_outputs(
    handler: ResourceHandler, api: Api, identifier: str, state: Mapping[str, PropertyValue]
) -> Properties | None:
    """A resource's outputs now, with what only its state knows, or None when it is gone."""
    found = _found(handler, api, identifier, state)
    return None if found is None else _whole(identifier, state, found)


def update(handler: ResourceHandler, api: Api, change: ResourceUpdate) -> Properties:
    """Change a resource and read it back: all its outputs."""
    handler.update(api, change)
    dropped = {name for name in change.changed if name not in change.wanted}
    known = {name: value for name, value in change.state.items() if name not in dropped} | dict(change.wanted)
    found = _found(handler, api, change.id, known)
    if found is None:
        raise CallRefusedError("Update", 404, "EntityNotExist", f"{handler.kind.token} {change.id} is gone")
    return _whole(change.id, known, found)


def _found(
    handler: ResourceHandler, api: Api, identifier: str, state: Mapping[str, PropertyValue]
) -> Properties | None:
    """A resource as the cloud has it now; None when it is gone."""
    try:
        return handler.read(api, identifier, state)
    except CallRefusedError as error:
        if is_gone(error):
            return None
        raise


def _found_in_time(
    handler: ResourceHandler, api: Api, identifier: str, state: Mapping[str, PropertyValue]
) -> Properties | None:
    """A resource that was just made, as the cloud has it; the cloud may need a moment until it shows it."""
    end = time.monotonic() + CREATION_PATIENCE
    while True:
        found = _found(handler, api, identifier, state)
        if found is not None or time.monotonic() > end:
            return found
        time.sleep(_PAUSE)


def _whole(identifier: str, known: Mapping[str, PropertyValue], found: Properties) -> Properties:
    """All outputs: what is known beside what was found, and the identifier, which is an output too."""
    return {**known, **found, "id": identifier}


def unless_gone(call: Callable[[], object]) -> None:
    """Make a call, and pass over the refusal that says that the thing does not exist."""
    try:
        call()
    except CallRefusedError as error:
        if not is_gone(error):
            raise


def is_gone(error: CallRefusedError) -> bool:
    """True if a refusal means that the thing is not there. Like the real provider: any 404 does."""
    return error.status == 404


def first_text(values: Mapping[str, PropertyValue], *names: str) -> str:
    """The first of the named values that is set, as a text; "" when none is."""
    return next((str(values[name]) for name in names if values.get(name) not in {None, ""}), "")


def given(values: Mapping[str, PropertyValue], name: str) -> PropertyValue:
    """A value, or None when it is empty: the API takes an empty text for a wrong one."""
    value = values.get(name)
    return None if value == "" else value


def list_at(reply: Mapping[str, Any], *path: str) -> list[dict[str, Any]]:
    """The list at a path of a reply; empty when the path is not there."""
    here: Any = reply
    for step in path:
        here = cast("Mapping[str, Any]", here).get(step) or {}
    return cast("list[dict[str, Any]]", here or [])

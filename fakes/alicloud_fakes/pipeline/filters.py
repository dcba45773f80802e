"""Lists that are narrowed by what descriptions show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.declare import ActionRequest


R = TypeVar("R")


def shows(
    describe: Callable[[R], Mapping[str, object]], resource: R, request: ActionRequest, fields: Mapping[str, str]
) -> bool:
    """True if a resource is described with each value that a request asks for; parameters that are not sent match all.

    Args:
        describe: describes a resource; not called when the request asks for nothing.
        resource: the resource.
        request: the request.
        fields: the request's fields, by their names in the description.
    """
    wanted = {name: getattr(request, field) for name, field in fields.items()}
    if not any(wanted.values()):
        return True
    known = describe(resource)
    return all(value in {"", known.get(name, "")} for name, value in wanted.items())

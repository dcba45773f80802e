"""Parameters that several actions share, and the way from an action to RAM's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeAlias, cast

from alicloud_fakes.identity.models import Ram
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, OneOf
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram.errors import refuse

Language: TypeAlias = Annotated[str, OneOf("en", "zh-CN", "ja")]
PageNumber: TypeAlias = Annotated[int, Clamp(1, 1_000_000)]
PageSize: TypeAlias = Annotated[int, Clamp(1, 100)]


def by_ram(
    perform: Callable[[Ram, Any], Reply], kind: type[ActionRequest], request: ActionRequest
) -> Mapping[str, Any]:
    """RAM's answer to an action with the parameters of this one.

    Args:
        perform: RAM's action.
        kind: its request.
        request: the request to Resource Manager.
    """
    given = request.call.parameters
    own = {field.wire: given[field.wire] for field in type(request).fields() if field.wire in given}
    reply = perform(request.call.signed_by.account.ram, kind.read(own, refuse, request.call))
    return cast("Mapping[str, Any]", reply or {})


def pick(found: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Fields that Resource Manager shows, of those that RAM shows."""
    return {name: found[name] for name in names if name in found}

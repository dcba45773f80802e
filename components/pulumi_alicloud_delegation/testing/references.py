"""References to other stacks, answered from outputs that a test gives."""

# Pulumi's mocks hand over bare dictionaries.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportReturnType=false

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Self, cast

import pulumi

from pulumi_alicloud_delegation.deployed import READ_STACK_OUTPUTS
from ram_policies.error_kinds import with_code

_STACK_REFERENCE = "pulumi:pulumi:StackReference"


class StackReferences(pulumi.runtime.Mocks):
    """Other mocks, and the outputs of stacks."""

    def __init__(self, inner: pulumi.runtime.Mocks, stacks: Mapping[str, Mapping[str, object]]) -> None:
        """Make the mocks.

        Args:
            inner: what answers for everything else.
            stacks: outputs by the name of the stack.
        """
        self._inner = inner
        self._stacks = stacks
        self._context: AbstractContextManager[object] = (
            inner if isinstance(inner, AbstractContextManager) else nullcontext()
        )

    def __enter__(self) -> Self:
        self._context.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.__exit__(kind, error, trace)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        """The ID and the state of a new resource, or the outputs of another stack.

        Raises:
            LookupError: the outputs of the stack were not given, or not as plain values.
        """
        if args.typ != _STACK_REFERENCE:
            return self._inner.new_resource(args)
        stack = args.resource_id or args.name
        if stack not in self._stacks:
            fix = f"give them as stacks={{{stack!r}: {{...}}}}"
            problem = f"StackReference {stack}: its outputs are not known here. Fix: {fix}."
            raise LookupError(with_code(problem, "unknown-outputs"))
        for name, value in self._stacks[stack].items():
            if isinstance(value, pulumi.Output):
                problem = f"StackReference {stack}: {name!r} is an Output. Fix: give the value itself."
                raise LookupError(with_code(problem, "unknown-outputs"))  # noqa: TRY004 - as for outputs that are missing
        return stack, {"name": stack, "outputs": dict(self._stacks[stack]), "secretOutputNames": []}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]]]:
        """The answer of a provider function, or of the engine's function that reads the outputs of a stack."""
        if args.token == READ_STACK_OUTPUTS:
            stack = str(cast("dict[str, object]", args.args)["name"])
            return {"name": stack, "outputs": dict(self._stacks.get(stack, {})), "secretOutputNames": []}, []
        return self._inner.call(args)

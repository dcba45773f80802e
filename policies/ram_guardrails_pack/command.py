"""The executable `pulumi-analyzer-alicloud-ram-guardrails`."""

from __future__ import annotations

import gc
import sys

from ram_policies.extras import MissingExtraError, version_or_help


def main() -> None:
    """Serve the pack to the engine that started this process; where its extra is missing, say so in one line."""
    if asked := version_or_help(
        "pulumi-analyzer-alicloud-ram-guardrails", "pulumi preview --policy-pack FILE", sys.argv[1:]
    ):
        sys.stdout.write(asked)
        return
    gc.disable()  # imports leave little garbage, and looking for it takes a tenth of the start
    try:
        from ram_guardrails_pack.pack import main as serve  # noqa: PLC0415 - what may be missing
    except MissingExtraError as error:
        sys.exit(f"error: {error}")
    gc.freeze()
    gc.enable()
    serve()


if __name__ == "__main__":
    main()

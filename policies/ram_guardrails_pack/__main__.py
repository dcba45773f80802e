"""The policy pack: ``python -m ram_guardrails_pack``."""

from __future__ import annotations

from ram_guardrails_pack.command import main

if __name__ == "__main__":
    main()

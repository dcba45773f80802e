#!/usr/bin/env python3
"""The policy pack. The folder needs the Python language host to run; this file, given as the pack, does not."""

from ram_guardrails_pack.command import main

main()

"""The command line: ``python -m alicloud_fakes serve``."""

from __future__ import annotations

import sys

from alicloud_fakes.cli import main

if __name__ == "__main__":
    sys.exit(main())

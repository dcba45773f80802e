"""The command line: ``python -m access_cli``."""

from __future__ import annotations

from access_cli import app

if __name__ == "__main__":
    app(prog_name="access")

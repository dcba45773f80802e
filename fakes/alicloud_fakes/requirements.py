"""Versions of Python that the fake runs on. It is imported first, so it must be readable by older ones."""

from __future__ import annotations

PYTHON = (3, 11)


def python_problem(version: tuple[int, ...]) -> str:
    """Message about a Python that is too old; empty for one that will do."""
    if tuple(version[:2]) >= PYTHON:
        return ""
    wanted, given = ".".join(map(str, PYTHON)), ".".join(map(str, version[:2]))
    problem = f"alicloud_fakes needs Python {wanted} or newer, and this is {given}."
    # The code is written out: the table of codes is not for a Python this old.
    return f"{problem} Fix: python{wanted} -m venv .venv [python-too-old]"

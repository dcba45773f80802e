"""Warnings and suggestions: documents RAM takes, but that may not mean what was meant."""

from __future__ import annotations

from ram_policies.document import DocumentKind
from ram_policies.jsontext import Node
from ram_policies.reader import Notes


def check_statements(kind: DocumentKind, root: Node, notes: Notes) -> None:
    """Note what is legal but doubtful."""

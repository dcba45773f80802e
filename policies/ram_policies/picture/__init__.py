"""The picture of access: people, teams, roles, grants and resources as a layered graph, and what a change does to it.

    picture = picture_of(before, after)     # `picture_of(None, model)` when nothing changes
    page(picture), svg(picture), mermaid(picture)

All of it is pure: models in, text out.
"""

from ram_policies.access.marks import Mark
from ram_policies.picture.html import html_page
from ram_policies.picture.merging import picture_of
from ram_policies.picture.mermaid import mermaid
from ram_policies.picture.picture_model import Edge, EdgeKind, NodeKind, Picture, PictureNode
from ram_policies.picture.svg import svg

__all__ = [
    "Edge",
    "EdgeKind",
    "Mark",
    "NodeKind",
    "Picture",
    "PictureNode",
    "html_page",
    "mermaid",
    "picture_of",
    "svg",
]

"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

DocumentsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--documents",
        metavar="FILE",
        help="JSON or YAML that describes accounts. Repeatable; - is standard input (JSON).",
    ),
]
States = Annotated[
    list[str] | None,
    typer.Option("--state", metavar="FILE", help="Output of `pulumi stack export`. Repeatable."),
]
Previews = Annotated[
    list[str] | None,
    typer.Option(
        "--preview",
        metavar="FILE",
        help="Output of `pulumi preview --json --show-sames`: access after the change. Repeatable.",
    ),
]
Fakes = Annotated[
    list[str] | None,
    typer.Option("--fake", metavar="URL", help="A fake cloud that is being served. Repeatable."),
]
AccountIds = Annotated[
    list[str] | None,
    typer.Option(
        "--account",
        metavar="PROVIDER=ID",
        help="Account of a provider resource, by its name, where state and preview do not name it. Repeatable.",
    ),
]
GivenOption = Annotated[
    list[str] | None,
    typer.Option(
        "--given",
        metavar="KEY=VALUE",
        help="A condition key of the request: acs:MFAPresent=true. Keys not given stay open. Repeatable.",
    ),
]
Absent = Annotated[
    list[str] | None,
    typer.Option("--absent", metavar="KEY", help="A condition key that the request does not carry. Repeatable."),
]
ResourceGroupOption = Annotated[
    str | None, typer.Option("--resource-group", metavar="ID", help="The resource group that the resource is in.")
]
Depth = Annotated[int, typer.Option("--depth", min=0, max=8, help="How many roles may be assumed one after another.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

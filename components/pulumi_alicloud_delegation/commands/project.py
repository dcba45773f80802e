"""`alicloud-delegation`: projects that use the components."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from access_cli.usage import OneLineGroup
from access_cli.version import version_option
from pulumi_alicloud_delegation.commands.adopt import adopt
from pulumi_alicloud_delegation.commands.command_errors import project_command
from pulumi_alicloud_delegation.commands.recover import recover
from ram_policies import InvalidInputError

_HERE: Final = Path(__file__).resolve().parent
_PLACES: Final = (_HERE.parent / "templates", _HERE.parents[2] / "templates")
"""Folders that may hold the templates: in the wheel, and in a clone."""
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_DEFAULT: Final = "both"

app = typer.Typer(
    name="alicloud-delegation",
    cls=OneLineGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def project_options(
    *,
    _version: Annotated[bool, version_option("alicloud-delegation")] = False,
) -> None:
    """Projects that deploy a cross-account delegation.

    Example: alicloud-delegation new my-delegation
    """


@app.command("new")
@project_command
def new(
    folder: Annotated[Path, typer.Argument(help="The new project's folder. Made when it is not there; must be empty.")],
    *,
    template: Annotated[
        str, typer.Option(metavar="NAME", help="Template to begin with: both, delegate, owner or tests-only.")
    ] = _DEFAULT,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the project. Default: the folder's.")] = "",
) -> None:
    """Make a project from a template, without network.

    Example: alicloud-delegation new my-delegation --template owner
    """
    project = name or folder.absolute().name
    if not _NAME.fullmatch(project):
        fix = "use up to 100 letters, digits, `-`, `_` and `.`, or name it with --name"
        raise InvalidInputError("name", project, "cannot be the name of a Pulumi project", fix, code="invalid-name")
    try:
        made = write_project(folder, template, project)
    except OSError as error:
        problem = f"cannot be written ({error.strerror})"
        raise InvalidInputError("folder", str(folder), problem, "name another", code="unwritable-file") from None
    typer.echo(f"{folder}: {', '.join(str(file) for file in made)}")
    typer.echo(f"Next: cd {folder} && alicloud-fakes pulumi -- preview")


app.command("recover")(recover)
app.command("adopt")(adopt)


def templates() -> dict[str, Path]:
    """The folder of each template, by name."""
    home = next((place for place in _PLACES if place.is_dir()), None)
    return {} if home is None else {one.name: one for one in sorted(home.iterdir()) if (one / "Pulumi.yaml").is_file()}


def write_project(folder: Path, template: str, project: str) -> list[Path]:
    """Write a template's files into a folder; their names.

    Args:
        folder: made when it is not there.
        template: name of the template.
        project: name of the project, which takes the place of `${PROJECT}` as in `pulumi new`.

    Raises:
        InvalidInputError: there is no such template, or the folder is not empty.
    """
    known = templates()
    if template not in known:
        raise InvalidInputError(
            "template", template, "is not a template", f"use one of {', '.join(known)}", code="not-a-choice"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInputError(
            "folder",
            str(folder),
            "is not an empty folder",
            "name a folder that is not there yet",
            code="folder-not-empty",
        )
    source = known[template]
    files = sorted(file for file in source.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    description = source.joinpath("README.md").read_text("utf-8").split("\n\n")[1].replace("\n", " ")
    for file in files:
        target = folder / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text("utf-8").replace("${PROJECT}", project)
        target.write_text(text.replace("${DESCRIPTION}", _first_sentence(description)), "utf-8")
    return [file.relative_to(source) for file in files]


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".")


if __name__ == "__main__":
    app()

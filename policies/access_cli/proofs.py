"""Commands that prove something about documents or accounts for every request: never, equivalent, public, disjoint."""

from __future__ import annotations

from typing import Annotated

import typer

from access_cli.exit_codes import NOT_AS_EXPECTED, command
from access_cli.options import AccountIds, AsJson, DocumentsOption, Fakes, Previews, States
from access_cli.output import request_json, say, say_gaps, say_json
from access_cli.sources import ModelSources, document_in_file
from ram_policies.access.never import Broken, check_action_pattern, never_broken
from ram_policies.document import Document, DocumentKind
from ram_policies.proof import Proof, Verdict, allows_at_most, never_overlap
from ram_policies.proof.public import public_request

KindOption = Annotated[DocumentKind, typer.Option(help="Kind of the documents.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command("never")(command(never))
    app.command("equivalent")(command(equivalent))
    app.command("disjoint")(command(disjoint))
    app.command("public")(command(public))


def never(
    actions: Annotated[list[str], typer.Argument(metavar="ACTION...", help="kms:Decrypt, actiontrail:Stop*, bss:*.")],
    *,
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="ARN", help="Start from this role only. Repeatable.")
    ] = None,
    documents: DocumentsOption = None,
    state: States = None,
    preview: Previews = None,
    fake: Fakes = None,
    account: AccountIds = None,
    json_: AsJson = False,
) -> None:
    """Prove that no role may do these actions, itself or through roles it can assume, or show a request.

    The exit code is 0 only if it is proved.

    Example: access never kms:Decrypt 'bss:*' --documents accounts.json
    """
    for pattern in actions:
        check_action_pattern(pattern, "ACTION")
    given = (state, preview, documents, fake, account)
    model = ModelSources(*(tuple(values or ()) for values in given)).model()
    found = list(never_broken(model, actions, role or None))
    if json_:
        say_json({"never": list(actions), "broken": [_broken_json(one) for one in found], "notKnown": list(model.gaps)})
    else:
        for one in found:
            say(str(one), "yellow" if one.counterexample is None else "red")
        if not found:
            say("Never: proved for every role.", "green")
        say_gaps(model.gaps)
    if found:
        raise typer.Exit(NOT_AS_EXPECTED)


def _broken_json(broken: Broken) -> dict[str, object]:
    example = broken.counterexample
    return {
        "who": list(broken.who),
        "counterexample": None if example is None else request_json(example),
        "policies": list(broken.policies),
        "openBecause": list(broken.open_because),
    }


def equivalent(
    one: Annotated[str, typer.Argument(help="A document.")],
    other: Annotated[str, typer.Argument(help="Another one.")],
    *,
    kind: KindOption = DocumentKind.IDENTITY,
    json_: AsJson = False,
) -> None:
    """Prove that two documents allow the same requests, or show a request that tells them apart.

    Example: access equivalent before.json after.json
    """
    documents = document_in_file(one, kind, "ONE"), document_in_file(other, kind, "OTHER")
    proofs = [
        (path, allows_at_most(first, second))
        for path, first, second in ((one, *documents), (other, *reversed(documents)))
    ]
    unlike = [(path, proof) for path, proof in proofs if not proof.holds]
    _answer(unlike, "Equivalent.", "Only {} allows:", json_=json_)


def disjoint(
    one: Annotated[str, typer.Argument(help="A document.")],
    other: Annotated[str, typer.Argument(help="Another one.")],
    *,
    kind: KindOption = DocumentKind.IDENTITY,
    json_: AsJson = False,
) -> None:
    """Prove that no request is allowed by both documents, or show one that is.

    Example: access disjoint standing.json on-request.json
    """
    proof = never_overlap(document_in_file(one, kind, "ONE"), document_in_file(other, kind, "OTHER"))
    _answer([] if proof.holds else [("", proof)], "Disjoint.", "Both allow:", json_=json_)


def public(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Documents, attached together.")],
    *,
    kind: Annotated[
        DocumentKind, typer.Option(help="bucket (the default) or trust: documents that name who is meant.")
    ] = DocumentKind.BUCKET,
    own: Annotated[
        list[str] | None,
        typer.Option("--own", metavar="ACCOUNT", help="An account whose principals are not strangers. Repeatable."),
    ] = None,
    json_: AsJson = False,
) -> None:
    """Prove that documents allow nobody but principals of the accounts that they name, or show a request.

    Example: access public bucket.json --kind bucket
    """
    documents: list[Document] = [document_in_file(path, kind, "FILE") for path in files]
    proof = public_request(documents, own or ())
    _answer([] if proof.holds else [("", proof)], "Not public.", "Public, for example:", json_=json_)


def _answer(found: list[tuple[str, Proof]], good: str, bad: str, *, json_: bool) -> None:
    if json_:
        say_json(
            {
                "proved": not found,
                "counterexamples": [
                    {"only": path or None, **request_json(proof.counterexample)}
                    for path, proof in found
                    if proof.counterexample is not None
                ],
                "openBecause": [reason for _, proof in found for reason in proof.open_because],
            }
        )
    elif not found:
        say(good, "green")
    for path, proof in found if not json_ else ():
        if proof.verdict is Verdict.REFUTED and proof.counterexample is not None:
            say(bad.format(path), "red")
            for name, value in request_json(proof.counterexample).items():
                say(f"  {name}: {value}")
        else:
            say(f"Not decided: {'; '.join(proof.open_because)}.", "yellow")
    if found:
        raise typer.Exit(NOT_AS_EXPECTED)

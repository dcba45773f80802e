"""Sources of models and documents: files, standard input, a fake cloud."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from access_cli.hint_readers import all_account_hints
from ram_policies.access.documents import from_documents
from ram_policies.access.model import AccessModel, joined_models
from ram_policies.access.preview_model import Plan, read_plan, read_state
from ram_policies.conditions import ContextValue
from ram_policies.document import Document, DocumentKind
from ram_policies.errors import InvalidInputError
from ram_policies.file_text import json_in, text_in, yaml_in
from ram_policies.nodes import is_object
from ram_policies.review import review
from ram_policies.stack.preview import is_preview
from ram_policies.validation.parse import Parsed, parse

STDIN = "-"
_ANSWER_WITHIN = 10  # seconds
_LARGEST = 200 * 1024 * 1024
_OBJECT = re.compile(r"^(?:[^\n{}\[\]\",]*[^\s{}\[\]\",][ \t]+)?\{", re.MULTILINE)
_KEYS = frozenset({"accounts", "deployment"})


@dataclass(frozen=True, slots=True)
class ModelSources:
    """Sources of one model.

    Attributes:
        states: files from `pulumi stack export`.
        previews: files from `pulumi preview --json`; what there will be after it.
        documents: files that describe accounts.
        fakes: URLs of fake clouds.
        accounts: ``PROVIDER=ID``.
    """

    states: tuple[str, ...] = ()
    previews: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    fakes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    def model(self) -> AccessModel:
        """One model of everything.

        Raises:
            InvalidInputError: there is no source, or one cannot be read.
        """
        given = read_pairs(self.accounts, "--account", "PROVIDER=ID")
        models = [from_documents(read_json(path, "--documents"), path) for path in self.documents]
        models += [read_state(read_printed(p, "--state"), given, p, all_account_hints) for p in self.states]
        models += [_after(read_printed(p, "--preview"), given, p) for p in self.previews]
        models += [from_documents(_fetch(url)) for url in self.fakes]
        if not models:
            fix = "give --documents, --state, --preview or --fake"
            raise InvalidInputError(
                "source", "", "is missing: there are no accounts to look at", fix, code="missing-value"
            )
        return joined_models(*models)

    def plan(self) -> Plan:
        """Everything before and after the previews. The first state is that of the first preview's stack, and so on.

        Raises:
            InvalidInputError: there is no source, or one cannot be read.
        """
        pairs = zip_longest(self.previews, self.states[: len(self.previews)])
        plans = [plan_of(preview, state, self.accounts, "--preview") for preview, state in pairs]
        others = replace(self, previews=(), states=self.states[len(self.previews) :])
        rest = [others.model()] if not plans or others.states or others.documents or others.fakes else []
        before = joined_models(*rest, *(plan.before for plan in plans))
        return Plan(
            before, joined_models(*rest, *(plan.after for plan in plans)), sum(plan.unchanged for plan in plans)
        )


def plan_of(path: str, state: str | None, accounts: Iterable[str], field: str = "PLAN") -> Plan:
    """The two models of a preview.

    Raises:
        InvalidInputError: a file cannot be read, or is not a preview or state.
    """
    given = read_pairs(accounts, "--account", "PROVIDER=ID")
    before = None if state is None else read_printed(state, "--state")
    return read_plan(read_printed(path, field), given, before, path, all_account_hints)


def _after(content: object, given: Mapping[str, str], source: str) -> AccessModel:
    return read_plan(content, given, source=source, hints=all_account_hints).after


def model_in_file(path: str, field: str, accounts: Iterable[str]) -> AccessModel:
    """The model in a file of any kind: a description of accounts, an exported state, or a preview.

    Raises:
        InvalidInputError: the file cannot be read, or is in none of these forms.
    """
    content = read_printed(path, field)
    given = read_pairs(accounts, "--account", "PROVIDER=ID")
    keys = set(content) if is_object(content) else set[str]()
    if "accounts" in keys:
        return from_documents(content)
    if "deployment" in keys:
        return read_state(content, given, field, all_account_hints)
    if is_preview(content):
        return _after(content, given, field)
    fix = "give a description of accounts, or what `pulumi stack export` or `pulumi preview --json` prints"
    raise InvalidInputError(field, path, "is not a source of accounts", fix, code="wrong-file")


def read_text(path: str, field: str) -> str:
    """The text of a file; ``-`` is standard input.

    Raises:
        InvalidInputError: it cannot be read.
    """
    try:
        if path == STDIN:
            return text_in(sys.stdin.buffer.read(), field, path)
        if Path(path).stat().st_size > _LARGEST:
            raise InvalidInputError(field, path, "is larger than 200 MB", "give the right file", code="too-large-file")
        return text_in(Path(path).read_bytes(), field, path)
    except OSError as error:
        raise InvalidInputError(
            field, path, f"cannot be read ({error.strerror})", "give a file, or -", code="unreadable-file"
        ) from error


def read_json(path: str, field: str) -> object:
    """The JSON in a file, or the YAML when its name ends like that.

    Raises:
        InvalidInputError: it cannot be read, or is not JSON.
    """
    text = read_text(path, field)
    return (yaml_in if path.endswith((".yaml", ".yml")) else json_in)(text, field, path)


def read_printed(path: str, field: str) -> object:
    """The JSON that a command printed into a file, whatever it printed before and after it.

    Returns:
        The value; the list of events when it is a stream of them (`pulumi preview --json` in its streaming form).

    Raises:
        InvalidInputError: it cannot be read, or holds no JSON.
    """
    if path.endswith((".yaml", ".yml")):
        return read_json(path, field)
    return printed_json(read_text(path, field), field, path)


def printed_json(text: str, field: str, shown: str = "") -> object:
    """The JSON in what a command printed, as `read_printed` reads it.

    Args:
        text: what was printed.
        field: what to call it in messages.
        shown: what stands for the text in messages.

    Raises:
        InvalidInputError: it holds no JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        found = list(_values_in(text))
    events = [value for value in found if is_preview([value])]
    whole = [value for value in found if is_object(value) and (is_preview(value) or _KEYS & value.keys())]
    if events and not whole:
        return events
    if len(whole or found) == 1:
        return (whole or found)[0]
    return json_in(text, field, shown)


def _values_in(text: str) -> Iterator[object]:
    """The JSON objects in a text that begin at the beginning of a line, or after a prompt on it."""
    decoder = json.JSONDecoder()
    position = 0
    while (start := _OBJECT.search(text, position)) is not None:
        try:
            value, position = decoder.raw_decode(text, start.end() - 1)
        except (ValueError, RecursionError):
            position = start.end()
            continue
        yield value


def _fetch(url: str) -> object:
    """Export of a fake cloud about access."""
    from urllib.error import URLError  # noqa: PLC0415 - nothing else here needs the network
    from urllib.request import urlopen  # noqa: PLC0415 - nothing else here needs the network

    if not url.startswith(("http://", "https://")):
        raise InvalidInputError("--fake", url, "is not a URL", "write http://127.0.0.1:PORT", code="invalid-form")
    try:
        with urlopen(f"{url.rstrip('/')}/_fakes/access", timeout=_ANSWER_WITHIN) as answer:  # noqa: S310 - checked above
            return json_in(answer.read().decode("utf-8"), "--fake", url)
    except (URLError, TimeoutError, UnicodeDecodeError) as error:
        fix = "start one with `python -m alicloud_fakes serve` and give the URL it prints"
        raise InvalidInputError(
            "--fake", url, f"does not answer as a fake cloud ({error})", fix, code="no-answer"
        ) from error


def document_in_file(path: str, kind: DocumentKind, field: str) -> Document:
    """The policy document in a file.

    Raises:
        InvalidInputError: the file cannot be read.
        InvalidDocumentError: it is not a valid document of that kind.
    """
    return parse(read_text(path, field), kind).valid(path, field)


def check_document(path: str, kind: DocumentKind) -> Parsed:
    """Everything found in the policy document in a file.

    Raises:
        InvalidInputError: the file cannot be read.
    """
    return review(read_text(path, "FILE"), kind)


def read_pairs(given: Iterable[str], field: str, form: str) -> dict[str, str]:
    """Options of the form NAME=VALUE.

    Raises:
        InvalidInputError: one has no equals sign, or no name.
    """
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InvalidInputError(field, text, "has another form", f"write {form}", code="invalid-form")
        pairs[name] = value
    return pairs


def read_context(given: Iterable[str], absent: Iterable[str]) -> Mapping[str, ContextValue]:
    """Condition keys and their values; a key given twice has both values, an absent one has none.

    Raises:
        InvalidInputError: one has no equals sign, or is given and absent.
    """
    values: dict[str, tuple[str, ...]] = {}
    for text in given:
        ((key, value),) = read_pairs([text], "--given", "KEY=VALUE").items()
        values[key] = (*values.get(key, ()), value)
    context: dict[str, ContextValue] = {k: v[0] if len(v) == 1 else v for k, v in values.items()}
    for key in absent:
        if key in context:
            raise InvalidInputError(
                "--absent", key, "is named by --given as well", "keep one of the two options", code="conflicting-values"
            )
        context[key] = ()
    return context

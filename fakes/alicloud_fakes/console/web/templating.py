"""Templates. Everything is escaped, and visible; a template that wants a value which is not there fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from alicloud_fakes.console.web.feed import sides, statement_title
from ram_policies.visible import visible

HERE = Path(__file__).parent


class Views:
    """The templates of the console."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            finalize=_visible,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(moment=moment, clock=time_of_day, pretty=pretty, safe_svg=safe_svg)
        self._shared: dict[str, Any] = {"sides": sides, "statement_title": statement_title}

    def render(self, template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
        """The text of a template."""
        return self._environment.get_template(template).render({**self._shared, **values})


def _visible(value: object) -> object:
    """Text from outside; what the templates make themselves is `Markup`."""
    return visible(value) if type(value) is str else value


def moment(seconds: float) -> str:
    """A time for people: ``2026-11-26 20:39:26``, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def time_of_day(seconds: float) -> str:
    """The time of day: ``20:39:26``, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def pretty(value: object) -> str:
    """JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def safe_svg(text: str) -> Markup:
    """A drawing that this program made; it holds numbers, and no text from outside."""
    return Markup(text)  # noqa: S704 - see above

"""The page of `access picture` in a real Chromium, for 1,000 operators of one account and 100 roles of another.

The model is that of bench/access_model.py, drawn as a preview that puts each hundredth operator into a second team. It
measures what a reader waits for: from the start of loading until the first paint, and until the graph is painted; and
from a filter's input until graph and table are updated and painted. It also measures how long it takes to make the
page, and how long the page's main thread works for a filter (`…_cpu_…`), which other work on the machine does not
change.

The page is loaded several times, and each load sets each filter once. Other work on the machine can only add to a time,
so the result has the worst time of all, and the worst filter by the best time of each (`…_quiet`).

    python bench/access_picture.py

The last line is one JSON object, in milliseconds (`page_made_s` in seconds). Needs Chromium (see tests/browser).
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from access_model import build
from playwright.sync_api import CDPSession, Playwright, sync_playwright

from ram_policies.access.model import AccessModel
from ram_policies.picture import html_page, picture_of

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/browser"))

from quiet_chromium import arguments, find_chromium

FILTERS = [
    ("#person", "operator-7"), ("#role", "role-42"), ("#action", "ecs:operation31"), ("#resource", "acs:ecs:"),
    ("#person", "team-3"), ("#person", "o"),
]  # fmt: skip
LAST = "performance.getEntriesByName('{}').at(-1).duration"


RUNS = 7
READING = 500  # milliseconds from the drawn graph to the first filter


@dataclass
class Run:
    """Milliseconds of one load: until the first paint, until the graph is there, and of each filter."""

    first: float
    drawn: float
    updates: list[float] = field(default_factory=list[float])
    paints: list[float] = field(default_factory=list[float])
    work: list[float] = field(default_factory=list[float])


def before_the_change(model: AccessModel) -> AccessModel:
    owner, delegate = model.accounts
    users = tuple(
        replace(user, groups=user.groups[:1]) if n % 100 == 0 else user for n, user in enumerate(delegate.users)
    )
    return AccessModel((owner, replace(delegate, users=users)))


def worked(counters: CDPSession) -> float:
    """Processor time of the page's main thread, in seconds."""
    metrics = counters.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def main() -> None:
    model = build(random.Random(1))
    start = time.perf_counter()
    text = html_page(picture_of(before_the_change(model), model))
    made = time.perf_counter() - start
    path = Path(tempfile.mkdtemp()) / "picture.html"
    path.write_text(text, "utf-8")
    with sync_playwright() as playwright:
        runs = [measured(playwright, path.as_uri()) for _ in range(RUNS)]
    print(json.dumps({"page_made_s": round(made, 2), "page_kB": len(text) // 1000} | summary(runs)))


def measured(playwright: Playwright, address: str) -> Run:
    """Load the page in a browser of its own, and set each filter once."""
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments())
    tab = browser.new_page(viewport={"width": 1400, "height": 900})
    tab.goto(address)
    tab.wait_for_function("performance.getEntriesByName('drawn').length")
    tab.wait_for_timeout(READING)
    found = Run(
        tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
        tab.evaluate("performance.getEntriesByName('drawn')[0].startTime"),
    )
    counters = tab.context.new_cdp_session(tab)
    counters.send("Performance.enable", {"timeDomain": "threadTicks"})
    for filtered, value in FILTERS:
        for typed in (value, ""):
            seen = tab.evaluate("performance.getEntriesByName('painted').length")
            before = worked(counters)
            tab.fill(filtered, typed)
            tab.wait_for_function("n => performance.getEntriesByName('painted').length > n", arg=seen)
            found.work.append(1000 * (worked(counters) - before))
            found.updates.append(tab.evaluate(LAST.format("update")))
            found.paints.append(tab.evaluate(LAST.format("painted")))
    browser.close()
    return found


def summary(runs: list[Run]) -> dict[str, int]:
    """Figures of all runs. In each run a filter is set, then cleared, before the next one is set."""
    numbers: dict[str, float] = {
        "first_paint": statistics.median(run.first for run in runs),
        "graph_drawn": statistics.median(run.drawn for run in runs),
    }
    for name, lists in (
        ("updated", [run.updates for run in runs]), ("painted", [run.paints for run in runs]),
        ("cpu", [run.work for run in runs]),
    ):  # fmt: skip
        for what, start in (("filter", 0), ("all_again", 1)):
            some = [times[start::2] for times in lists]
            numbers[f"{what}_{name}_median"] = statistics.median(time for times in some for time in times)
            numbers[f"{what}_{name}_worst"] = max(time for times in some for time in times)
            numbers[f"{what}_{name}_worst_quiet"] = max(map(min, zip(*some, strict=True)))
    return {name: round(number) for name, number in numbers.items()}


if __name__ == "__main__":
    main()

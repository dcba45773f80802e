"""The page of `access picture` in a real Chromium, for 1,000 operators of one account and 100 roles of another.

The model is that of bench/access_model.py, drawn as a preview that puts each hundredth operator into a second team.
Measured is what a reader waits for: from the start of loading until something, and the graph, is painted; and from a
filter's input until graph and table are updated, and painted. Also how long it takes to make the page, and how long the
page's main thread works for a filter until it has painted (`…_cpu_…`), which other work on the machine does not change.

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
from dataclasses import replace
from pathlib import Path

from access_model import build
from playwright.sync_api import CDPSession, sync_playwright

from ram_policies.access.model import AccessModel
from ram_policies.picture import page, picture_of

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/browser"))

from quiet_chromium import arguments, find_chromium

FILTERS = [
    ("#person", "operator-7"), ("#role", "role-42"), ("#action", "ecs:operation31"), ("#resource", "acs:ecs:"),
    ("#person", "team-3"), ("#person", "o"),
]  # fmt: skip
LAST = "performance.getEntriesByName('{}').at(-1).duration"


def before_the_change(model: AccessModel) -> AccessModel:
    owner, delegate = model.accounts
    users = tuple(
        replace(user, groups=user.groups[:1]) if n % 100 == 0 else user for n, user in enumerate(delegate.users)
    )
    return AccessModel((owner, replace(delegate, users=users)))


def worked(counters: CDPSession) -> float:
    """Seconds that the main thread of the page has worked."""
    metrics = counters.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def main() -> None:
    model = build(random.Random(1))
    start = time.perf_counter()
    text = page(picture_of(before_the_change(model), model))
    made = time.perf_counter() - start
    path = Path(tempfile.mkdtemp()) / "picture.html"
    path.write_text(text, "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments())
        tab = browser.new_page(viewport={"width": 1400, "height": 900})
        tab.goto(path.as_uri())
        tab.wait_for_function("performance.getEntriesByName('drawn').length")
        first = tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        drawn = tab.evaluate("performance.getEntriesByName('drawn')[0].startTime")
        counters = tab.context.new_cdp_session(tab)
        counters.send("Performance.enable", {"timeDomain": "threadTicks"})
        updates, paints, work = [], [], []
        for field, value in FILTERS:
            for typed in (value, ""):
                seen = tab.evaluate("performance.getEntriesByName('painted').length")
                before = worked(counters)
                tab.fill(field, typed)
                tab.wait_for_function("n => performance.getEntriesByName('painted').length > n", arg=seen)
                work.append(1000 * (worked(counters) - before))
                updates.append(tab.evaluate(LAST.format("update")))
                paints.append(tab.evaluate(LAST.format("painted")))
        browser.close()
    print(
        json.dumps(
            {
                "page_made_s": round(made, 2), "page_kB": len(text) // 1000, "first_paint": round(first),
                "graph_drawn": round(drawn), "filter_median": round(statistics.median(updates[::2])),
                "filter_worst": round(max(updates[::2])), "all_again_worst": round(max(updates[1::2])),
                "filter_painted_median": round(statistics.median(paints[::2])),
                "filter_painted_worst": round(max(paints[::2])), "all_again_painted_worst": round(max(paints[1::2])),
                "filter_cpu_median": round(statistics.median(work[::2])), "filter_cpu_worst": round(max(work)),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()

"""What a long timeline costs its reader: `python bench/bench_timeline_page.py [--rounds N]`.

The time of the page's own thread on the processor: of opening `timeline.html`, and of one frame of scrolling it, for
2,000 and for 20,000 events in turn. Ten times the events may cost ten times the opening, and no more a frame.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from common import figures, launch_options, load
from playwright.sync_api import Page, sync_playwright

from duologue.report.render import render
from tests.harness.report.samples import NOBODY, many_events

COUNTS = (2_000, 20_000)
FRAMES = 60
AIM_OPENED_S, AIM_FRAME_S = 2.0, 1 / 60
SCROLL = """frames => new Promise(resolve => {
    const step = left => left ? (scrollBy(0, 900), requestAnimationFrame(() => step(left - 1))) : resolve();
    requestAnimationFrame(() => step(frames));
})"""


def clock_of(page: Page) -> Callable[[], float]:
    """Seconds that the page's thread has run; Chromium alone tells them."""
    session: Any = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy_s() -> float:
        metrics = {it["name"]: it["value"] for it in session.send("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"])

    return busy_s


def main() -> None:
    """Measure both lengths in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    opened: dict[int, list[float]] = {count: [] for count in COUNTS}
    frame: dict[int, list[float]] = {count: [] for count in COUNTS}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(playwright, "chromium"))
        files = {count: Path(folder) / f"{count}.html" for count in COUNTS}
        for count, file in files.items():
            file.write_text(render(many_events(count), NOBODY), encoding="utf-8")
        for _ in range(rounds):
            for count, file in files.items():
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                busy_s = clock_of(page)
                begin = busy_s()
                page.goto(file.as_uri())
                page.locator(".event").first.wait_for()
                opened[count].append((there := busy_s()) - begin)
                page.evaluate(SCROLL, FRAMES)
                frame[count].append((busy_s() - there) / FRAMES)
                page.close()
    print(load())
    for name, times, aim in (("opening", opened, AIM_OPENED_S), ("a frame", frame, AIM_FRAME_S)):
        for count in COUNTS:
            print(f"{name:8} {count:6} events  {figures(times[count])}")
        few, many = (median(times[count]) for count in COUNTS)
        print(f"{name:8} ten times the events: {many / few:.1f} times as long   aim for {COUNTS[-1]}: {aim:.3f} s")


if __name__ == "__main__":
    main()

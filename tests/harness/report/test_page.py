"""timeline.html in a browser: whole, quick, harmless, and usable without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from duologue.diagnosis import Finding
from duologue.report import Story
from duologue.report.render import lanes, render
from duologue.timeline import Event
from tests.harness.report.samples import FINDING, LOST, NOBODY, event, journey, kept, many_events, story, view

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccfc0f01f0005050102"
    "5fc8f1d20000000049454e44ae426082"
)
OpenStory = Callable[[Story], Page]


@pytest.fixture
def trouble() -> list[str]:
    """What the page asked for, and its errors; there may be none."""
    return []


@pytest.fixture
def open_story(new_context: Callable[..., BrowserContext], tmp_path: Path, trouble: list[str]) -> Iterator[OpenStory]:
    """Shows a story in a page that must not ask for anything, nor have an error."""
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on(
        "request",
        lambda request: trouble.append(request.url) if not request.url.startswith(("file:", "data:")) else None,
    )

    def open_(it: Story) -> Page:
        file = tmp_path / "timeline.html"
        file.write_bytes(render(it, NOBODY).encode("utf-8", "backslashreplace"))
        page.goto(file.as_uri())
        return page

    yield open_
    assert [it for it in trouble if not it.startswith(("file:", "data:"))] == []


def shown(page: Page) -> list[str]:
    """The entries that have an element now, from the top."""
    texts: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.event')].sort(
            (one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top
        ).map(it => it.querySelector('.text').textContent)"""
    )
    return texts


def test_people_stand_left_and_right_of_the_services() -> None:
    sources = ["user2", "backend", "user1", "user1/tab2", "user3", "db"]

    columns = lanes(kept(*[event(0, source, "x") for source in sources], event(1, "harness", "action")))

    assert [lane["name"] for lane in columns] == ["user1", "user1/tab2", "backend", "db", "user2", "user3"]


def test_what_the_test_broke_stands_in_a_lane_of_its_own_beside_the_services() -> None:
    user1, backend, user2 = event(0, "user1", "x"), event(0, "backend", "x"), event(0, "user2", "x")
    fault = Event(1, "faults", "action", "cuts user2's link", {}, "user2")

    columns = lanes(kept(user1, backend, user2, fault))

    assert [lane["name"] for lane in columns] == ["user1", "backend", "faults", "user2"]


def test_it_tells_the_cause_the_journey_and_where_the_message_was_lost(open_story: OpenStory) -> None:
    page = open_story(story(screenshots={"user1": PIXEL, "user2": PIXEL}, command="python -m pytest 'x'"))

    expect(page.locator(".finding")).to_contain_text("not-notified")
    expect(page.locator(".finding")).to_contain_text("To do  tell the manager")
    expect(page.locator(".failure pre")).to_have_text("it did not come")
    expect(page.locator(".journey .total")).to_have_text("lost at notified")
    expect(page.locator(".event.g-lost")).to_contain_text("never notified: hello → user2")
    expect(page.locator(".head")).to_have_text(["user1", "backend", "user2"])
    expect(page.locator("figcaption")).to_have_text(["user1 at the failure", "user2 at the failure"])
    expect(page.locator(".again pre")).to_have_text("python -m pytest 'x'")
    expect(page.locator(".break")).to_contain_text("2.00 s later")


def test_the_likeliest_cause_is_open_and_the_others_wait_in_a_line_each(open_story: OpenStory) -> None:
    other = Finding("machine-starved", "environment", "machine", "too much to do", "less beside it", 30, sure="alone")
    page = open_story(story(journeys=(LOST,), findings=(FINDING, other)))

    expect(page.locator(".finding .why").first).to_be_visible()
    expect(page.locator(".finding.lesser .why")).to_be_hidden()
    page.locator(".finding.lesser summary").click()
    expect(page.locator(".finding.lesser")).to_contain_text("To be sure  alone")


def test_the_missing_hop_is_one_key_or_click_away(open_story: OpenStory) -> None:
    page = open_story(story())

    page.keyboard.press("l")
    expect(page.locator(".chosen")).to_contain_text("never notified")
    page.keyboard.press("g")
    page.get_by_role("button", name="notified", exact=True).click()
    expect(page.locator(".chosen")).to_contain_text("never notified")


def test_a_hop_that_nobody_saw_is_missed_in_the_service_that_tells_the_most(open_story: OpenStory) -> None:
    quiet, talkative = event(5, "frontend", "log", "GET /"), [event(6 + n, "zebra", "log", f"{n}") for n in range(3)]
    lost = journey("hello", ("typed", "user1", 1), missing=("notified", "server"))
    page = open_story(
        story(event(0, "user1", "action", "sends"), quiet, *talkative, event(20, "user2", "x"), journeys=(lost,))
    )

    left = "selector => document.querySelector(selector).getBoundingClientRect().left"
    head = page.locator(".head", has_text="zebra").bounding_box()
    assert head is not None
    assert abs(page.evaluate(left, ".g-lost") - head["x"]) < 30


def test_what_came_long_before_the_message_is_folded(open_story: OpenStory) -> None:
    earlier = [event(n, "user1", "console", f"line {n}", level="log", args=[]) for n in range(40)]
    lost = journey("hello", ("typed", "user1", 1000), missing=("requested", "user1"))
    page = open_story(story(*earlier, event(1000, "user1", "action", "sends 'hello'"), journeys=(lost,), findings=()))

    expect(page.locator("#count")).to_have_text("1 of 41")
    page.get_by_role("button", name="40 earlier events").click()
    expect(page.locator("#count")).to_have_text("41 events")
    expect(page.locator("#earlier")).to_be_hidden()


def test_a_window_can_be_looked_at_larger(open_story: OpenStory) -> None:
    page = open_story(story(screenshots={"user1": PIXEL}))

    page.get_by_role("button", name="user1's window, larger").click()

    expect(page.get_by_role("dialog").get_by_role("img", name="The window of user1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_lower_entry_is_a_later_one_and_none_of_a_lane_covers_another(open_story: OpenStory) -> None:
    page = open_story(story())

    boxes: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll('.event')].map(it => ({
            index: Number(it.dataset.index), ...it.getBoundingClientRect().toJSON()}))"""
    )
    boxes.sort(key=lambda box: box["index"])
    assert [box["top"] for box in boxes] == sorted(box["top"] for box in boxes)
    for lane in {box["left"] for box in boxes}:
        column = [box for box in boxes if box["left"] == lane]
        assert all(upper["bottom"] <= lower["top"] for upper, lower in pairwise(column))


def test_a_message_that_passed_is_told_with_its_latency(open_story: OpenStory) -> None:
    way = journey("hi", ("typed", "user1", 1), ("requested", "user1", 40), ("frame", "user2", 50))

    page = open_story(story(outcome="passed", failure="", journeys=(way,), findings=()))

    expect(page.locator(".verdict")).to_have_text("passed")
    expect(page.locator(".journey .took")).to_have_text(["+39 ms", "+10 ms"])
    expect(page.locator(".journey .total")).to_have_text("49 ms")
    expect(page.locator(".failure")).to_have_count(0)


@pytest.mark.parametrize(
    "markup",
    [
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<!--<script>",
        "]]><svg onload=alert(1)>",
        "{{ 7 * 7 }}",
        "\u2028\u0000\ud83d",
    ],
)
def test_markup_in_whatever_was_seen_is_text(open_story: OpenStory, markup: str) -> None:
    page = open_story(
        story(
            event(0, "user1", "console", markup, level="log", args=[markup]),
            view(1, "user2", "chats", markup),
            test=markup.replace("\ud83d", ""),
            failure=markup.replace("\ud83d", ""),
            journeys=(journey(markup, ("typed", "user1", 0)),),
        )
    )

    assert page.evaluate("document.querySelectorAll('script').length") == 2
    assert page.evaluate("document.images.length") == 0
    shown = markup.replace("\ud83d", "").replace("\0", "")  # half a character, and one that no page can hold
    for place in (".failure pre", ".event .text"):
        assert shown in page.locator(place).first.evaluate("it => it.textContent").replace("\ufffd", "")
    expect(page.locator(".event")).to_have_count(2)
    page.locator(".event").first.click()
    expect(page.locator("#detail-data")).to_contain_text("args")


def test_even_a_script_that_came_in_would_not_run(open_story: OpenStory, trouble: list[str]) -> None:
    page = open_story(story())

    done = page.evaluate(
        """() => new Promise(resolve => {
            document.addEventListener('securitypolicyviolation', it => resolve(it.violatedDirective), {once: true});
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.body.append(script);
            setTimeout(() => resolve('nothing was refused'), 2000);
        })""",
    )
    assert done.startswith("script-src")
    assert page.evaluate("window.ran") is None
    trouble.clear()  # the browser says that it refused


def test_the_filter_looks_into_texts_and_data_and_the_chips_hide_kinds(open_story: OpenStory) -> None:
    page = open_story(story())

    page.keyboard.press("/")
    page.keyboard.type("new_message")
    assert [text for text in shown(page) if "never" not in text] == ['{"type":"new_message","text":"hello"}']
    expect(page.locator("#count")).to_have_text("1 of 8")

    page.keyboard.press("Escape")
    expect(page.locator("#count")).to_have_text("8 events")
    page.get_by_role("button", name="log").click()
    expect(page.locator("#count")).to_have_text("7 of 8")
    page.keyboard.press("/")
    page.keyboard.type("no such thing")
    expect(page.locator("#nothing")).to_be_visible()


def test_the_keys_go_through_the_events(open_story: OpenStory) -> None:
    page = open_story(story(journeys=(), findings=()))

    page.keyboard.press("g")
    expect(page.locator(".chosen")).to_contain_text("makes a chat")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".chosen")).to_contain_text("POST /api/chats/7/messages")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#detail-text")).to_have_text("sends 'hello' to chat 7")
    page.keyboard.press("e")
    expect(page.locator("#detail-text")).to_have_text("TypeError: x is undefined")
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next and previous error")


def test_more_room_for_time_moves_events_apart(open_story: OpenStory) -> None:
    page = open_story(story())
    height = "document.getElementById('timeline').offsetHeight"
    usual = page.evaluate(height)

    page.keyboard.press("+")
    page.keyboard.press("+")
    assert page.evaluate(height) > usual

    page.keyboard.press("0")
    assert page.evaluate(height) == usual


def test_evidence_that_the_diagnosis_cites_is_one_click_away(open_story: OpenStory) -> None:
    page = open_story(story())

    page.locator(".cited button").click()

    expect(page.locator(".chosen")).to_contain_text("INFO: stored")


def test_a_test_that_saw_nothing_has_a_page_too(open_story: OpenStory) -> None:
    page = open_story(Story("t", "failed", "no browser", ()))

    expect(page.locator(".failure pre")).to_have_text("no browser")


def test_20_000_events_are_all_there_and_few_of_them_at_a_time(open_story: OpenStory) -> None:
    page = open_story(many_events(20_000))

    expect(page.locator("#count")).to_have_text("20000 events")
    assert 0 < page.locator(".event").count() < 400
    page.keyboard.press("G")
    expect(page.locator(".chosen")).to_contain_text("line 19999")

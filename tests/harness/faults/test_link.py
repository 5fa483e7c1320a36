"""Each fault of a link is real: what the page and the server see of it, on every engine."""

from __future__ import annotations

import contextlib
import gc
import socket
import statistics
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from duologue.errors import UsageError
from duologue.faults import LANE, Link
from duologue.faults.proxy import HOST, Proxy
from duologue.timeline import Event, Timeline
from tests.harness.faults.conftest import Echo

SOON_S = 10.0
# Long enough for whatever is on its way on a busy machine; what was let through would be here in a millisecond.
A_WHILE_MS = 300
OPEN = """port => new Promise((resolve, reject) => {
    window.ws = new WebSocket(`ws://127.0.0.1:${port}/`);
    ws.onopen = resolve;
    ws.onerror = reject;
})"""
# Sends a frame, and returns after how many milliseconds its echo came.
ECHO = """text => new Promise(resolve => {
    const start = performance.now();
    ws.onmessage = ({data}) => data === text && resolve(performance.now() - start);
    ws.send(text);
})"""
FETCH = """async path => {
    const start = performance.now();
    const answer = await fetch(path);
    const reader = answer.body.getReader();
    let bytes = 0;
    try {
        for (;;) {
            const {done, value} = await reader.read();
            if (done) return {bytes, ms: performance.now() - start, whole: true};
            bytes += value.length;
        }
    } catch {
        return {bytes, ms: performance.now() - start, whole: false};
    }
}"""


@pytest.fixture
def wait_for(timeline: Timeline) -> Callable[..., Event]:
    """`wait_for("ws_closed")`: the event, as soon as it is there."""

    def wait(kind: str) -> Event:
        event = timeline.wait_for(lambda: next(iter(timeline.find(kind=kind)), None), SOON_S)
        assert event, f"no {kind} within {SOON_S:g} s"
        return event

    return wait


def closes(timeline: Timeline) -> list[Event]:
    """What the page saw end."""
    return timeline.find(kind="ws_closed")


def echo_ms(page: Page, text: str = "hello") -> float:
    """How long a frame takes there and back."""
    return page.evaluate(ECHO, text)


def a_while(page: Page) -> None:
    """Time passes in the page, its events included."""
    page.evaluate("ms => new Promise(resolve => setTimeout(resolve, ms))", A_WHILE_MS)


def test_the_browsers_offline_mode_leaves_an_open_socket_alive_and_a_cut_does_not(
    page: Page, link: Link, echo: Echo, timeline: Timeline, wait_for: Callable[..., Event]
) -> None:
    page.evaluate(OPEN, echo.port)
    page.context.set_offline(True)
    a_while(page)
    assert not closes(timeline)
    assert page.evaluate("ws.readyState") == 1
    page.context.set_offline(False)
    assert echo_ms(page)

    cut = timeline.cursor()
    link.cut()

    closed = wait_for("ws_closed")
    assert closed.data["code"] == 1006
    assert closed.at - cut.at < 1
    assert echo.closed.wait(SOON_S)
    assert echo.code == 1006


def test_nothing_can_be_dialled_over_a_cut_link_until_it_is_restored(page: Page, link: Link, echo: Echo) -> None:
    link.cut()
    with pytest.raises(Error):
        page.evaluate(OPEN, echo.port)
    with pytest.raises(Error):
        page.evaluate(FETCH, "/bytes/10")

    link.restore()

    page.evaluate(OPEN, echo.port)
    assert page.evaluate(FETCH, "/bytes/10")["whole"]


def test_a_cut_of_requests_leaves_sockets_alone_and_the_other_way_round(
    page: Page, link: Link, echo: Echo, wait_for: Callable[..., Event]
) -> None:
    page.evaluate(OPEN, echo.port)

    link.cut(of="requests")
    assert echo_ms(page)
    with pytest.raises(Error):
        page.evaluate(FETCH, "/bytes/10")

    link.restore()
    link.cut(of="sockets")
    assert page.evaluate(FETCH, "/bytes/10")["whole"]
    assert wait_for("ws_closed").data["code"] == 1006


def test_after_a_cut_upwards_the_server_knows_and_the_page_does_not(
    page: Page, link: Link, echo: Echo, timeline: Timeline, wait_for: Callable[..., Event]
) -> None:
    page.evaluate(OPEN, echo.port)

    link.cut(way="up")
    assert echo.closed.wait(SOON_S)
    a_while(page)
    assert not closes(timeline)
    assert page.evaluate("ws.readyState") == 1

    link.restore()
    assert wait_for("ws_closed").data["code"] == 1006


def test_after_a_cut_downwards_the_page_knows_and_the_server_does_not(
    page: Page, link: Link, echo: Echo, wait_for: Callable[..., Event]
) -> None:
    page.evaluate(OPEN, echo.port)

    link.cut(way="down")
    assert wait_for("ws_closed").data["code"] == 1006
    assert not echo.closed.wait(A_WHILE_MS / 1000)

    link.restore()
    assert echo.closed.wait(SOON_S)


@pytest.mark.parametrize("way", ["up", "down", "both"])
def test_a_stalled_link_is_silent_and_tells_nobody_and_goes_on_where_it_was(
    page: Page, link: Link, echo: Echo, timeline: Timeline, way: Any, wait_for: Callable[..., Event]
) -> None:
    page.evaluate(OPEN, echo.port)

    link.stall(way=way)
    page.evaluate("ws.send('held up')")
    a_while(page)
    assert not timeline.find(kind="ws_received")
    assert not closes(timeline)
    assert page.evaluate("ws.readyState") == 1
    assert not echo.closed.is_set()
    assert echo.got == (["held up"] if way == "down" else [])

    link.restore()
    assert wait_for("ws_received").text == "held up"
    assert not closes(timeline)


def test_a_server_that_ends_behind_a_stalled_link_ends_unseen(
    page: Page, link: Link, echo: Echo, timeline: Timeline, wait_for: Callable[..., Event]
) -> None:
    page.evaluate(OPEN, echo.port)
    link.stall()

    echo.server.shutdown()
    a_while(page)
    assert not closes(timeline)

    link.restore()
    assert wait_for("ws_closed")


def test_a_delay_is_that_of_the_frames(page: Page, link: Link, echo: Echo) -> None:
    page.evaluate(OPEN, echo.port)
    undelayed = statistics.median(echo_ms(page, f"quick {number}") for number in range(5))

    link.delay(150)
    both = [echo_ms(page, f"slow {number}") for number in range(3)]
    link.restore()
    link.delay(150, way="down")
    one = [echo_ms(page, f"half as slow {number}") for number in range(3)]

    assert undelayed < 150
    assert min(both) >= 295
    assert 145 <= min(one) < 295


def test_a_delay_keeps_the_order_and_does_not_add_up(page: Page, link: Link, echo: Echo, timeline: Timeline) -> None:
    page.evaluate(OPEN, echo.port)
    link.delay(100, jitter_ms=80)

    page.evaluate("for (let n = 0; n < 30; n += 1) ws.send(`frame ${n}`)")

    received = timeline.wait_for(
        lambda: found if len(found := timeline.find(kind="ws_received")) == 30 else None, SOON_S
    )
    assert received
    assert [event.text for event in received] == [f"frame {number}" for number in range(30)]
    sent = timeline.find(kind="ws_sent")
    assert received[-1].at - sent[0].at < 2


def test_a_throttled_link_takes_its_time_for_each_byte(page: Page, link: Link) -> None:
    link.throttle(200_000, way="down")
    slow = page.evaluate(FETCH, "/bytes/100000")
    link.throttle(100_000, way="down")
    slower = page.evaluate(FETCH, "/bytes/100000")

    assert 450 <= slow["ms"] < slower["ms"]
    assert slower["ms"] >= 950
    assert slow["bytes"] == slower["bytes"] == 100_000


def test_a_link_that_drops_after_so_many_bytes_ends_in_the_middle(page: Page, link: Link, timeline: Timeline) -> None:
    link.drop_after(50_000, way="down")

    answer = page.evaluate(FETCH, "/bytes/100000")

    assert not answer["whole"]
    assert answer["bytes"] < 50_000
    assert "cuts ann's link after 50000 bytes" in [event.text for event in timeline if event.lane == LANE]
    with pytest.raises(Error):
        page.evaluate(FETCH, "/bytes/10")
    link.restore()
    assert page.evaluate(FETCH, "/bytes/100000")["whole"]


def test_an_answer_that_is_lost_was_acted_on(page: Page, link: Link, posts: tuple[str, list[str]]) -> None:
    address, got = posts
    post = "address => fetch(address, {method: 'POST', body: 'x'}).then(() => 'answered', () => 'lost')"
    link.lose_answers(2)  # a browser may repeat a request by itself

    assert page.evaluate(post, address) == "lost"
    assert got
    link.restore()
    assert page.evaluate(post, address) == "answered"


def test_a_request_that_was_held_up_and_then_cut_never_comes(
    page: Page, link: Link, posts: tuple[str, list[str]], wait_for: Callable[..., Event]
) -> None:
    address, got = posts
    post = "address => { fetch(address, {method: 'POST', body: 'x'}).catch(() => {}); }"
    link.stall(of="requests")
    page.evaluate(post, f"{address}cut")
    wait_for("request")
    a_while(page)

    link.cut(of="requests")
    wait_for("request_failed")
    link.restore()

    page.evaluate(post, f"{address}later")
    wait_for("response")
    assert got == ["/later"]


def test_a_request_goes_up_while_answers_are_held_up_and_is_answered_afterwards(
    page: Page, link: Link, posts: tuple[str, list[str]], timeline: Timeline, wait_for: Callable[..., Event]
) -> None:
    address, got = posts
    link.stall(of="requests", way="down")

    page.evaluate("address => { fetch(address, {method: 'POST', body: 'x'}).catch(() => {}); }", address)
    a_while(page)
    assert got == ["/"]
    assert not timeline.find(kind="response")

    link.restore()
    wait_for("response")
    assert got == ["/"]


def test_what_was_done_to_a_link_stands_on_the_timeline(link: Link, timeline: Timeline) -> None:
    link.cut(way="up")
    link.stall(of="sockets")
    link.restore()

    told = [(event.text, event.source, event.data["undoes"]) for event in timeline if event.lane == LANE]
    assert told == [
        ("cuts ann's link (up)", "ann", False),
        ("stalls ann's link (sockets)", "ann", False),
        ("restores ann's link", "ann", True),
    ]


def test_a_connection_that_comes_while_the_link_ends_is_left_with_nobody(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(30):
        proxy = Proxy()
        # The proxy's own thread accepts them when it is done with this, which is when it is told to end.
        comers: list[socket.socket] = []
        proxy.run(
            lambda to=proxy, come=comers: come.extend(socket.create_connection((HOST, to.port)) for _ in range(5))
        )
        proxy.close()
        for comer in comers:
            comer.settimeout(5)
            with comer, contextlib.suppress(ConnectionResetError):
                assert comer.recv(1) == b""
    gc.collect()
    assert not caplog.records, "a task of the proxy was never ended"


def test_a_link_cannot_be_throttled_to_nothing(link: Link) -> None:
    with pytest.raises(UsageError, match="stall"):
        link.throttle(0)

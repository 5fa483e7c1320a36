"""Another place: times are shown in the zone and the language of whoever looks."""

from __future__ import annotations

import sys
import time

import pytest
from playwright.sync_api import expect as in_page

from duologue import expect
from duologue.faults import Services
from duologue.people import Cast, Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S

pytestmark = pytest.mark.e2e

DAY_S = 24 * 3600

# The time a message shows, and those of the minute in which it was sent, in epoch seconds, and of the next.
SHOWN_TIME = """sent => {
    const format = new Intl.DateTimeFormat(undefined, {timeStyle: 'short'});
    const shown = document.querySelector('[data-testid="message"] time').textContent.trim();
    return [shown, [0, 60].map(later => format.format((sent + later) * 1000))];
}"""


# In seconds since 1970: noon of the next day on which the clocks of the browser's zone are changed.
NOON_OF_CHANGE = """() => {
    const noon = new Date(new Date().setHours(12, 0, 0, 0));
    let before;
    do {
        before = noon.getTimezoneOffset();
        noon.setDate(noon.getDate() + 1);
    } while (noon.getTimezoneOffset() === before);
    return noon / 1000;
}"""


@pytest.mark.parametrize(
    ("zone", "language"),
    [
        ("Asia/Tokyo", "en-GB"),
        ("America/Los_Angeles", "en-US"),
        ("Pacific/Auckland", "de-DE"),
        # An hour behind UTC it is the same day there nearly always, and was not yet when that began.
        ("Atlantic/Cape_Verde", "pt-PT"),
    ],
)
def test_a_time_is_that_of_the_viewers_zone_and_language(
    user1: User, cast: Cast, chats: Chats, zone: str, language: str
) -> None:
    traveller = cast.visitor("traveller", timezone_id=zone, locale=language)
    traveller.sign_in()
    chat = chats.direct(user1, traveller)
    traveller.open_chat(chat)

    message = user1.send(chat, "What time is it there?")

    expect(traveller).to_show(message)
    shown, wanted = traveller.page.evaluate(SHOWN_TIME, message.cursor.at)
    assert shown in wanted
    expect(traveller).to_still_show_sign("day", traveller.app.today_text)
    assert traveller.page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == zone


def test_two_people_in_two_zones_agree_on_the_order(user1: User, cast: Cast, chats: Chats) -> None:
    traveller = cast.visitor("traveller", timezone_id="Pacific/Kiritimati", locale="ja-JP")
    traveller.sign_in()
    chat = chats.direct(user1, traveller)

    user1.send(chat, "Today here")
    traveller.send(chat, "Tomorrow here")
    user1.send(chat, "Still today")

    expect([user1, traveller]).to_agree(chat)


@pytest.mark.skipif(sys.platform != "linux", reason="a service's clock is set off by libfaketime, on Linux alone")
@pytest.mark.own_stack
def test_the_day_before_is_yesterday_also_when_the_clocks_were_changed_on_it(
    cast: Cast, chats: Chats, services: Services
) -> None:
    noon = cast.visitor("calendar", timezone_id="Europe/Berlin").page.evaluate(NOON_OF_CHANGE)
    services.stop("backend")
    services.start("backend", clock_off_s=noon - time.time())
    writer, traveller = cast.visitor("writer"), cast.visitor("traveller", timezone_id="Europe/Berlin")
    writer.sign_in()
    traveller.set_clock(ahead_s=noon + 21 * 3600 - time.time())
    traveller.sign_in()
    chat = chats.direct(writer, traveller)
    message = writer.send(chat, "It is an hour later now, or earlier")
    start = traveller.timeline.cursor()

    traveller.open_chat(chat)

    expect(traveller, since=start).to_show(message)
    expect(traveller, since=start).to_show_sign("day", traveller.app.yesterday_text)


@pytest.mark.skipif(sys.platform != "linux", reason="a service's clock is set off by libfaketime, on Linux alone")
@pytest.mark.own_stack
@pytest.mark.expects_errors("WebSocket", "ERR_", "503", "CORS", "NetworkError")  # while the backend's clock is set
def test_a_day_ends_at_midnight_where_one_is(cast: Cast, chats: Chats, services: Services) -> None:
    midnight = (time.time() // DAY_S + 1) * DAY_S  # in UTC; in New York it is evening

    def set_clock(to: float) -> None:
        services.stop("backend")
        services.start("backend", clock_off_s=to - time.time())

    set_clock(midnight - 120)
    writer, *readers = (
        cast.visitor(name, timezone_id=zone)
        for name, zone in [("writer", "UTC"), ("newyorker", "America/New_York"), ("londoner", "UTC")]
    )
    for user in (writer, *readers):
        user.sign_in()
    group = chats.group(writer, *readers, name="All over the world")
    before = writer.send(group, "Good night")
    expect(writer).to_have_status(before, "sent")

    set_clock(midnight + 120)

    message = writer.send(group, "Good morning")
    expect(writer, timeout_s=RECONNECTS_WITHIN_S).to_have_status(message, "sent")
    for reader, days in zip(readers, (1, 2), strict=True):
        reader.open_chat(group)
        expect(reader, since=before, timeout_s=RECONNECTS_WITHIN_S).to_show_exactly(before, message)
        in_page(reader.page.get_by_test_id("day")).to_have_count(days)


def test_a_time_from_before_the_clocks_were_changed_stays_as_it_was(user1: User, cast: Cast, chats: Chats) -> None:
    traveller = cast.visitor("traveller", timezone_id="Europe/Berlin")
    traveller.set_clock(ahead_s=traveller.page.evaluate(NOON_OF_CHANGE) - time.time())
    traveller.sign_in()
    chat = chats.direct(user1, traveller)
    message = user1.send(chat, "See you after the clocks were changed")

    traveller.open_chat(chat)

    expect(traveller, since=message).to_show(message)
    shown, wanted = traveller.page.evaluate(SHOWN_TIME, message.cursor.at)
    assert shown in wanted, "the time of day at which it was sent, by the clocks of then"

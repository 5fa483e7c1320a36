"""Another place: times are shown in the zone and the language of whoever looks."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.people import Cast, Chats, User

pytestmark = pytest.mark.e2e

# The time a message shows, and those of the last two minutes: it was sent just now.
SHOWN_TIME = """() => {
    const format = new Intl.DateTimeFormat(undefined, {timeStyle: 'short'});
    const shown = document.querySelector('[data-testid="message"] time').textContent.trim();
    return [shown, [0, 1].map(minutes => format.format(Date.now() - minutes * 60_000))];
}"""


@pytest.mark.parametrize(
    ("zone", "language"), [("Asia/Tokyo", "en-GB"), ("America/Los_Angeles", "en-US"), ("Pacific/Auckland", "de-DE")]
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
    shown, wanted = traveller.page.evaluate(SHOWN_TIME)
    assert shown in wanted
    assert traveller.page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == zone


def test_two_people_in_two_zones_agree_on_the_order(user1: User, cast: Cast, chats: Chats) -> None:
    traveller = cast.visitor("traveller", timezone_id="Pacific/Kiritimati", locale="ja-JP")
    traveller.sign_in()
    chat = chats.direct(user1, traveller)

    user1.send(chat, "Today here")
    traveller.send(chat, "Tomorrow here")
    user1.send(chat, "Still today")

    expect([user1, traveller]).to_agree(chat)

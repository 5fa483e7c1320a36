"""People without a browser: what they do over the API and a WebSocket shows in the windows of the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from duologue import expect
from duologue.people import Chats, ProtocolUser, User

pytestmark = pytest.mark.e2e


def test_what_a_program_sends_edits_and_deletes_shows_in_a_window(
    user1: User, chats: Chats, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    bot = protocol_user("bot")
    chat = chats.direct(user1, bot)
    user1.open_chat(chat)
    changed, gone = bot.send(chat, "Build 7 runs"), bot.send(chat, "Ignore this")
    expect(user1, since=changed).to_show_exactly(changed, gone)

    edited = bot.edit(changed, "Build 7 passed")
    bot.delete(gone)

    expect(user1, since=edited).to_show(edited)
    expect(user1, since=edited).to_have_lost_message(gone)
    expect([user1]).to_agree(chat)


def test_what_a_program_reads_is_read_for_its_sender(
    user1: User, user2: User, chats: Chats, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    bot = protocol_user("bot")
    bot.connect()
    chat = chats.direct(user1, bot)
    message = user1.send(chat, "Are you there?")
    expect(bot, since=message).to_receive(message)
    fence = user2.send(chats.direct(user1, user2), "Nobody has read it")
    expect(user1, since=message).never_to_have_status(message, user1.app.read_status, until=fence)

    bot.open_chat(chat)

    expect(user1).to_have_status(message, user1.app.read_status)


def test_a_program_that_is_added_to_a_group_hears_what_is_said_there_from_then_on(
    user1: User, user2: User, chats: Chats, protocol_user: Callable[[str], ProtocolUser]
) -> None:
    bot = protocol_user("bot")
    bot.connect()
    group = chats.group(user1, user2, name="With a bot")
    before = user1.send(group, "Without it")
    expect(user2, since=before).to_have_preview(group, before)

    group = chats.add(group, user1, bot)

    after = user2.send(group, "With it")
    expect(bot, since=after).to_receive(after)
    heard = bot.timeline.find(kind="ws_received", source=bot.window)
    assert str(before) not in [seen.text for event in heard for seen in bot.app.frame_messages(event.text)]
    assert [seen.text for seen in bot.history(group)][-1] == after.text
    expect([user1, user2]).to_agree(group)

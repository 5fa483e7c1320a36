"""Membership: who is taken into a group or out of it hears what is theirs to hear, and nothing else."""

from __future__ import annotations

import pytest

from duologue.expect import expect
from duologue.people import Chats, User
from duologue.suite.outages import RECONNECTS_WITHIN_S, let_load, open_and_load

pytestmark = [pytest.mark.e2e, pytest.mark.promised("groups", "membership")]


@pytest.mark.promised("group_unread=number")
def test_a_member_added_later_gets_what_comes(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Growing")
    before = user1.send(group, "Before you came")
    expect(user2, since=before).to_have_unread(group, 1)
    start = user3.timeline.cursor()

    group = chats.add(group, user1, user3)
    expect(user3, since=start).to_list(group)
    expect(user3, since=start).to_still_have_unread(group, 0)
    message = user1.send(group, "Welcome")

    expect(user3, since=message).to_have_unread(group, 1)


@pytest.mark.promised("removed_chats_vanish", "removal")
def test_a_removed_member_loses_the_chat(user1: User, user2: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Shrinking")
    chats.with_somebody(user2)  # a list that is empty for a moment has lost nothing

    chats.remove(group, user1, user2)

    expect(user2).to_have_lost(group)


@pytest.mark.promised("removed_chats_vanish", "removal")
@pytest.mark.expects_errors(r"\b40[34]\b")  # of a receipt that was under way when its sender was removed
def test_who_was_removed_and_is_taken_in_again_sees_what_is_said(user1: User, user2: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Second thoughts")
    user2.open_chat(group)
    before = user1.send(group, "Before you left")
    expect(user2).to_show(before)
    chats.remove(group, user1, user2)
    expect(user2).to_have_lost(group)
    start = user2.timeline.cursor()

    group = chats.add(group, user1, user2)

    expect(user2, since=start).to_list(group)
    user2.open_chat(group)
    message = user1.send(group, "Welcome back")
    expect(user2, since=message).to_show(message)


@pytest.mark.expects_errors(r"\b40[34]\b")  # of a receipt that was under way when its sender was removed
@pytest.mark.promised("removal")
def test_a_removed_member_sees_nothing_more(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group, other = chats.group(user1, user2, user3, name="Shrinking"), chats.direct(user1, user3)
    user2.open_chat(group)
    user3.open_chat(group)
    last = user1.send(group, "The last you hear")
    expect(user3).to_show(last)

    chats.remove(group, user1, user3)
    secret = user1.send(group, "Without you")

    expect(user2, since=secret).to_show(secret)
    fence = user1.send(other, "How are you?")
    expect(user3, since=secret).never_to_show(str(secret), until=fence)


@pytest.mark.promised("frames", "removal")
def test_a_removed_member_hears_nothing_more(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group, other = chats.group(user1, user2, user3, name="Shrinking"), chats.direct(user1, user3)
    heard = user1.send(group, "The last you hear")
    expect(user3).to_receive(heard)

    chats.remove(group, user1, user3)
    secret = user1.send(group, "Without you")

    expect(user2, since=secret).to_receive(secret)
    fence = user1.send(other, "How are you?")
    expect(user3, since=secret).never_to_receive(str(secret), until=fence)


@pytest.mark.promised("removed_chats_vanish", "history", "stays_signed_in", "removal")
@pytest.mark.expects_errors(r"\b40[34]\b")  # of a receipt that was under way when its sender was removed
def test_who_is_taken_in_again_sees_what_a_reload_shows(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, user3, name="On second thoughts")
    user2.open_chat(group)
    before = user1.send(group, "Before you left")
    expect(user2).to_show(before)
    chats.remove(group, user1, user2)
    expect(user2).to_have_lost(group)
    user1.send(group, "While you were gone")
    start = user2.timeline.cursor()
    group = chats.add(group, user1, user2)
    expect(user2, since=start).to_list(group)
    open_and_load(user2, group)
    back = user1.send(group, "Welcome back")
    expect(user2, since=back).to_show(back)
    live = [message.text for message in user2.messages]

    user2.reload()
    user2.open_chat(group)

    expect(user2, since=user2.loaded_at).to_show_exactly(*live)


@pytest.mark.own_network
@pytest.mark.promised("removed_chats_vanish", "reconnects", "removal")
def test_somebody_removed_while_offline_loses_the_chat(user1: User, user2: User, chats: Chats) -> None:
    group = chats.group(user1, user2, name="Shrinking")
    chats.with_somebody(user2)  # a list that is empty for a moment has lost nothing
    user2.link.cut()

    chats.remove(group, user1, user2)
    user2.link.restore()

    expect(user2, timeout_s=RECONNECTS_WITHIN_S).to_have_lost(group)


@pytest.mark.own_network
@pytest.mark.promised("removed_chats_vanish", "reconnects", "sends_later", "removal")
@pytest.mark.expects_errors(r"\b40[34]\b")
def test_a_message_that_was_refused_holds_up_none_that_follows(user1: User, user2: User, chats: Chats) -> None:
    group, direct = chats.group(user1, user2, name="Now and then"), chats.direct(user1, user2)
    for user in (user1, user2):
        user.open_chat(direct)
    user2.open_chat(group)
    user2.link.cut()
    user2.send(group, "Nobody will read this")
    elsewhere = user2.send(direct, "Am I in?")
    chats.remove(group, user1, user2)
    user2.link.restore()
    expect(user2, timeout_s=RECONNECTS_WITHIN_S).to_have_lost(group)
    expect(user1, since=elsewhere, timeout_s=RECONNECTS_WITHIN_S).to_show(elsewhere)
    user1.open_chat(group)
    start = user2.timeline.cursor()
    group = chats.add(group, user1, user2)
    expect(user2, since=start).to_list(group)

    message = user2.send(group, "I am here again")

    expect(user1, since=message).to_show(message)


@pytest.mark.promised("history", "stays_signed_in", "removal")
def test_what_somebody_said_stays_when_they_are_removed(user1: User, user2: User, user3: User, chats: Chats) -> None:
    group = chats.group(user1, user2, user3, name="Remembered")
    user2.open_chat(group)
    farewell = user3.send(group, "Remember me")
    expect(user2, since=farewell).to_show(farewell)
    chats.remove(group, user1, user3)
    last = user1.send(group, "We shall")
    expect(user2, since=last).to_show(last)
    live = [message.text for message in user2.messages]

    user2.reload()
    user2.open_chat(group)

    expect(user2, since=user2.loaded_at).to_show_exactly(*live)


def test_a_newcomer_is_called_by_name_by_those_who_were_there(
    user1: User, user2: User, user3: User, chats: Chats
) -> None:
    group = chats.group(user1, user2, name="Growing")
    user2.open_chat(group)
    start = user3.timeline.cursor()
    group = chats.add(group, user1, user3)
    expect(user3, since=start).to_list(group)

    message = user3.send(group, "May I come in?")

    expect(user2, since=message).to_show(message)
    name = user3.account.display_name if user2.app.messages.author else ""
    expect(user2, since=message).to_name_author(message, name)


@pytest.mark.own_network
@pytest.mark.promised("removed_chats_vanish", "reconnects", "removal")
def test_somebody_removed_while_offline_misses_nothing_elsewhere(user1: User, user2: User, chats: Chats) -> None:
    chat, group = chats.direct(user1, user2), chats.group(user1, user2, name="Shrinking")
    open_and_load(user2, chat)
    user2.link.cut()
    message = user1.send(chat, "You will be removed")
    let_load(user1)
    chats.remove(group, user1, user2)

    user2.link.restore()

    expect(user2, timeout_s=RECONNECTS_WITHIN_S).to_have_lost(group)
    expect(user2, since=message, timeout_s=RECONNECTS_WITHIN_S).to_show(message)

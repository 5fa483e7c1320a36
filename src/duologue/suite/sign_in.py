"""Signing in and out: by the form, refused, and nothing left for the next one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duologue.expect import expect
from duologue.people import Chats, User

pytestmark = pytest.mark.e2e


@pytest.mark.promised("socket")
def test_somebody_signs_in_by_the_form(visitor: User) -> None:
    visitor.sign_in_by_form()

    expect(visitor).to_have_opened_socket()


@pytest.mark.expects_errors(r"\b40[013]\b")  # products differ in what they call it
def test_a_wrong_password_is_refused_in_words(visitor: User) -> None:
    visitor.account = replace(visitor.account, password="not the password")

    visitor.sign_in_by_form(connects=False)

    assert expect(visitor).to_be_refused()


@pytest.mark.promised("unread=number|dot", "opens_by_itself=False")
def test_messages_arrive_after_signing_in_by_the_form(user1: User, visitor: User, chats: Chats) -> None:
    chat = chats.direct(user1, visitor)
    visitor.sign_in_by_form()

    user1.send(chat, "Welcome")

    expect(visitor).to_mark_as_unread(chat)


@pytest.mark.promised("stays_signed_in", "socket")
def test_a_reload_keeps_somebody_signed_in(user1: User) -> None:
    user1.reload()

    expect(user1, since=user1.loaded_at).to_have_opened_socket()


@pytest.mark.promised("sign_out", "socket")
def test_signing_out_closes_the_socket(user1: User) -> None:
    user1.sign_out()

    expect(user1).to_have_closed_socket()


@pytest.mark.promised("sign_out")
def test_the_next_one_sees_nothing_of_the_last(user1: User, user2: User, chats: Chats) -> None:
    chat, other = chats.direct(user1, user2), chats.with_somebody(user1)
    user1.open_chat(chat)
    secret = user2.send(chat, "Between us")
    expect(user1, since=secret).to_show(secret)
    key_of_the_last = user1.key(other)
    user1.sign_out()

    start = user1.timeline.cursor()
    user1.account = user1.cast.account("next")
    user1.sign_in_by_form()

    welcome = user2.send(chats.direct(user2, user1), "Hello, next one")
    expect(user1, since=start).never_to_show(str(secret), until=welcome)
    assert key_of_the_last not in [row.key for row in user1.chats]


@pytest.mark.promised("several_tabs", "sign_out", "socket", "stays_signed_in")
def test_signing_out_in_one_tab_signs_out_the_other(user1: User) -> None:
    tab = user1.new_tab()

    user1.sign_out()

    expect(tab).to_have_closed_socket()


@pytest.mark.promised(
    "sign_out", "several_devices", "stays_signed_in", "unread=number|dot", "opens_by_itself=False|last"
)
def test_signing_out_on_the_phone_leaves_the_laptop_signed_in(user1: User, user2: User, chats: Chats) -> None:
    chat = chats.direct(user1, user2)
    phone = user2.new_device()

    phone.sign_out()

    user2.reload()
    message = user2.send(chat, "I have put my phone away")
    expect(user2, since=message).to_show(message)
    expect(user1).to_mark_as_unread(chat)


@pytest.mark.expects_errors(r"\b40[013]\b")
def test_who_mistyped_the_password_gets_in_with_the_right_one(visitor: User) -> None:
    right = visitor.account
    visitor.account = replace(right, password="not the password")
    visitor.sign_in_by_form(connects=False)
    expect(visitor).to_be_refused()

    visitor.account = right

    visitor.sign_in_by_form()

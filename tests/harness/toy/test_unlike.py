"""Chats that are unlike most: windows that forget who was signed in, and new chats that open by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext

from duologue.app import Account, ChatApi, Field
from duologue.errors import AdapterError, ExpectationFailed
from duologue.expect import expect
from duologue.people import Chats, ProtocolUser, User
from tests.harness.toy import TOY

pytestmark = pytest.mark.own_stack

# The page of the toy chat, as its script has it, taught to open what is new.
OPENS_NEW_CHATS = """() => {
    const known = frames.talk;
    frames.talk = (...news) => { known(...news); enter(talks.get(news[0])); };
}"""


def promise(user: User, monkeypatch: pytest.MonkeyPatch, **capabilities: Any) -> None:
    """Let the chat under test promise something else."""
    changed = TOY.capabilities.model_copy(update=capabilities)
    monkeypatch.setattr(user.cast, "app", TOY.model_copy(update={"capabilities": changed}))


def lists(user: User) -> list[tuple[Any, ...]]:
    """The states of the list that the window showed."""
    return [event.data["rows"] for event in user.timeline.find(kind="view:chats", source=user.window)]


def test_what_was_unread_before_in_a_chat_that_exists_is_no_obstacle(
    user1: User, user2: User, chats: Chats, chat_api: ChatApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chats.direct(user1, user2)
    yesterdays = user1.send(chat, "From yesterday")
    expect(user2, since=yesterdays).to_have_unread(chat, 1)
    monkeypatch.setattr(chat_api, "makes_chats", False)
    monkeypatch.setattr(chat_api, "create_chat", lambda *_: chat)

    assert chats.direct(user1, user2) == chat


# The page learns of no new chat but by loading.
HEARS_OF_NO_NEW_CHATS = "() => { frames.talk = () => {}; }"


def test_a_new_chat_that_only_a_reload_shows(
    user1: User, user2: User, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(user2, monkeypatch, new_chats_live=False)
    user2.page.evaluate(HEARS_OF_NO_NEW_CHATS)

    chat = chats.direct(user1, user2)

    assert user2.key(chat) in [row.key for row in user2.chats]


def test_a_refusal_that_is_there_from_the_beginning_counts_once_it_is_shown(user1: User) -> None:
    user1.page.evaluate("[$('no').hidden, $('no').value, $('door').hidden] = [true, 'Wrong password', false]")
    user1.page.evaluate("$('who').placeholder = 'changed'")
    assert user1.sign("refusal") == ""

    user1.page.evaluate("$('no').hidden = false")

    assert user1.timeline.wait_for(lambda: user1.sign("refusal") or None, 5) == "Wrong password"


def test_a_socket_whose_address_is_not_enough_is_dialled_with_a_cookie(
    protocol_user: Callable[[str], ProtocolUser],
) -> None:
    eve = protocol_user("eve")

    eve.connect()

    expect(eve).to_receive_frame("ready")


def test_a_sign_may_be_an_attribute(user1: User, monkeypatch: pytest.MonkeyPatch) -> None:
    signs = {"total": Field(selector="#talks", attribute="data-total"), "connection": Field(selector="#state")}
    monkeypatch.setattr(user1.cast, "app", TOY.model_copy(update=signs))
    late = user1.new_device()

    late.page.evaluate("$('talks').dataset.total = '3 unread'")

    assert late.timeline.wait_for(lambda: late.sign("total") or None, 5) == "3 unread"
    assert late.app.total_unread(late.sign("total")) == 3
    assert late.sign("connection") == "online"


def test_a_sign_that_is_nowhere_is_refused() -> None:
    with pytest.raises(AdapterError, match=r"total(.|\n)*its Field needs a selector"):
        type(TOY)(**{**dict(TOY), "total": Field(attribute="data-total")})


class ByCookie(type(TOY)):
    """The toy chat's adapter, for a window that need not see the form."""

    path: str

    def sign_in_by_request(self, request: APIRequestContext, account: Account) -> bool:
        """The answer's cookie is the session."""
        request.get(self.path, params={"name": account.username})
        return True


def test_a_session_in_a_cookie_needs_no_form(user1: User, chats: Chats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user1.cast, "app", ByCookie.model_construct(**dict(TOY), path="/session"))
    guest = user1.cast.visitor("guest")

    guest.sign_in()

    assert [event.text for event in guest.timeline.find(kind="action", source="guest")] == ["signs in"]
    message = user1.send(chats.direct(user1, guest), "Come in")
    expect(guest, since=message).to_have_unread(message.chat, 1)


def test_a_session_that_cannot_be_asked_for(user1: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user1.cast, "app", ByCookie.model_construct(**dict(TOY), path="http://127.0.0.1:9/session"))

    with pytest.raises(AdapterError, match=r"(?s)guest could not do: sign in by a request.*ECONNREFUSED"):
        user1.cast.visitor("guest").sign_in()


@pytest.mark.parametrize("opens", ["reload", "new_tab"])
def test_a_window_that_forgot_who_was_signed_in_is_signed_in_again(
    user1: User, user2: User, chats: Chats, monkeypatch: pytest.MonkeyPatch, opens: str
) -> None:
    promise(user2, monkeypatch, stays_signed_in=False)
    user2.context.add_init_script("if (location.host) document.cookie = 'toy=; max-age=0'")
    chat = chats.direct(user1, user2)

    window = getattr(user2, opens)() or user2

    message = user1.send(chat, "Who are you?")
    expect(window, since=message).to_have_unread(chat, 1)


def test_a_new_tab_takes_nothing_from_what_the_first_window_was_seen_to_show(
    user1: User, user2: User, chats: Chats
) -> None:
    other, chat = chats.with_somebody(user2), chats.direct(user1, user2)

    user2.new_tab()

    message = user1.send(chat, "Hello")
    expect(user2, since=message).to_have_unread(chat, 1)
    assert [row.key for row in user2.chats] == [user2.key(chat), user2.key(other)]


def test_a_page_that_never_says_whether_it_is_connected_is_there_with_its_first_chat(
    user1: User, user2: User, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    says_nothing = TOY.model_copy(update={"connection": ""})
    monkeypatch.setattr(user1.cast, "app", says_nothing)
    chats.direct(user1, user2)

    user1.reload()

    assert user1.chats
    monkeypatch.setattr(user1.cast, "app", says_nothing.model_copy(update={"patience_s": 0.5}))
    user1.context.add_init_script("if (location.host) document.cookie = 'toy=; max-age=0'")
    with pytest.raises(ExpectationFailed, match=r"user1 did not connect(.|\n)*no chat \(#talks > tr matches nothing\)"):
        user1.reload()


def test_a_new_chat_that_opens_by_itself_is_left_for_the_one_that_was_open(
    user1: User, user2: User, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chats.direct(user1, user2)
    user2.open_chat(chat)
    promise(user2, monkeypatch, new_chats_open="all")
    user2.page.evaluate(OPENS_NEW_CHATS)

    other = chats.with_somebody(user2)

    were_open = [[row["key"] for row in rows if row["is_open"] is not None] for rows in lists(user2)]
    assert were_open[-2:] == [[user2.key(other)], [user2.key(chat)]]

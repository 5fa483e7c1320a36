"""Wrong counts are the server's or the page's, as API, frames and page say; their size tells what was counted."""

from __future__ import annotations

import pytest

from duologue.diagnosis import Finding, findings
from duologue.errors import Symptom
from tests.harness.diagnosis.scene import API, APP, Scene, connected_scene

UNREAD = Symptom("to_have_unread", "user2", "7", 1)
MARKED = Symptom("to_mark_as_unread", "user2", "7")
READ = Symptom("to_have_unread", "user2", "7", 0)


def first(scene: Scene, symptom: Symptom = UNREAD) -> Finding:
    """The likeliest finding about counts: the scenes tell of no message's whole way."""
    return next(finding for finding in findings(scene.evidence(symptom)) if finding.hop in ("counted", "read"))


def opens(scene: Scene, who: str, chat: str = "7") -> None:
    """Somebody opens a chat."""
    scene.sees(who, "action", f"opens chat {chat}")


def reads(scene: Scene, who: str, status: int | None = 200) -> None:
    """A window tells the server that it read, and is answered or not."""
    url = f"{API}/chats/7/read"
    scene.sees(who, "request", f"POST {url}", id=9, method="POST", url=url)
    if status:
        scene.sees(who, "response", f"{status} POST {url}", id=9, method="POST", url=url, status=status)


def test_the_server_counts_wrong() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=6, preview="Hello")
    scene.probes(unread=6)

    assert first(scene).cause == "miscounted-by-server"


def test_the_page_counts_wrong() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=6, preview="Hello")
    scene.probes(unread=1)

    assert first(scene).cause == "miscounted-by-page"


def test_the_server_tells_another_number_in_its_frame_than_over_rest() -> None:
    scene = connected_scene()
    scene.sends()
    scene.delivers(unread=6)
    scene.lists("user2", unread=6, preview="Hello")
    scene.probes(unread=1)

    found = first(scene)
    assert found.cause == "miscounted-by-server"
    assert "its last frame told 6" in found.text


def test_where_no_api_and_no_frame_tells_a_count_it_is_the_pages_or_the_servers() -> None:
    scene = connected_scene()
    for text in ("Hello", "Hello again"):
        scene.sends(text)
    scene.lists("user2", unread=3, preview="Hello again")

    found = first(scene, Symptom("to_have_unread", "user2", "7", 2))

    assert found.cause == "miscounted"
    assert "what the server holds is not known, user2 shows 3" in found.text


def test_what_a_count_grew_by_tells_its_cause_without_an_api_too() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=2, preview="Hello")

    assert first(scene).cause == "counted-twice"


def test_a_frames_word_is_the_servers_where_there_is_no_api() -> None:
    scene = connected_scene()
    scene.sends()
    scene.delivers(unread=6)
    scene.lists("user2", unread=6, preview="Hello")

    assert first(scene).cause == "miscounted-by-server"


@pytest.mark.parametrize("unread", [0, 1])
def test_no_receipt_is_told_from_what_the_page_goes_on_counting_without_an_api(unread: int) -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=1, preview="Hello")
    opens(scene, "user2")
    scene.lists("user2", unread=unread, preview="Hello")

    found = [finding.cause for finding in findings(scene.evidence(READ))]

    assert ("receipt-lost" in found) == bool(unread)


@pytest.mark.parametrize(("came", "cause"), [(False, None), (True, "not-counted")])
def test_no_page_is_blamed_for_not_counting_what_nobody_saw_come(came: bool, cause: str | None) -> None:
    scene = connected_scene()
    capabilities = scene.cast.app.capabilities.model_copy(update={"frames": False, "previews": False})
    lines = scene.cast.app.lines.model_copy(update={"console": ""})
    scene.cast.app = scene.cast.app.model_copy(update={"capabilities": capabilities, "lines": lines})
    scene.sends()
    scene.lists("user2", unread=0, preview="Hello" if came else "Before")

    counted = [finding.cause for finding in findings(scene.evidence(UNREAD)) if finding.hop == "counted"]

    assert counted == ([cause] if cause else [])


def test_a_row_that_is_missing_tells_no_count_where_there_is_no_api() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers()
    scene.sees("user2", "view:chats", "chats", name="chats", rows=())

    assert "counted" not in [finding.hop for finding in findings(scene.evidence(UNREAD))]


def test_a_frame_from_before_a_deletion_is_no_witness_of_the_count_after_it() -> None:
    scene = connected_scene()
    scene.sends()
    scene.delivers(unread=2)
    scene.lists("user2", unread=2, preview="Hello")
    scene.sees("user1", "action", "deletes 'Hello'")
    scene.probes(unread=1)

    found = first(scene)
    assert found.cause == "deleted-ones-counted"
    assert "user2's page counts what was deleted" in found.text


def test_a_wrong_number_that_was_shown_on_the_way() -> None:
    scene = connected_scene()
    scene.sends()
    scene.delivers(unread=6)
    scene.lists("user2", unread=6, preview="Hello")
    scene.lists("user2", unread=1, preview="Hello")
    scene.probes(unread=1)

    found = first(scene)
    assert found.cause == "miscounted-by-server"
    assert "user2 shows 1 and showed 6" in found.text


def test_what_was_read_already_is_counted() -> None:
    scene = connected_scene()
    for text in ("One", "Two"):
        scene.sends(text)
    opens(scene, "user2")
    scene.sends("Three")
    scene.lists("user2", unread=3, preview="Three")
    scene.probes(unread=3)

    found = first(scene)
    assert (found.cause, found.text.startswith("the server counts")) == ("read-ones-counted", True)


def test_ones_own_messages_are_counted() -> None:
    scene = connected_scene()
    for text in ("Mine", "Mine too"):
        scene.sends(text, who="user2")
    scene.lists("user2", unread=2, preview="Mine too")
    scene.probes(unread=2)

    assert first(scene, READ).cause == "own-messages-counted"


def test_each_message_is_counted_twice_by_the_page() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=2, preview="Hello")
    scene.probes(unread=1)

    found = first(scene)
    assert (found.cause, found.text.startswith("user2's page counts")) == ("counted-twice", True)


def test_a_message_is_not_counted() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=0, preview="Hello")
    scene.probes(unread=1)

    assert first(scene).cause == "not-counted"


def test_what_was_counted_is_let_go_of_again() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=1, preview="Hello")
    scene.lists("user2", unread=0, preview="By a program")
    scene.probes(unread=0)

    found = first(scene)
    assert (found.cause, found.text.startswith("the server counted it")) == ("cleared-unread", True)


def test_no_page_counts_what_never_came() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.sees("backend", "log", "something else")
    scene.probes(unread=1)

    assert [finding.cause for finding in findings(scene.evidence(UNREAD))] == ["not-notified"]


def test_opening_one_chat_clears_another() -> None:
    scene = connected_scene()
    scene.sends()
    scene.lists("user2", unread=1, preview="Hello")
    opens(scene, "user2", chat="8")
    scene.lists("user2", unread=0, preview="Hello")
    scene.probes(unread=1)

    found = first(scene, Symptom("to_keep_unread", "user2", "7", 1))
    assert found.cause == "cleared-with-another"
    assert "opening chat 8" in found.text


@pytest.mark.parametrize("symptom", [READ, Symptom("to_mark_as_read", "user2", "7")], ids=lambda it: it.kind)
def test_a_receipt_that_was_never_sent(symptom: Symptom) -> None:
    scene = connected_scene()
    scene.sends()
    opens(scene, "user2")
    scene.lists("user2", unread=1, preview="Hello")
    scene.probes(unread=1)

    assert first(scene, symptom).cause == "receipt-lost"


def test_a_receipt_that_was_not_answered() -> None:
    scene = connected_scene()
    scene.sends()
    opens(scene, "user2")
    reads(scene, "user2", status=None)
    scene.probes(unread=1)

    found = first(scene, READ)
    assert found.cause == "receipt-lost"
    assert "not answered" in found.text


def test_where_nobody_else_said_anything_no_receipt_is_missing() -> None:
    scene = connected_scene()
    opens(scene, "user2")
    scene.sends("Mine", who="user2")
    scene.probes(unread=1)

    assert first(scene, READ).cause == "own-messages-counted"


def test_a_chat_that_was_opened_and_shows_its_count_again() -> None:
    scene = connected_scene()
    scene.sends()
    opens(scene, "user2")
    scene.lists("user2", unread=1, preview="Hello")
    scene.probes(unread=1)

    found = first(scene, Symptom("to_have_read", "user2", "7"))
    assert found.cause == "receipt-lost"
    assert "user2 shows 1 unread in chat 7, and the server holds 1" in found.text


def test_a_receipt_that_told_of_the_first_messages_alone() -> None:
    scene = connected_scene()
    scene.sends("One")
    scene.sends("Two")
    opens(scene, "user2")
    reads(scene, "user2")
    scene.lists("user2", unread=0, preview="Two")
    scene.probes(unread=1)

    assert first(scene, Symptom("to_have_read", "user2", "7")).cause == "receipt-lost"


def test_a_receipt_that_the_server_took_was_not_lost() -> None:
    scene = connected_scene()
    scene.sends()
    opens(scene, "user2")
    reads(scene, "user2")
    scene.probes(unread=1)

    assert first(scene, READ).cause != "receipt-lost"


def reads_by_frame(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat whose page tells over its socket what was read."""
    lines = APP.lines.model_copy(update={"read": '{"read":"{chat}"}'})
    monkeypatch.setattr(scene.cast, "app", APP.model_copy(update={"lines": lines}))


@pytest.mark.parametrize(
    ("frames", "cause"), [(['{"read":"8"}'], "receipt-lost"), (['{"read":"8"}', '{"read":"7"}'], "read-ones-counted")]
)
def test_a_receipt_may_be_a_frame(monkeypatch: pytest.MonkeyPatch, frames: list[str], cause: str) -> None:
    scene = connected_scene()
    reads_by_frame(scene, monkeypatch)
    scene.sends()
    opens(scene, "user2")
    for frame in frames:
        scene.sees("user2", "ws_sent", frame, socket=1)
    scene.probes(unread=1)

    assert first(scene, READ).cause == cause


def test_a_window_in_the_background_told_the_server_that_it_read() -> None:
    scene = connected_scene()
    scene.sees("user2", "action", "hides the window")
    reads(scene, "user2")
    scene.probes()

    assert first(scene).cause == "read-in-the-background"


def test_a_window_that_is_looked_at_may_read() -> None:
    scene = connected_scene()
    scene.sees("user2", "action", "hides the window")
    scene.sees("user2", "action", "shows the window")
    reads(scene, "user2")
    scene.probes(unread=1)

    assert "read-in-the-background" not in [finding.cause for finding in findings(scene.evidence(UNREAD))]


def test_the_number_over_all_chats_keeps_that_of_a_chat_that_was_left() -> None:
    scene = connected_scene()
    scene.lists("user2", unread=1)
    scene.sees("user2", "view:total", "total", name="total", rows=({"text": "(3) Chat"},))
    scene.probes(unread=1)

    found = first(scene, Symptom("to_have_total_unread", "user2", "", 1))
    assert found.cause == "total-strays"
    assert "is 3, its chats add up to 1, the server's to 1" in found.text


@pytest.mark.parametrize("symptom", [Symptom("to_still_have_unread", "user2", "7", 1), MARKED])
def test_a_page_that_opened_the_chat_by_itself_read_what_came(symptom: Symptom) -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers(unread=1)
    scene.delivers(who="user1")
    scene.lists("user2", unread=1, preview="Hello")
    scene.lists("user2", preview="Hello", is_open=True)
    scene.probes(unread=0)

    found = findings(scene.evidence(symptom))[0]
    assert (found.cause, found.hop) == ("opened-by-itself", "read")

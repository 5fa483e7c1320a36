"""What follows a lost connection: never dialled again, given up after tries, or back without what was missed."""

from __future__ import annotations

import pytest

from duologue.app import Capabilities
from duologue.diagnosis import findings
from duologue.errors import Symptom
from duologue.people.loading import SHOWS
from duologue.people.surroundings import TELLS_ONLINE
from tests.harness.diagnosis.scene import APP, SOCKET, Scene, connected_scene


def cause(scene: Scene, symptom: Symptom | None = None) -> str:
    """The likeliest cause."""
    return findings(scene.evidence(symptom))[0].cause


def test_a_page_that_never_dials() -> None:
    scene = Scene()
    scene.lists("user2")
    scene.probes()

    assert cause(scene) == "never-dialled"


def test_a_page_that_never_dials_again_after_a_cut_of_ours_is_told_from_one_that_was_cut_off() -> None:
    scene = connected_scene()
    scene.breaks("cuts user2's link", "user2")
    scene.closes("user2", 1006)
    scene.breaks("restores user2's link", "user2", undoes=True)
    scene.wait(12)
    scene.probes()

    finding = findings(scene.evidence())[0]

    assert finding.cause == "never-reopened"
    assert "that was ours (cuts user2's link), and restores user2's link: 12 s ago" in finding.text


def test_a_page_that_gave_up_reconnecting() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    for _ in range(5):
        scene.sees("user2", "ws_connecting", SOCKET, socket=2)
        scene.closes("user2", 1006)
    scene.wait(9)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "gave-up-reconnecting"
    assert "after 5 tries in vain" in found.text


def test_a_page_that_never_dials_again() -> None:
    scene = connected_scene()
    scene.closes("user2", 1012, "going down")
    scene.wait(9)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "never-reopened"
    assert "1012 going down" in found.text


def test_a_page_that_is_about_to_reconnect_has_not_given_up() -> None:
    scene = connected_scene()
    scene.closes("user2", 1012, "going down")
    scene.wait(2)
    scene.probes()

    assert cause(scene) == "no-rule-fits"


def test_somebody_who_was_refused_need_not_dial_again() -> None:
    scene = connected_scene()
    scene.closes("user2", 1008, "token invalid")
    scene.wait(60)
    scene.probes()

    assert [found.cause for found in findings(scene.evidence())] == ["token-refused"]


def test_somebody_who_signed_out_has_not_given_up() -> None:
    scene = connected_scene()
    scene.sees("user2", "action", "signs out")
    scene.closes("user2", 1000)
    scene.wait(60)
    scene.probes()

    assert cause(scene) == "no-rule-fits"


def test_what_was_sent_while_a_window_was_away_and_never_fetched() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.sends("Missed")
    scene.requests()
    scene.notifies("1")
    scene.connects("user2")
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "missed-while-away"
    assert "'Missed'" in found.text


def test_what_was_sent_without_a_page_while_a_window_was_away() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.connects("user2")
    scene.sees("user2", "view:messages", "messages", name="messages", rows=({"text": "One"},))
    scene.probes(messages=["One", "Two"])

    assert cause(scene, Symptom("to_show_exactly", "user2", "", ("One", "Two"))) == "missed-while-away"


def test_a_hole_in_what_was_fetched_is_the_histories_and_not_missed_while_away() -> None:
    """Where two pages meet, one message is lost."""
    scene = connected_scene()
    scene.closes("user2", 1006)
    for text in ("One", "Two", "Three"):
        scene.sends(text)
        scene.requests()
        scene.wait(0.1)
    scene.connects("user2")
    scene.opens("user2")
    rows = tuple({"text": text} for text in ("One", "Three"))
    scene.sees("user2", "view:messages", "messages", name="messages", rows=rows)
    scene.probes(messages=["One", "Two", "Three"])

    found = [finding.cause for finding in findings(scene.evidence(Symptom("to_show_exactly", "user2", "7", ("Two",))))]

    assert "history-incomplete" in found
    assert "missed-while-away" not in found


@pytest.mark.parametrize(("shown", "missed"), [("AD", True), ("ACE", False)])
def test_one_gap_may_be_an_outage_and_two_are_holes_where_nobody_knows_when_it_was_sent(
    shown: str, missed: bool
) -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.connects("user2")
    scene.sees("user2", "view:messages", "messages", name="messages", rows=tuple({"text": text} for text in shown))
    scene.probes(messages=list("ABCDE"))

    found = [
        finding.cause for finding in findings(scene.evidence(Symptom("to_show_exactly", "user2", "", tuple("ABCD"))))
    ]

    assert ("missed-while-away" in found) == missed


def test_what_was_sent_once_a_window_was_back_was_not_missed_while_it_was_away() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.connects("user2")
    scene.wait(1)
    scene.sends("Two")
    scene.sees("user2", "view:messages", "messages", name="messages", rows=({"text": "One"},))
    scene.probes(messages=["One", "Two"])

    assert cause(scene, Symptom("to_show_exactly", "user2", "", ("One", "Two"))) != "missed-while-away"


def test_what_came_by_a_frame_was_not_missed() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.sends("Heard")
    scene.requests()
    scene.notifies()
    scene.connects("user2")
    scene.delivers("Heard")
    scene.probes()

    assert cause(scene) == "not-subscribed"


def test_a_page_that_was_loaded_anew_has_missed_nothing() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.sends("Before the reload")
    scene.requests()
    scene.notifies()
    scene.sees("user2", "document", "http://h/")
    scene.connects("user2")
    scene.probes()

    assert cause(scene) != "missed-while-away"


def opened_scene(says: str, *, after_s: float) -> Scene:
    """user2's first try fails, the second opens and is greeted; then the page says something, and time passes."""
    scene = Scene()
    scene.lists("user2")
    scene.sees("user2", "ws_connecting", SOCKET, socket=1)
    scene.closes("user2", 1006)
    scene.connects("user2")
    scene.sees("user2", "view:connection", "connection", name="connection", rows=({"text": says},))
    scene.sees("user2", "ws_received", '{"text": "hello", "chat": "0"}', socket=1)
    scene.wait(after_s)
    scene.probes()
    return scene


def test_a_page_that_its_open_socket_does_not_bring_to_life() -> None:
    scene = opened_scene("connecting", after_s=15)

    found = findings(scene.evidence())[0]

    assert (found.cause, found.hop) == ("not-subscribed", "connect")
    assert "its page says 'connecting'; the connection before it ended (1006)" in found.text


@pytest.mark.parametrize(("says", "after_s"), [("connected", 15), ("connecting", 0.5)])
def test_a_page_that_is_live_or_still_may_be_soon(says: str, after_s: float) -> None:
    scene = opened_scene(says, after_s=after_s)

    assert cause(scene) == "no-rule-fits"


def test_a_page_that_does_not_notice_that_its_connection_is_dead() -> None:
    scene = connected_scene()
    scene.breaks("stalls user2's link", "user2")
    scene.breaks("restores user2's link", "user2", undoes=True)
    scene.probes()

    found = findings(scene.evidence(Symptom("to_have_opened_socket", "user2")))[0]
    assert found.cause == "silence-unnoticed"
    assert "stalls user2's link" in found.text


def test_a_page_that_dialled_anew_after_a_silence_has_noticed() -> None:
    scene = connected_scene()
    scene.breaks("stalls user2's link", "user2")
    scene.closes("user2", 4000)
    scene.connects("user2")
    scene.probes()

    assert cause(scene, Symptom("to_have_opened_socket", "user2")) != "silence-unnoticed"


def test_what_was_caught_up_with_and_is_shown_was_not_missed() -> None:
    scene = connected_scene()
    scene.opens("user2")
    scene.closes("user2", 1006)
    scene.sends("Missed")
    scene.requests()
    scene.connects("user2")
    rows = ({"text": "Missed as well"}, {"text": "Missed"})
    scene.sees("user2", "view:messages", "messages", name="messages", rows=rows)
    scene.probes()

    causes = [found.cause for found in findings(scene.evidence(Symptom("to_show_exactly", "user2", "", ("Missed",))))]
    assert "missed-while-away" not in causes


def test_a_chat_whose_connection_nobody_promises_to_see_need_not_dial() -> None:
    scene = Scene()
    scene.cast.app = APP.model_copy(update={"capabilities": Capabilities(socket=False)})
    scene.lists("user2")
    scene.probes()

    assert cause(scene) == "no-rule-fits"


def test_a_page_that_comes_back_by_polling_tries_as_well() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    for number in range(3):
        url = f"{SOCKET.replace('ws', 'http')}?transport=polling"
        scene.sees("user2", "request_failed", f"GET {url}", id=number, method="GET", url=url)
    scene.wait(9)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "gave-up-reconnecting"
    assert "after 3 tries in vain" in found.text


def test_nobody_gives_up_while_the_test_keeps_them_away() -> None:
    scene = connected_scene()
    scene.breaks("cuts user2's link", "user2")
    scene.closes("user2", 1006)
    scene.wait(12)
    scene.probes()

    assert cause(scene, Symptom("to_have_opened_socket", "user2")) == "fault-in-effect"


def test_a_sign_of_a_connection_that_was_never_there_is_the_adapters_fault() -> None:
    scene = connected_scene()
    scene.delivers()
    scene.sees("user2", "view:connection", "connection", name="connection", rows=())
    scene.wait(3)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert (found.cause, found.verdict) == ("selector-does-not-fit", "harness")


@pytest.mark.parametrize("dials", ["later", "not yet"])
@pytest.mark.parametrize(("told", "named"), [(TELLS_ONLINE, "online-unheeded"), (SHOWS, "visible-unheeded")])
def test_a_page_that_does_not_heed_that_the_network_is_back(told: str, named: str, dials: str) -> None:
    scene = connected_scene()
    scene.breaks("cuts user2's link", "user2")
    scene.closes("user2", 1006)
    scene.breaks("restores user2's link", "user2", undoes=True)
    scene.sees("user2", "action", told)
    scene.wait(7)
    if dials == "later":
        scene.connects("user2")
    scene.probes()

    found = findings(scene.evidence(Symptom("to_have_preview", "user2", "7", "Hello")))[0]
    assert found.cause == named
    assert f"{'dialled' if dials == 'later' else 'has not dialled for'} 7 s" in found.text


def test_a_page_that_dials_as_soon_as_the_network_is_back() -> None:
    scene = connected_scene()
    scene.closes("user2", 1006)
    scene.sees("user2", "action", TELLS_ONLINE)
    scene.connects("user2")
    scene.wait(7)
    scene.probes()

    assert cause(scene, Symptom("to_have_preview", "user2", "7", "Hello")) == "no-rule-fits"

"""What is wrong with a token is told by what was dialled, how it was refused, and how often it was asked again."""

from __future__ import annotations

import pytest

from duologue.diagnosis import findings
from duologue.errors import Symptom
from duologue.people.loading import BY_FORM
from tests.harness.diagnosis.scene import API, SOCKET, Scene, connected_scene


def cause(scene: Scene) -> str:
    """The likeliest cause."""
    return findings(scene.evidence())[0].cause


def asks(scene: Scene, path: str, status: int, number: int) -> None:
    """user1's page asks the API, and is answered."""
    url = f"{API}{path}"
    scene.sees("user1", "request", f"POST {url}", id=number, method="POST", url=url)
    scene.sees("user1", "response", f"{status} POST {url}", id=number, method="POST", url=url, status=status)


def test_a_form_that_refuses_somebody() -> None:
    scene = Scene()
    scene.sees("user1", "view:refusal", "refusal", name="refusal", rows=({"text": "Wrong password"},))
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "sign-in-refused"
    assert "'Wrong password'" in found.text


def test_a_form_that_refuses_somebody_whose_password_went_over_the_socket() -> None:
    scene = Scene()
    scene.connects("user1")
    scene.sees("user1", "view:refusal", "refusal", name="refusal", rows=({"text": "Wrong password"},))
    scene.probes()

    assert cause(scene) == "sign-in-refused"


def test_a_server_that_fails_while_somebody_signs_in() -> None:
    scene = Scene()
    asks(scene, "/auth/login", 503, 1)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert (found.cause, found.hop) == ("server-error", "sign in")
    assert "503 POST" in found.text


def test_a_server_that_failed_once_before_somebody_was_in_is_not_to_blame() -> None:
    scene = Scene()
    asks(scene, "/auth/login", 503, 1)
    asks(scene, "/auth/login", 200, 2)
    scene.connects("user1", f"{SOCKET}?token=t")
    scene.probes()

    assert cause(scene) != "server-error"


@pytest.mark.parametrize("token", ["null", "undefined", ""])
def test_a_page_that_dials_without_a_token(token: str) -> None:
    scene = Scene()
    scene.connects("user1", f"{SOCKET}?token={token}")
    scene.closes("user1", 1008, "token missing")
    scene.page_state("user1", keys=["theme"])
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "no-token"
    assert "its storage now holds theme" in found.text


def test_a_token_that_is_stored_under_another_key() -> None:
    scene = Scene()
    scene.connects("user1", f"{SOCKET}?token=null")
    scene.closes("user1", 1008, "token invalid")
    scene.page_state("user1", keys=["jwt", "theme"], tokens=["jwt"])
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "no-token"
    assert "under another key: jwt" in found.text


@pytest.mark.parametrize(("code", "reason"), [(1008, "token invalid"), (4401, "unauthorized"), (1008, "signed out")])
def test_a_token_that_the_server_refuses(code: int, reason: str) -> None:
    scene = Scene()
    scene.connects("user1")
    scene.closes("user1", code, reason)
    scene.probes()

    assert cause(scene) == "token-refused"


def test_a_token_that_every_answer_refuses() -> None:
    scene = connected_scene()
    scene.closes("user1", 1006)
    scene.sends()
    asks(scene, "/chats/7/messages", 401, 1)
    scene.wait(30)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert (found.cause, found.hop) == ("token-refused", "connect")
    assert "answered user1 401 POST" in found.text


def test_a_token_that_is_refused_where_the_page_is_granted_something_else_afterwards() -> None:
    scene = connected_scene()
    scene.sends()
    asks(scene, "/chats/7/messages", 401, 1)
    asks(scene, "/logout", 204, 2)
    scene.probes()

    assert cause(scene) == "token-refused"


def test_a_refusal_after_which_the_window_is_granted_what_it_asks_is_none() -> None:
    scene = connected_scene()
    scene.closes("user1", 1006)
    asks(scene, "/chats/7/messages", 401, 1)
    asks(scene, "/refresh", 200, 2)
    scene.wait(30)
    scene.probes()

    assert [it.cause for it in findings(scene.evidence())][:1] == ["never-reopened"]


def test_a_token_that_ran_out_and_was_not_renewed() -> None:
    scene = connected_scene()
    scene.closes("user1", 1008, "token expired")
    scene.probes()

    assert cause(scene) == "token-expired"


def test_a_page_that_goes_on_with_an_expired_token() -> None:
    scene = Scene()
    for _ in range(4):
        scene.connects("user1")
        scene.closes("user1", 1008, "token expired")
    scene.probes()

    assert cause(scene) == "expired-token-reused"


def test_a_page_that_renews_and_goes_on_with_the_old_one() -> None:
    scene = Scene()
    for number in range(3):
        asks(scene, "/chats", 401, 10 + number)
        asks(scene, "/refresh", 200, 20 + number)
    scene.probes()

    assert cause(scene) == "expired-token-reused"


def test_a_page_that_asks_for_a_new_token_for_ever() -> None:
    scene = Scene()
    for number in range(3):
        asks(scene, "/refresh", 401, number)
    scene.probes()

    assert cause(scene) == "refresh-loop"


def test_one_refresh_is_no_loop() -> None:
    scene = connected_scene()
    scene.closes("user1", 1008, "token expired")
    asks(scene, "/refresh", 200, 1)
    scene.connects("user1")
    scene.probes()

    assert cause(scene) == "no-rule-fits"


def test_a_form_that_refuses_and_says_nothing() -> None:
    scene = Scene()
    scene.sees("user1", "action", BY_FORM)
    asks(scene, "/auth/login", 401, 1)
    scene.probes()

    found = findings(scene.evidence(Symptom("to_be_refused", "user1")))[0]
    assert found.cause == "sign-in-refused"
    assert found.text.endswith("and the form says nothing")


@pytest.mark.parametrize(("status", "named"), [(503, "session-ended-by-itself"), (401, "token-refused")])
def test_a_session_that_ends_because_a_new_token_is_not_to_be_had_for_a_moment(status: int, named: str) -> None:
    scene = connected_scene()
    asks(scene, "/refresh", status, 7)
    scene.page_state("user1", f"{API}/login", form=True)
    scene.probes()

    assert cause(scene) == named


def test_a_page_that_asks_for_a_new_token_once_and_never_again() -> None:
    scene = connected_scene()
    scene.closes("user1", 1008, "token expired")
    asks(scene, "/refresh", 503, 7)
    scene.probes()

    assert cause(scene) == "renewal-given-up"

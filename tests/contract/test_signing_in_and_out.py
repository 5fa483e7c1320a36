"""Accounts, tokens and sessions: what opens REST and sockets, what does not any more."""

from __future__ import annotations

import uuid

import pytest

PASSWORD = "password123"


def test_a_user_registers_and_signs_in_again_with_any_case_of_the_name(accounts, http):
    [ann] = accounts(1)

    answer = http.post("/auth/login", json={"username": ann.user["username"].upper(), "password": PASSWORD})

    assert answer.status_code == 200
    assert answer.json()["user"] == ann.user
    assert answer.json()["token_type"] == "bearer"


@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_a_taken_name_is_refused_also_in_other_case(accounts, http, change):
    [ann] = accounts(1)

    answer = http.post("/auth/register", json={"username": change(ann.user["username"]), "password": PASSWORD})

    assert answer.status_code == 409


def test_a_wrong_password_and_an_unknown_name_are_told_alike(accounts, http):
    [ann] = accounts(1)

    wrong = http.post("/auth/login", json={"username": ann.user["username"], "password": "password124"})
    unknown = http.post("/auth/login", json={"username": uuid.uuid4().hex, "password": PASSWORD})

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.json() == unknown.json()


@pytest.mark.parametrize(
    "body",
    [
        {"username": "", "password": PASSWORD},
        {"username": " padded ", "password": PASSWORD},
        {"username": "x" * 65, "password": PASSWORD},
        {"username": "nul\0", "password": PASSWORD},
        {"username": "short-password", "password": "1234567"},
        {"username": "blank-display-name", "password": PASSWORD, "display_name": "  "},
        {"username": "no-password"},
    ],
)
def test_registering_nonsense_is_refused_without_repeating_the_password(http, body):
    answer = http.post("/auth/register", json=body)

    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)
    assert body.get("password", PASSWORD) not in answer.text


def test_without_a_token_or_with_a_broken_one_nothing_opens(http):
    assert http.get("/chats").status_code == 401
    for header in ("Bearer", "Bearer x.y.z", "Basic abc", "Bearer ünreadable".encode()):
        assert http.get("/chats", headers={"Authorization": header}).status_code == 401


def test_a_refresh_token_gives_access_and_opens_nothing_itself(accounts, http, open_socket):
    [ann] = accounts(1)
    refresh = ann.session["refresh_token"]

    renewed = http.post("/auth/refresh", json={"refresh_token": refresh}).raise_for_status().json()

    assert set(renewed) == {"access_token"}, "the refresh token stays the same: tabs share it"
    assert http.get("/users/me", headers={"Authorization": f"Bearer {renewed['access_token']}"}).status_code == 200
    assert open_socket(renewed["access_token"]).next()["type"] == "connected"
    assert http.get("/users/me", headers={"Authorization": f"Bearer {refresh}"}).status_code == 401
    assert open_socket(refresh).closed() == (1008, "token invalid")


def test_an_access_token_does_not_refresh(accounts, http):
    [ann] = accounts(1)

    assert http.post("/auth/refresh", json={"refresh_token": ann.session["access_token"]}).status_code == 401


@pytest.mark.parametrize(("token", "reason"), [(None, "token missing"), ("", "token missing"), ("x", "token invalid")])
def test_a_socket_without_a_good_token_closes_with_a_reason_the_page_can_read(open_socket, token, reason):
    assert open_socket(token).closed() == (1008, reason)


def test_a_socket_from_a_foreign_page_is_refused_and_from_no_page_is_not(accounts, open_socket):
    [ann] = accounts(1)
    token = ann.session["access_token"]

    assert open_socket(token, origin="http://evil.example").closed() == (1008, "origin not allowed")
    assert open_socket(token).next()["type"] == "connected"


def test_signing_out_ends_the_session_everywhere_at_once(accounts, http, open_socket):
    [ann] = accounts(1)
    tabs = [ann.socket(), ann.socket()]

    assert ann.http.post("/auth/logout").status_code == 204

    assert [tab.closed() for tab in tabs] == [(1008, "signed out")] * 2
    assert ann.http.get("/chats").status_code == 401
    assert http.post("/auth/refresh", json={"refresh_token": ann.session["refresh_token"]}).status_code == 401
    assert open_socket(ann.session["access_token"]).closed() == (1008, "signed out")


def test_signing_out_on_one_device_leaves_the_other_signed_in(accounts, http, open_socket):
    ann, bob = accounts(2)
    chat = ann.chat_with(bob)
    other = http.post("/auth/login", json={"username": ann.user["username"], "password": PASSWORD}).json()
    device = open_socket(other["access_token"])

    ann.http.post("/auth/logout").raise_for_status()
    message = bob.send(chat)

    assert device.until("new_message")["message"]["id"] == message["id"]


def test_people_are_found_by_the_start_of_either_name_but_not_oneself(accounts, http):
    [ann] = accounts(1)
    mark = uuid.uuid4().hex[:8]
    for name, display_name in ((f"{mark}-one", "First"), (f"a-{mark}", f"Ä{mark} Second"), (f"b-{mark}", "Third")):
        body = {"username": name, "password": PASSWORD, "display_name": display_name}
        http.post("/auth/register", json=body).raise_for_status()

    def found(query: str) -> list[str]:
        return [user["display_name"] for user in ann.http.get("/users", params={"query": query}).json()]

    assert found(mark.upper()) == ["First"]
    assert found(f"ä{mark}") == [f"Ä{mark} Second"]
    assert found(f"%{mark}") == [], "a wildcard is a character like any other"
    assert found(ann.user["username"]) == []
    assert len(ann.http.get("/users").json()) <= 20

"""`duologue doctor` says what is wrong with a running chat, and what to do."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from duologue.stack import Choice, Stack, acquire, release
from fixtures.api import ReferenceApi
from tests.harness.doctor.conftest import ADAPTERS, Answer, Doctor
from tests.harness.toy import toy_stack

PASSWORD = "correct horse battery"


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Stack]:
    """Another chat: no page to sign in but by its form, no log, no ids of messages."""
    definition, run_id = toy_stack(tmp_path), secrets.token_hex(4)
    yield acquire(definition, Choice("processes", "the toy chat"), run_id=run_id)
    release(definition.root, run_id)


# ---- all is well -----------------------------------------------------------------------------------------------
def test_a_chat_that_is_well(doctor: Doctor, stack: Stack) -> None:
    answer = doctor(stack.page_url, "--json", api=stack.api_url, ws=stack.ws_url)

    assert answer.verdicts == {
        "the page answers": "passed",
        "the API answers": "passed",
        "two accounts": "passed",
        "user1 signs in": "passed",
        "user1: socket opened": "passed",
        "user1: connection shown as up": "passed",
        "user1: console without errors": "passed",
        "user2 signs in": "passed",
        "user2: socket opened": "passed",
        "user2: connection shown as up": "passed",
        "user2: console without errors": "passed",
        "a socket by hand": "passed",
        "a chat of the two": "passed",
        "both list the chat": "passed",
        "user1 sends": "passed",
        "user1: shows it": "passed",
        "the message reaches user2": "passed",
        "hop: typed": "passed",
        "hop: requested": "passed",
        "hop: stored": "passed",
        "hop: notified": "unknown",  # only the server's log tells, and that is out of reach
        "hop: frame": "passed",
        "hop: console": "passed",
        "hop: listed": "passed",
        "user2: moved to top": "passed",
        "user2: one more unread": "passed",
        "user2: opened, shows it": "passed",
        "user2: shows the next one": "passed",
    }
    assert (answer.code, answer.data["exit_code"], answer.data["findings"]) == (0, 0, [])


def test_the_terminal_shows_a_line_a_check_and_nobodys_password(
    doctor: Doctor, stack: Stack, chat_api: ReferenceApi
) -> None:
    mark = secrets.token_hex(4)
    people = [chat_api.create_account(f"{name}_{mark}", name, PASSWORD) for name in ("ann", "bob")]

    answer = doctor(
        stack.page_url,
        *[f"--user{number}={who.username}:{PASSWORD}" for number, who in enumerate(people, 1)],
        api=stack.api_url,
        ws=stack.ws_url,
    )

    assert answer.code == 2, "their only chat is on top already, so nobody can tell whether it moves there"
    assert f"as ann_{mark}, by the form" in answer.out
    assert "✓ hop: frame" in answer.out
    assert "? user2: moved to top" in answer.out
    assert "0 before, 1 now" in answer.out
    assert PASSWORD not in answer.out
    assert "eyJ" not in answer.out


def test_another_chat(doctor: Doctor, toy: Stack) -> None:
    answer = doctor(toy.page_url, "--json", api=toy.api_url, ws=toy.ws_url, adapter=f"{ADAPTERS}:TOY_CHAT")

    assert answer.data["findings"] == []
    assert answer.verdicts["hop: frame"] == answer.verdicts["user2: moved to top"] == "passed"
    assert answer.code == 0


@pytest.mark.parametrize("broken", [False, True])
def test_a_chat_that_tells_of_a_message_only_once_it_is_opened(doctor: Doctor, toy: Stack, broken: bool) -> None:
    adapter = f"{ADAPTERS}:{'ELSEWHERE' if broken else 'MUTE'}"

    answer = doctor(toy.page_url, "--json", api=toy.api_url, ws=toy.ws_url, adapter=adapter)

    assert answer.verdicts["the message reaches user2"] == "unknown"
    assert answer.verdicts["user2: opened, shows it"] == ("failed" if broken else "passed")
    assert answer.code == (1 if broken else 0)


# ---- something is wrong with the chat ----------------------------------------------------------------------------
def test_a_page_that_dials_another_address(doctor: Doctor, stack: Stack, silent_port: int) -> None:
    answer = doctor(stack.page_url, "--json", api=stack.api_url, ws=f"ws://127.0.0.1:{silent_port}")

    assert answer.code == 1
    assert answer.verdicts["user1: socket opened"] == "failed"
    assert answer.verdicts["the message reaches user2"] == "passed", "it goes on with what can still be asked"
    assert answer.causes[0] == "wrong-ws-url"
    assert "token=[redacted" in answer.out
    assert "eyJ" not in answer.out


@pytest.mark.own_stack
def test_a_backend_that_does_not_run(doctor: Doctor, stack: Stack) -> None:
    stack.stop("backend")

    answer = doctor(stack.page_url, "--json", api=stack.api_url, ws=stack.ws_url)

    assert answer.code == answer.data["exit_code"] == 1
    assert answer.verdicts["the page answers"] == "passed"
    assert answer.verdicts["the API answers"] == "failed"
    assert answer.verdicts["user1 sends"] == "unknown"
    assert answer.causes[0] == "backend-down"


# ---- the remedies that harm nothing --------------------------------------------------------------------------------
@pytest.mark.own_stack
def test_a_restart_that_helps(doctor: Doctor, stack: Stack, command_that: Callable[[Callable[[], None]], str]) -> None:
    stack.kill("backend")
    command = command_that(lambda: stack.start("backend"))

    answer = doctor(
        stack.page_url,
        "--json",
        "--apply=restart",
        f"--restart-command={command}",
        api=stack.api_url,
        ws=stack.ws_url,
    )

    assert answer.data["applied"] == "restart"
    assert answer.verdicts["the message reaches user2"] == "passed"
    assert (answer.code, answer.causes) == (0, [])


@pytest.mark.own_stack
def test_a_restart_that_fails_and_the_remedy_that_is_offered(doctor: Doctor, stack: Stack) -> None:
    stack.kill("backend")

    offered = doctor(stack.page_url, "--json", api=stack.api_url, ws=stack.ws_url)
    failed = doctor(stack.page_url, "--apply=restart", "--restart-command=false", api=stack.api_url, ws=stack.ws_url)

    assert offered.data["offered"] == ["restart"]
    assert failed.code == 2
    assert "error: false ended with 1" in failed.err


def test_an_emptied_cache_mends_no_address(doctor: Doctor, stack: Stack, silent_port: int) -> None:
    answer = doctor(
        stack.page_url, "--json", "--apply=clear-cache", api=stack.api_url, ws=f"ws://127.0.0.1:{silent_port}"
    )

    assert answer.data["applied"] == "clear-cache"
    assert answer.verdicts["user1: cache emptied"] == "passed"
    assert answer.verdicts["a socket by hand"] == "failed", "nobody listens where it was told to dial"
    assert (answer.code, answer.causes[0]) == (1, "wrong-ws-url")


def test_nothing_is_applied_to_a_chat_that_is_well(doctor: Doctor, stack: Stack) -> None:
    answer = doctor(stack.page_url, "--json", "--apply=clear-cache", api=stack.api_url, ws=stack.ws_url)

    assert (answer.code, "applied" in answer.data) == (0, False)


# ---- what is asked ---------------------------------------------------------------------------------------------
def test_a_page_that_nobody_serves(doctor: Doctor, stack: Stack, silent_port: int) -> None:
    answer = doctor(f"http://127.0.0.1:{silent_port}", api=stack.api_url, ws=stack.ws_url)

    assert answer.code == 1
    first = answer.out.splitlines()[0]
    assert first.startswith("✗ the page answers")
    assert first.endswith(f" s  no page at http://127.0.0.1:{silent_port}")
    assert "✓ the API answers" in answer.out
    assert "1. page-down (product, at page): " in answer.out
    assert "to do: start what serves the page, or correct the address" in answer.out


@pytest.fixture
def at_toy(doctor: Doctor, tmp_path: Path) -> Iterator[Callable[[str], Answer]]:
    """`at_toy("deaf")`: the doctor at a toy chat that misbehaves so."""
    definition, run_id = None, secrets.token_hex(4)

    def ask(fault: str) -> Answer:
        nonlocal definition
        definition = toy_stack(tmp_path, fault)
        toy = acquire(definition, Choice("processes", "the toy chat"), run_id=run_id)
        return doctor(toy.page_url, "--json", api=toy.api_url, ws=toy.ws_url, adapter=f"{ADAPTERS}:TOY_CHAT")

    yield ask
    if definition:
        release(definition.root, run_id)


def test_a_message_that_is_told_to_nobody(at_toy: Callable[[str], Answer]) -> None:
    answer = at_toy("deaf")

    assert answer.code == 1
    assert answer.verdicts["the message reaches user2"] == answer.verdicts["hop: frame"] == "failed"
    assert answer.verdicts["user2: moved to top"] == "unknown"
    assert answer.causes[0] == "not-delivered"


def test_an_open_chat_that_shows_what_comes_only_when_it_is_opened_anew(at_toy: Callable[[str], Answer]) -> None:
    answer = at_toy("blind")

    assert answer.code == 1
    assert answer.verdicts["the message reaches user2"] == answer.verdicts["user2: opened, shows it"] == "passed"
    assert answer.verdicts["user1: shows it"] == answer.verdicts["user2: shows the next one"] == "failed"
    assert answer.causes[0] == "not-shown"


def test_a_count_that_is_one_too_high_is_not_read_away_before_it_is_looked_into(
    at_toy: Callable[[str], Answer],
) -> None:
    answer = at_toy("badge")

    assert answer.code == 1
    assert answer.verdicts["user2: one more unread"] == "failed"
    assert answer.verdicts["user2: opened, shows it"] == "unknown"
    assert answer.causes[0] in ("miscounted-by-page", "miscounted-by-server", "counted-twice")


def test_a_password_that_is_refused(doctor: Doctor, stack: Stack) -> None:
    answer = doctor(
        stack.page_url, "--json", "--user1=nobody:wrong-wrong", "--user2=x:y", api=stack.api_url, ws=stack.ws_url
    )

    assert answer.code == 2, "nothing is known against the chat"
    assert answer.verdicts["user1 signs in"] == "failed"
    assert "sign-in-refused" in answer.causes


# ---- the doctor cannot work ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--adapter=nowhere.at_all:CHAT"], "error: the adapter's module nowhere.at_all cannot be imported"),
        (["--adapter=fixtures.chat:CHAT"], "its adapters: REFERENCE_CHAT"),
        (["--adapter=fixtures"], "error: --adapter=fixtures is no adapter"),
        (["--user1=ann:secret"], "error: --user2 is missing"),
        (["--api-url=localhost"], "error: --api-url is no address"),
        (["--browser=netscape"], "netscape"),
    ],
)
def test_a_command_that_cannot_be_done(doctor: Doctor, options: list[str], said: str) -> None:
    answer = doctor("http://127.0.0.1:9", *options, api="http://127.0.0.1:9", ws="ws://127.0.0.1:9")

    assert answer.code == 2
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""


def test_a_browser_that_is_missing(doctor: Doctor, stack: Stack, tmp_path: Path) -> None:
    browsers = str(tmp_path)  # no system brings a WebKit that Playwright could drive

    answer = doctor(
        stack.page_url, "--browser=webkit", api=stack.api_url, ws=stack.ws_url, PLAYWRIGHT_BROWSERS_PATH=browsers
    )

    assert answer.code == 2
    assert "error: the browser webkit is not installed" in answer.err
    assert "Traceback" not in answer.err


def test_json_also_when_it_cannot_work(doctor: Doctor) -> None:
    answer = doctor(
        "http://127.0.0.1:9", "--json", api="http://127.0.0.1:9", ws="ws://127.0.0.1:9", adapter="nowhere:CHAT"
    )

    assert answer.code == answer.data["exit_code"] == 2
    assert "nowhere cannot be imported" in answer.data["error"]

"""What a run says of its tests: errors in pages, failures, and artifacts by the names of the windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.inner import Inner

MISBEHAVING = """
@pytest.fixture
def shown(user1, user2, chats, chat_api):
    chat = chats.direct(user1, user2)
    chat_api.misbehave(FAULT)
    user1.send(chat, "Hi")
    assert user2.timeline.wait_for(lambda: user2.timeline.find(kind=KIND, source="user2") or None, 5)
"""


@pytest.mark.parametrize(("fault", "kind"), [("scream", "console"), ("trip", "page_error")])
def test_an_error_in_a_page_fails_a_test_that_does_not_expect_it(inner: Inner, fault: str, kind: str) -> None:
    inner.write(
        test_it=f"FAULT, KIND = {fault!r}, {kind!r}\n{MISBEHAVING}"
        """
def test_unexpected(shown): pass

@pytest.mark.expects_errors("no such [a-z]+")
def test_expected(shown): pass

@pytest.mark.expects_errors("another thing")
def test_another_expected(shown): pass

def test_without_a_browser(chat_api): pass
"""
    )

    result = inner.run()

    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*_ test_unexpected*_*",
            "the page had errors that the test does not expect",
            f"*user2 *{kind} *no such thing*",
            "  to do: mend the page; what harms nobody is ChatApp.harmless, *@pytest.mark.expects_errors('pattern')",
            "*_ test_another_expected*_*",
        ]
    )


def test_a_rejection_for_want_of_a_network_is_no_error_once_the_test_broke_it(inner: Inner) -> None:
    inner.write(
        test_it="""
import time
from duologue.timeline import Event

pytestmark = pytest.mark.own_network

def throws(user, what):
    since = user.timeline.cursor()
    user.page.evaluate(what)
    assert user.timeline.wait_for(lambda: user.timeline.find(kind="page_error", since=since) or None, 5)

def test_in_a_cut(user1):
    user1.link.cut()
    throws(user1, "() => { fetch('/'); }")

def test_before_the_cut(user1):
    throws(user1, "() => { Promise.reject(new TypeError('Failed to fetch')); }")
    user1.link.cut()

def test_a_page_whose_clock_is_behind(user1):
    user1.timeline.append(Event(time.time() + 60, "faults", "action", "cuts user1's link", {}, "user1"))
    throws(user1, "() => { Promise.reject(new TypeError('Failed to fetch')); }")

def test_another_one(user1):
    user1.link.cut()
    throws(user1, "() => { Promise.reject(new TypeError('no such thing')); }")
"""
    )

    result = inner.run()

    result.assert_outcomes(passed=2, failed=2)


def test_a_failure_shows_the_tests_own_line_and_what_was_seen(inner: Inner) -> None:
    inner.write(
        test_it="""
def test_it(user1, user2, chats):
    chat = chats.direct(user1, user2)
    user1.send(chat, "Hi")
    expect(user2, timeout_s=1).to_have_unread(chat, 7)
"""
    )

    result = inner.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">       expect(user2, timeout_s=1).to_have_unread(chat, 7)",
            "E       duologue.errors.ExpectationFailed: user2: expected 7 unread in chat 100 within 1 s",
            "E * seen: ",
            "E * before        talk-100:'User1' unread 0 ''",
            "E * talk-100:'User1' unread 1 'Hi'",
            "test_it.py:*: ExpectationFailed",
        ]
    )
    text = result.stdout.str()
    assert "src/duologue" not in text
    assert "pytest_playwright.py" not in text.split("warnings summary")[0]


def test_a_failure_in_one_of_two_actions_shows_the_tests_own_line(inner: Inner) -> None:
    inner.write(
        test_it="""
def test_it(user1, user2, chats, together):
    chat = chats.direct(user1, user2)
    together(lambda: user1.send(chat, "Hi"), lambda: expect(user2, timeout_s=1).to_have_unread(chat, 7))
"""
    )

    result = inner.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([">*together(*", "*ExpectationFailed: user2: expected 7 unread*"])
    assert "src/duologue" not in result.stdout.str()


def test_a_selector_that_fits_nothing_is_one_clear_error_at_its_line(inner: Inner) -> None:
    inner.write(
        test_it="""
def test_it(user1, chats):
    chat = chats.with_somebody(user1)
    user1.page.set_default_timeout(2000)
    user1.page.evaluate("document.querySelector('#go').disabled = true")
    user1.send(chat, "Hi")
"""
    )

    result = inner.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>       user1.send(chat, "Hi")',
            "E*AdapterError: user1 could not do: sends 'Hi' to chat 100",
            "E*seen: Locator.click: Timeout 2000ms exceeded; *element is not enabled*",
            "E*to do: does the selector in the adapter fit the page? *",
        ]
    )
    assert "src/duologue" not in result.stdout.str()


@pytest.mark.only_browser("chromium")
def test_artifacts_bear_the_names_of_the_windows(inner: Inner) -> None:
    inner.write(
        test_it="""
def test_it(user1, user2, chats):
    chats.direct(user1, user2)
    user2.new_tab()
    user1.new_device()
"""
    )

    result = inner.run("--screenshot=on", "--tracing=on", "--output=artifacts")

    result.assert_outcomes(passed=1)
    names = sorted(path.name for path in Path(inner.path, "artifacts").rglob("*.*"))
    windows = ("user1-device2", "user1", "user2-tab2", "user2")  # as `-` and `.` sort
    assert [name for name in names if name.endswith(".png")] == [f"test-finished-{window}.png" for window in windows]
    assert [name for name in names if name.endswith(".zip")] == [
        "trace-user1-device2.zip",
        "trace-user1.zip",
        "trace-user2.zip",
    ]


def test_a_base_url_given_by_hand_is_honoured(inner: Inner, unused_port: int) -> None:
    inner.write(
        test_it=f"""
from playwright.sync_api import Error

def test_it(visitor):
    with pytest.raises(Error, match="127.0.0.1:{unused_port}/somewhere"):
        visitor.page.goto("/somewhere")
"""
    )

    inner.run(f"--base-url=http://127.0.0.1:{unused_port}").assert_outcomes(passed=1)

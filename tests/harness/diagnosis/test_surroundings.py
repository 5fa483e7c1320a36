"""What is nobody's bug is said so: the test's own fault, the adapter's, the browser's, the machine's."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect as in_page

from duologue.app import ChatApi
from duologue.diagnosis import Finding, findings
from duologue.errors import AdapterError, ExpectationFailed, Symptom, UnknownVerdict, UsageError, VacuousExpectation
from duologue.people.surroundings import CRASHES
from tests.harness.diagnosis.scene import Scene, connected_scene


def expected_to_show(scene: Scene) -> ExpectationFailed:
    """user2 was to see the last message."""
    error = ExpectationFailed("it is not there")
    error.symptom = Symptom("to_show", "user2", "7", scene.cast.sent[-1].text)
    return error


def causes(scene: Scene, error: Exception | None = None) -> list[tuple[str, str]]:
    """All that hold with whose fault they are, the likeliest first."""
    return [(finding.cause, finding.verdict) for finding in findings(scene.evidence(error=error))]


def test_a_slip_in_the_code_is_not_blamed_on_the_product() -> None:
    scene = connected_scene()
    scene.sends()
    scene.requests()
    scene.notifies("1")
    scene.delivers(who="user1")
    scene.probes()

    assert causes(scene, AttributeError("'User' object has no attribute 'sned'"))[0] == ("test-raised", "harness")
    seen_as_none = AttributeError("'NoneType' object has no attribute 'text'")
    assert causes(scene, seen_as_none)[0] == ("not-a-member-in-manager", "product")


def test_verdicts_that_are_the_tests_own_fault() -> None:
    scene = connected_scene()
    scene.probes()

    assert causes(scene, VacuousExpectation("it was so before")) == [("vacuous-expectation", "harness")]
    assert causes(scene, UnknownVerdict("nothing was seen")) == [("unknown", "harness")]
    assert causes(scene, UsageError("no own network")) == [("wrong-use", "harness")]
    assert causes(scene, AdapterError("no such element")) == [("selector-does-not-fit", "harness")]
    assert causes(scene, KeyError("nobody")) == [("test-raised", "harness")]


def test_a_call_of_the_api_that_failed_is_named() -> None:
    class Api(ChatApi):
        def close(self) -> None:
            """Fails."""
            raise KeyError("session")

    scene = connected_scene()
    scene.probes()
    with pytest.raises(KeyError) as raised:
        Api().close()

    found = findings(scene.evidence(error=raised.value))[0]
    assert (found.cause, found.text) == ("api-call-failed", "Api.close raised KeyError: 'session'")


def test_what_the_api_itself_asserts_goes_before_what_a_list_shows() -> None:
    class Api(ChatApi):
        def close(self) -> None:
            """Fails."""
            raise AssertionError("cannot remove the last one")

    scene = connected_scene()
    scene.sees("user2", "view:chats", "chats", name="chats", rows=({"key": "7", "name": "User2"},))
    scene.probes()
    with pytest.raises(AssertionError) as raised:
        Api().close()

    found = findings(scene.evidence(error=raised.value))
    assert (found[0].cause, found[0].verdict) == ("api-call-failed", "harness")


def test_a_row_selector_that_finds_nothing_while_the_api_lists_chats() -> None:
    scene = Scene()
    scene.connects("user2")
    scene.sees("user2", "view:chats", "chats", name="chats", rows=())
    scene.probes()

    assert causes(scene) == [("selector-does-not-fit", "harness")]


def test_a_page_that_crashed_is_the_environments() -> None:
    scene = connected_scene()
    scene.sees("user1", "page_crashed", "http://h/")
    scene.probes()

    assert causes(scene)[0] == ("browser-crashed", "environment")


def test_a_page_that_the_test_crashed_is_no_cause() -> None:
    scene = connected_scene()
    scene.sees("user1", "action", CRASHES)
    scene.sees("user1", "page_crashed", "http://h/")
    scene.probes()

    assert "browser-crashed" not in dict(causes(scene))


def test_a_browser_that_ended_closes_windows_and_is_the_environments() -> None:
    scene = connected_scene()
    scene.sees("user2", "page_closed", "http://h/")
    scene.probes()
    scene.sees("user2", "browser_gone", "chromium has ended")

    assert causes(scene)[0] == ("browser-crashed", "environment")


def test_a_window_that_was_closed_by_somebody_else() -> None:
    scene = connected_scene()
    scene.sees("user2", "page_closed", "http://h/")
    scene.probes()

    assert causes(scene)[0] == ("window-closed", "product")


def test_a_window_that_the_test_closed_is_no_cause() -> None:
    scene = connected_scene()
    scene.sees("user2", "action", "closes the window")
    scene.sees("user2", "page_closed", "http://h/")
    scene.probes()

    assert causes(scene) == [("no-rule-fits", "product")]


def test_a_window_that_went_to_the_background_by_itself() -> None:
    scene = connected_scene()
    scene.page_state("user2", hidden=True)
    scene.probes()

    assert causes(scene) == [("window-hidden", "environment")]


def test_a_disk_that_is_full_by_what_a_service_says() -> None:
    scene = connected_scene()
    scene.sees("backend", "log", "sqlite3.OperationalError: database or disk is full")
    scene.probes()

    assert causes(scene)[0] == ("disk-full", "environment")


def test_a_disk_that_the_test_filled_is_not_the_environments_fault() -> None:
    scene = connected_scene()
    scene.breaks("fills the disk of backend", of="backend")
    scene.sees("backend", "log", "sqlite3.OperationalError: database or disk is full")
    scene.breaks("frees the disk of backend", of="backend", undoes=True)

    assert ("disk-full", "environment") not in causes(scene)


def test_a_disk_that_is_full_by_its_own_figures() -> None:
    scene = connected_scene()
    scene.sees("machine", "probe", "1 MB free", load=1.0, cores=2, free_mb=1.0, fullest="/tmp")

    assert causes(scene) == [("disk-full", "environment")]


def test_an_overloaded_machine_is_named_last() -> None:
    scene = connected_scene()
    scene.sees("machine", "probe", "load 40 on 2 cores", load=40.0, cores=2)
    scene.sees("user2", "page_error", "TypeError: x is undefined")

    assert causes(scene) == [("page-threw", "product"), ("machine-starved", "environment")]


def test_a_machine_that_stood_still() -> None:
    scene = connected_scene()
    scene.sees("machine", "clock_gap", "nothing of this process ran for 4.2 s", seconds=4.2)
    scene.probes()

    found = findings(scene.evidence())[0]
    assert found.cause == "machine-starved"
    assert "stood still for 4.2 s" in found.text


def test_a_comparison_fails_on_no_machine_for_want_of_time() -> None:
    scene = connected_scene()
    scene.sees("machine", "probe", "load 40 on 2 cores", load=40.0, cores=2)

    assert causes(scene, AssertionError("assert 1 == 2")) == [("own-check-failed", "product")]
    assert causes(scene, KeyError("nobody")) == [("test-raised", "harness")]


def test_what_a_check_of_the_tests_own_found_is_said_without_its_derivation() -> None:
    scene = connected_scene()
    scene.probes()

    def found(error: Exception) -> str:
        return findings(scene.evidence(error=error))[0].text

    assert found(AssertionError("asked once\nassert 2 == 1\n +  where 2 = refreshes()")) == (
        "the test's own check failed: asked once assert 2 == 1"
    )
    assert found(AssertionError("Page title expected to be 'Chat'\nActual value: Log in \nCall log:\n  - 1 ×")) == (
        "the test's own check failed: Page title expected to be 'Chat' Actual value: Log in"
    )
    assert found(AssertionError()) == "the test's own check failed: it says no more"


def test_what_a_page_never_had_or_kept_from_being_used_is_the_products(page: Page) -> None:
    scene = connected_scene()
    scene.probes()
    scene.user1.page, scene.user2.page = page.context.new_page(), page
    page.set_content("<button disabled>Members</button>")

    def found(action: Callable[[], None]) -> Finding:
        with pytest.raises(PlaywrightTimeout) as raised:
            action()
        return findings(scene.evidence(error=raised.value))[0]

    missing = found(lambda: page.get_by_label("Username").wait_for(timeout=100))
    unusable = found(lambda: page.get_by_role("button").click(timeout=1_000))

    assert (missing.cause, unusable.cause) == ("element-missing", "element-unusable")
    assert missing.text.startswith("user2: Locator.wait_for: Timeout 100ms exceeded; waiting for get_by_label")
    assert "locator resolved to <button disabled>" in unusable.text


def test_what_a_page_shows_otherwise_than_a_test_expects_is_said_with_its_place(page: Page) -> None:
    scene = connected_scene()
    scene.probes()
    page.set_content("<ul aria-label=Members><li>Ann</li></ul>")

    with pytest.raises(AssertionError) as raised:
        in_page(page.get_by_role("list", name="Members").get_by_role("listitem")).to_have_count(3, timeout=100)

    found = findings(scene.evidence(error=raised.value))[0]
    assert (found.cause, found.hop) == ("element-differs", "page")
    assert found.text == (
        'get_by_role("list", name="Members").get_by_role("listitem"): '
        "Locator expected to have count '3'; Actual value: 1"
    )


def test_a_fault_that_the_test_never_mended_is_its_own() -> None:
    scene = connected_scene()
    scene.breaks("kills backend", "backend")
    scene.closes("user2", 1006)
    scene.breaks("cuts user1's link", "user1")
    scene.wait(1)
    scene.probes("refused")

    found = findings(scene.evidence(Symptom("to_show", "user2", "7")))

    ours = next(finding for finding in found if finding.cause == "fault-in-effect")
    assert "kills backend (1 s before)" in ours.text
    assert "user1" not in ours.text


def test_what_could_not_be_decided_because_a_message_was_lost_is_the_messages_fault() -> None:
    scene = connected_scene()
    message = scene.sends("And the last")
    scene.probes()
    error = UnknownVerdict("'And the last' did not arrive")
    error.symptom = Symptom("unknown", "user2", "7", message.text)

    assert causes(scene, error) == [("not-sent", "product"), ("unknown", "harness")]


def test_errors_that_a_page_wrote_in_a_test_that_came_true_otherwise() -> None:
    scene = connected_scene()
    scene.requests(404)
    scene.sees("user1", "console", "Failed to load resource: 404", level="error", args=(), browser=True)
    scene.probes()

    found = findings(scene.evidence(Symptom("to_have_no_errors", "user1", "", "Failed to load resource: 404")))[0]
    assert found.cause == "page-said-errors"
    assert "it was answered 404 POST" in found.text


def test_a_call_of_the_api_at_which_the_server_failed_is_the_servers_fault() -> None:
    class Api(ChatApi):
        def close(self) -> None:
            """Is answered 500."""
            request = httpx.Request("POST", "http://h/chats")
            httpx.Response(500, request=request).raise_for_status()

    scene = connected_scene()
    scene.sees("backend", "log", "KeyError: 7")
    scene.probes()
    with pytest.raises(httpx.HTTPStatusError) as raised:
        Api().close()

    found = findings(scene.evidence(error=raised.value))[0]
    assert (found.cause, found.verdict) == ("server-error", "product")
    assert found.text.endswith("; KeyError: 7")


def test_what_somebody_types_needs_no_network() -> None:
    scene = connected_scene()
    scene.breaks("delays by 1500 ± 0 ms user2's link", "user2")
    scene.probes()

    symptom = Symptom("to_have_typed", "user2", expected="Half of it")
    found = [finding.cause for finding in findings(scene.evidence(symptom))]

    assert found.index("draft-wrong") < found.index("fault-in-effect")


def test_what_is_in_the_page_already_no_outage_keeps_from_being_shown() -> None:
    scene = connected_scene()
    scene.opens("user2")
    scene.sends()
    scene.requests()
    scene.notifies()
    scene.delivers()
    scene.delivers(who="user1")
    scene.sees("user2", "console", "news in 7", args=("Hello",))
    scene.breaks("cuts user2's link", "user2")
    scene.probes()

    found = [cause for cause, _ in causes(scene, expected_to_show(scene))]
    assert found.index("not-shown") < found.index("fault-in-effect")


def test_a_list_of_which_the_page_names_no_chat_is_no_fault_of_the_adapter() -> None:
    scene = Scene()
    scene.connects("user2")
    scene.sees("user2", "view:chats", "chats", name="chats", rows=())
    scene.page_state("user2", names=False)
    scene.probes()

    assert causes(scene) == [("chat-not-listed", "product")]


def test_a_field_that_reads_white_space_around_the_text_does_not_fit() -> None:
    scene = connected_scene()
    scene.sends("Are you there?")
    scene.requests()
    scene.notifies("2")
    scene.delivers("Are you there?")
    scene.opens("user2")
    scene.sees("user2", "view:messages", "messages", name="messages", rows=({"text": " Are you there?"},))
    scene.probes(messages=["Are you there?"])

    found = findings(scene.evidence(Symptom("to_show", "user2", "", "Are you there?")))[0]
    assert (found.cause, found.verdict) == ("selector-does-not-fit", "harness")
    assert "differ in white space alone" in found.text

"""What a run leaves of its tests: a folder for each that failed, whatever went wrong."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.harness.inner import Inner
from tests.harness.report.texts import FOLDER, LOST, PASSING

pytestmark = pytest.mark.usefixtures("chromium_alone")


def about(inner: Inner, folder: Path = FOLDER) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((inner.path / folder / "about.json").read_text(encoding="utf-8"))
    return found


def files(inner: Inner, folder: Path = FOLDER) -> set[str]:
    return {path.name for path in (inner.path / folder).iterdir()}


def test_a_failed_test_leaves_its_folder_and_the_run_says_where(inner: Inner) -> None:
    inner.write(test_it=LOST + PASSING)

    result = inner.run("--junitxml=junit.xml")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*= evidence =*", str(FOLDER / "timeline.html")])
    assert {"timeline.html", "timeline.jsonl", "requests.har", "about.json", "user1.png", "user2.png"} <= files(inner)
    assert [path.name for path in (inner.path / "test-results").iterdir()] == [FOLDER.name]
    kept = [json.loads(line) for line in (inner.path / FOLDER / "timeline.jsonl").read_text().splitlines()]
    assert "Hello <b>you</b>" in str(kept)
    kinds = {record["source"]: record["kind"] for record in kept if record["kind"] in ("page_state", "page_error")}
    assert kinds == {"user1": "page_state", "user2": "page_state"}, "to ask a page is no error in it"
    assert [record["at"] for record in kept] == sorted(record["at"] for record in kept)
    properties = {
        it.get("name"): it.get("value") for it in ElementTree.parse(inner.path / "junit.xml").iter("property")
    }
    assert properties["evidence"] == str(FOLDER)
    assert str(properties["duologue_cause"]).startswith("CAUSE  product · ")


def test_about_tells_how_to_run_the_test_again(inner: Inner) -> None:
    inner.write(test_it=LOST)

    inner.run()

    it = about(inner)
    assert it["outcome"] == "failed"
    assert it["missing"] == {}
    assert it["stack"]["kind"] == "processes"
    assert {"python", "playwright", "browser", "duologue"} <= it["versions"].keys()
    command = "python -m pytest 'test_it.py::test_lost[chromium]' --stack=processes"
    assert it["command"].removesuffix(" --browser=chromium") == command


def test_no_file_holds_a_password_or_a_token(inner: Inner) -> None:
    token = "8f14e45fceea167a5a36dedd4bea2543"
    inner.write(
        test_it=f"""
def test_lost(user1):
    headers = "Authorization: Bearer {token}"
    user1.page.evaluate("console.log('correct horse battery', {{access_token: '{token}'}})")
    user1.page.evaluate("fetch('/nowhere?token={token}')")
    user1.page.set_content("<input type=password>")
    user1.page.locator("input").fill("correct horse battery")
    assert not headers
"""
    )

    result = inner.run("--tracing=retain-on-failure", "--junitxml=junit.xml", "-l")

    assert token not in result.stdout.str()
    assert token not in (inner.path / "junit.xml").read_text(encoding="utf-8")
    kept = {path.name: path.read_bytes() for path in (inner.path / FOLDER).iterdir()}
    with zipfile.ZipFile(inner.path / FOLDER / "trace-user1.zip") as trace:
        kept |= {name: trace.read(name) for name in trace.namelist() if not name.startswith("resources/src@")}
    assert b"[redacted password]" in kept["timeline.jsonl"]
    for name, content in kept.items():
        assert token.encode() not in content, name
        assert b"correct horse" not in content, name


def test_evidence_on_keeps_that_of_tests_that_pass_with_their_latencies(inner: Inner) -> None:
    inner.write(test_it=PASSING)

    result = inner.run("--evidence=on")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["1 tests that passed: test-results"])
    folder = Path("test-results", "test-it-py-test-arrives-chromium")
    page = (inner.path / folder / "timeline.html").read_text(encoding="utf-8")
    assert re.search(r'"text":"Hello","from":"user1","to":"user2".*?"ms":[1-9]', page)
    assert about(inner, folder)["outcome"] == "passed"


def test_evidence_off_keeps_nothing(inner: Inner) -> None:
    inner.write(test_it=LOST)

    result = inner.run("--evidence=off")

    result.assert_outcomes(failed=1)
    assert not (inner.path / "test-results").exists()
    result.stdout.no_fnmatch_line("*= evidence =*")


def test_tests_without_people_and_tests_left_out_keep_nothing(inner: Inner) -> None:
    inner.write(
        test_it="""
def test_plain(): assert False
def test_left_out(user1): pytest.skip("not today")
@pytest.mark.xfail
def test_known(user1): assert False
"""
    )

    result = inner.run()

    result.assert_outcomes(failed=1, skipped=1, xfailed=1)
    assert not (inner.path / "test-results").exists()


def test_a_setup_and_a_teardown_that_fail_leave_evidence(inner: Inner) -> None:
    inner.write(
        test_it="""
@pytest.fixture
def ready(user1): raise RuntimeError("not ready")
@pytest.fixture
def tidy(user1):
    yield
    raise RuntimeError("not tidy")
def test_setup(ready): pass
def test_teardown(tidy): pass
"""
    )

    result = inner.run()

    result.assert_outcomes(passed=1, errors=2)
    setup, teardown = (Path("test-results", f"test-it-py-test-{name}-chromium") for name in ("setup", "teardown"))
    assert about(inner, setup)["phase"] == "setup"
    assert "user1.png" in files(inner, setup)
    assert about(inner, teardown)["phase"] == "teardown"
    assert "not tidy" in (inner.path / teardown / "timeline.html").read_text(encoding="utf-8")


def test_workers_write_the_evidence_and_the_controller_says_where(inner: Inner) -> None:
    inner.write(test_it=LOST, test_other=LOST.replace("test_lost", "test_too"))

    result = inner.run("-n2", "--junitxml=junit.xml")

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines_random(
        [str(FOLDER / "timeline.html"), str(Path("test-results", "test-other-py-test-too-chromium", "timeline.html"))]
    )
    assert "timeline.html" in files(inner)
    properties = ElementTree.parse(inner.path / "junit.xml").iter("property")
    assert sorted(str(it.get("value")) for it in properties if it.get("name") == "evidence")[0] == str(FOLDER)


# ---- when something goes wrong while it is collected ---------------------------------------------------------------
def test_a_window_that_is_gone_costs_its_picture_alone(inner: Inner) -> None:
    inner.write(
        test_it="""
def test_lost(user1, user2):
    user2.page.close()
    assert False, "the test's own failure"
"""
    )

    result = inner.run()

    result.stdout.fnmatch_lines(["E * the test's own failure*"])
    assert about(inner)["missing"] == {"screenshot of user2": "the window is closed"}
    assert "user1.png" in files(inner)


def test_a_page_that_hangs_costs_its_picture_alone(inner: Inner) -> None:
    inner.write(
        test_it="""
from duologue import evidence
evidence.SCREENSHOT_TIMEOUT_MS = 500
def test_lost(user1, user2):
    user2.page.evaluate("setTimeout(() => { for (;;); })")
    assert False, "the test's own failure"
"""
    )

    result = inner.run(timeout_s=90)

    result.stdout.fnmatch_lines(["E * the test's own failure*"])
    assert "TimeoutError" in about(inner)["missing"]["screenshot of user2"]
    assert {"user1.png", "timeline.html"} <= files(inner)


def test_a_part_that_cannot_be_made_costs_no_other(inner: Inner) -> None:
    inner.write(
        conftest=(inner.path / "conftest.py").read_text()
        + """
from duologue.report import bundle
def full(*_): raise OSError(28, "No space left on device")
bundle.har = full
""",
        test_it=LOST,
    )

    result = inner.run()

    result.assert_outcomes(failed=1)
    assert "No space left" in about(inner)["missing"]["requests.har"]
    assert "timeline.html" in files(inner)
    result.stdout.fnmatch_lines(["requests.har could not be had: OSError: *No space left on device"])


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is a tmpfs, on Linux alone")
def test_a_full_disk_takes_the_evidence_and_leaves_the_failure_its_cause_and_no_empty_files(inner: Inner) -> None:
    inner.write(
        conftest=(inner.path / "conftest.py").read_text()
        + """
import os
def pytest_runtest_call():
    with open("test-results/.full", "wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)): pass
        except OSError: pass
def pytest_unconfigure():
    print("left:", *sorted(os.listdir("test-results")))
""",
        test_it=LOST,
    )

    result = inner.run_on_small_disk("test-results")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E *user2: expected *",
            "timeline.html could not be had: OSError: *No space left on device",
            "CAUSE  product * miscounted-by-server: expected 7, the server holds 1, user2 shows 1 *",
            "left: .full",
        ]
    )
    result.stdout.no_fnmatch_line("*timeline.html")
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_a_folder_that_cannot_be_made_hides_no_failure(inner: Inner) -> None:
    inner.write(test_it=LOST)
    (inner.path / "taken").write_text("a file, no folder")

    result = inner.run("--output=taken/results")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *user2: expected *", "evidence could not be had: NotADirectoryError: *"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_a_trace_that_cannot_be_cleaned_is_not_kept(inner: Inner) -> None:
    inner.write(
        conftest=(inner.path / "conftest.py").read_text()
        + """
from duologue import evidence
def full(*_): raise OSError(28, "No space left on device")
evidence.redact_trace = full
""",
        test_it=LOST,
    )

    result = inner.run("--tracing=on")

    result.assert_outcomes(failed=1)
    assert not any(name.endswith(".zip") for name in files(inner))
    result.stdout.no_fnmatch_line("*INTERNALERROR*")

"""What is missing is one clear error: what, what was seen, what to do, and no traceback of ours."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from duologue.errors import BrowserError
from duologue.people.browsers import launch_arguments
from tests.harness.inner import Inner

TWO_TESTS = """
def test_one(user1): raise AssertionError("is not run")

def test_two(user1): raise AssertionError("is not run")
"""


def shows_no_traceback(result: pytest.RunResult) -> bool:
    """Whether no frame of anybody's is shown."""
    text = result.stdout.str() + result.stderr.str()
    return "Traceback" not in text and "src/duologue" not in text and "raise " not in text


@pytest.mark.parametrize("browser", ["firefox", "webkit"])
def test_a_missing_browser(inner: Inner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, browser: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    inner.write(test_it="def test_it(page): raise AssertionError('is not run')")

    result = inner.run(f"--browser={browser}")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [f"the browser {browser} is not installed", "  seen: nothing at *", f"  to do: *playwright install {browser}*"]
    )
    assert shows_no_traceback(result)


def test_a_missing_chromium(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nowhere(command: str) -> None:
        del command

    monkeypatch.setattr("duologue.people.browsers.shutil.which", nowhere)
    playwrights_own: Any = SimpleNamespace(
        name="chromium", executable_path=str(tmp_path / "chromium-1" / "linux" / "chrome")
    )

    with pytest.raises(BrowserError, match=r"(?s)chromium is not installed.*-m playwright install chromium"):
        launch_arguments(playwrights_own, {})


@pytest.mark.parametrize(
    ("fixture", "what"), [("stack_definition", "no stack is defined"), ("chat_app", "no chat is described")]
)
def test_a_fixture_that_the_team_has_not_written(inner: Inner, fixture: str, what: str) -> None:
    lines = (inner.path / "conftest.py").read_text().replace(f"def {fixture}():", f"def other_{fixture}():")
    inner.write(conftest=lines, test_it=TWO_TESTS)

    result = inner.run()

    result.stdout.fnmatch_lines([what, f"  to do: define the session fixture `{fixture}` in conftest.py"])
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"!*! no test can go on: {what} !*!"])
    assert shows_no_traceback(result)


def test_a_stack_that_does_not_come_up_stops_the_run(inner: Inner) -> None:
    broken = (inner.path / "conftest.py").read_text().replace("toy_stack(Path(__file__).parent)", "BROKEN")
    inner.write(
        conftest=broken
        + """
from duologue.stack import ProcessService, StackDefinition
BROKEN = StackDefinition(
    root=Path(__file__).parent,
    processes=[ProcessService(
        name="toy", ready="{toy.url}/",
        command=["{python}", "-c", "import sys; print('cannot find the database'); sys.exit(3)"],
    )],
    page="{toy.url}", api="{toy.url}", ws="{toy.ws_url}",
)
""",
        test_it=TWO_TESTS,
    )

    result = inner.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "toy exited with code 3 instead of becoming ready",
            "*cannot find the database*",
            "!*! no test can go on: toy exited with code 3*!",
        ]
    )
    # On CI pytest gives whole messages in its short summary too.
    errors, _, _ = result.stdout.str().partition(" short test summary info ")
    assert errors.count("    cannot find the database") == 1
    assert shows_no_traceback(result)
    assert inner.leftovers() == []


def test_nothing_at_the_address_of_a_stack(inner: Inner, unused_port: int) -> None:
    inner.write(test_it=TWO_TESTS)
    url = f"http://127.0.0.1:{unused_port}"

    result = inner.run(f"--api-url={url}", f"--ws-url=ws://127.0.0.1:{unused_port}", stack=url)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"nothing answers at {url} (--stack)", "  to do: start that stack, *"])
    assert shows_no_traceback(result)


def test_a_wrong_account(inner: Inner) -> None:
    inner.write(
        test_it="""
from dataclasses import replace

def test_it(visitor):
    visitor.account = replace(visitor.account, password="not the password")
    visitor.sign_in_by_form()
"""
    )

    result = inner.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">*visitor.sign_in_by_form()",
            "E *visitor was not let in as visitor_*",
            "E *seen: 'visitor_* cannot come in' *",
        ]
    )
    assert "src/duologue" not in result.stdout.str()

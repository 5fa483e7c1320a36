"""`run` hands over to pytest what it was given, and sets up only what is missing."""

from __future__ import annotations

import os
import shutil
import signal
import sys

import pytest

from .conftest import House

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs that stand in are scripts with a #! line")


def test_the_options_reach_pytest_as_they_were_given(house: House) -> None:
    done = house.run("e2e", "-k", "two words", "--browser=chromium", "tests/e2e")

    assert house.calls[-1] == "python -m pytest -m e2e -k two words --browser=chromium tests/e2e"
    assert done.returncode == 0


def test_the_exit_code_is_pytests_own(house: House) -> None:
    house.answer("-m pytest", exits=5)

    assert house.run("e2e").returncode == 5


def test_the_second_run_calls_nothing_but_pytest(house: House) -> None:
    house.run("e2e")
    house.forget_calls()

    second = house.run("e2e")

    assert house.calls == ["python -m pytest -m e2e"]
    assert "run:" not in second.stdout


def test_each_step_is_told_in_one_line_with_its_time(house: House) -> None:
    told = house.run("setup").stdout.splitlines()

    assert [line.split(":")[1].strip() for line in told] == [
        "packages", "project", "npm-frontend", "build-frontend", "browser-chromium",
    ]  # fmt: skip
    assert all(line.endswith(" s") for line in told)


def test_new_constraints_are_installed(house: House) -> None:
    house.run("setup")
    house.forget_calls()

    (house.checkout / "constraints.txt").write_text("a==2\n")
    house.run("setup")

    assert any("--require-hashes" in call for call in house.calls)


def test_an_edited_source_is_built_again_without_installing_again(house: House) -> None:
    house.run("setup")
    house.forget_calls()

    (house.frontend / "src" / "main.js").write_text("2")
    house.run("setup")

    assert house.calls == ["node --version", "npm run build"]


def test_a_build_that_was_deleted_is_made_again(house: House) -> None:
    house.run("setup")
    house.forget_calls()

    house.dist.unlink()
    house.run("setup")

    assert "npm run build" in house.calls


def test_two_runs_at_once_set_up_once(house: House) -> None:
    runs = [house.start("setup"), house.start("setup")]

    assert [run.wait(timeout=60) for run in runs] == [0, 0]
    assert house.calls.count("npm run build") == 1
    for run in runs:
        run.communicate()


def test_a_compose_stack_needs_no_node(house: House) -> None:
    (house.programs / "node").unlink()
    (house.programs / "npm").unlink()

    assert house.run("e2e", "--stack=compose").returncode == 0


def test_a_repository_without_a_chat_of_its_own_needs_no_node(house: House) -> None:
    shutil.rmtree(house.frontend)
    (house.programs / "node").unlink()

    assert house.run("e2e").returncode == 0


@pytest.mark.parametrize("options", [["--browser", "firefox", "--browser=chromium"], ["--browser=firefox"]])
def test_the_browsers_asked_for_are_looked_for(house: House, options: list[str]) -> None:
    house.add_program("firefox-esr")

    told = house.run("setup", *options).stdout

    assert "browser-firefox" in told
    assert ("browser-chromium" in told) == ("--browser=chromium" in options)


def test_the_systems_browser_spares_the_download(house: House) -> None:
    house.run("setup", "--browser=chromium")

    assert not [call for call in house.calls if "playwright install" in call and "--dry-run" not in call]


def test_where_playwrights_own_is_asked_for_it_is_downloaded_although_the_system_has_one(house: House) -> None:
    mine = house.checkout / "browsers"
    house.answer("--dry-run", prints=f"Install location: {mine}")
    house.answer("playwright install chromium-headless-shell", makes=[str(mine / "INSTALLATION_COMPLETE")])

    done = house.run("setup", env={"PLAYWRIGHT_BROWSERS_PATH": str(mine), "CI": "true"})

    assert done.returncode == 0
    assert "python -m playwright install chromium-headless-shell" in house.calls


def test_every_suite_runs_also_after_a_failure_and_the_summary_says_which_failed(house: House) -> None:
    (house.checkout / "chat" / "backend" / "tests").mkdir(parents=True)
    house.answer("chat/backend/tests", exits=1)

    done = house.run("tests")

    assert done.returncode == 1
    assert [line.split(",")[0] for line in done.stdout.splitlines()[-3:]] == [
        "run: backend   FAILED (exit code 1)", "run: frontend  passed", "run: tests     passed",
    ]  # fmt: skip


def test_ctrl_c_ends_the_suite_that_runs_and_starts_no_other(house: House) -> None:
    house.answer("vitest run", waits=True)
    run = house.start("tests")
    house.wait_for_a_waiting_program()

    os.killpg(run.pid, signal.SIGINT)
    out, _ = run.communicate(timeout=60)

    assert run.returncode == 130
    assert "run: frontend  INTERRUPTED" in out
    assert not [call for call in house.calls if "-m pytest" in call]


def test_sigterm_ends_the_suite_that_runs_and_starts_no_other(house: House) -> None:
    house.answer("vitest run", waits=True)
    run = house.start("tests")
    house.wait_for_a_waiting_program()

    run.terminate()
    out, _ = run.communicate(timeout=60)

    assert run.returncode == 130
    assert "run: frontend  INTERRUPTED" in out
    assert not [call for call in house.calls if "-m pytest" in call]


def test_a_test_that_is_named_runs_alone(house: House) -> None:
    (house.checkout / "tests").mkdir()
    (house.checkout / "tests" / "test_one.py").write_text("")

    house.run("tests", "tests/test_one.py::test_it")

    assert house.calls[-1] == "python -m pytest tests/test_one.py::test_it"

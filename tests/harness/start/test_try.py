"""`duologue try` finds the selectors of a chat that nobody has described, and says why."""

from __future__ import annotations

from pathlib import Path

from duologue.stack import Stack
from tests.harness.start.conftest import Duologue

PEOPLE = ("--user1", "ann:a word", "--user2", "bob:a word")


def test_an_adapter_is_found_by_looking(folder: Path, duologue: Duologue, toy: Stack) -> None:
    duologue("init", "--url", toy.page_url)

    done = duologue("try", toy.page_url, *PEOPLE, "--name", "toy", in_browser=True)

    assert done.returncode == 0, done.stdout + done.stderr
    found = (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")
    assert "UNSURE" not in found
    for line in (
        'row="#talks > tr"',
        'key=Field(attribute="id")',
        'name=Field(selector="th")',
        'unread=Field(selector=".count", visible=True)',
        'preview=Field(selector=".last")',
        'is_open=Field(selector=".open", attribute="class")',
        'row="#talk > dd"',
        "text=Field(exact=True)",
        'composer="#say"',
        'send_button="#go"',
        'Form(path="/", username="#who", password="#word", submit="input[type=submit]")',
        "# it read 1 after the first message, 2 after the second",
        "# Enter did not send, this button did",
        "groups=False, membership=False, api_send=False, api_messages=False, api_chats=False, frames=False",
    ):
        assert line in found


def test_what_fails_its_own_check_is_unsure_and_a_route_may_follow_a_hash(
    folder: Path, duologue: Duologue, toy_that_miscounts: Stack
) -> None:
    duologue("init", "--url", toy_that_miscounts.page_url)

    done = duologue("try", f"{toy_that_miscounts.page_url}/#/door", *PEOPLE, in_browser=True)

    assert done.returncode == 1, done.stdout + done.stderr
    found = (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")
    assert (
        "# UNSURE: the badge does not come to read 0; the badge does not come to read 1 "
        "(it read 2 after the first message, 3 after the second)"
    ) in found
    assert 'Form(path="/#/door", ' in found


def test_an_adapter_that_somebody_wrote_is_not_written_over(folder: Path, duologue: Duologue, toy: Stack) -> None:
    (folder / "fixtures").mkdir()
    (folder / "fixtures" / "chat.py").write_text("# mine\n")

    done = duologue("try", toy.page_url, *PEOPLE, in_browser=True)

    assert done.returncode == 2
    assert "fixtures/chat.py is there, and somebody wrote it" in done.stderr
    assert (folder / "fixtures" / "chat.py").read_text() == "# mine\n"


def test_who_is_not_let_in_is_told(folder: Path, duologue: Duologue, toy: Stack) -> None:
    done = duologue("try", toy.page_url, "--user1", "ann:another word", "--user2", "bob:a word", in_browser=True)

    assert done.returncode == 2
    assert "ann was not let in" in done.stderr
    assert "another word" not in done.stderr
    assert not (folder / "fixtures").exists()

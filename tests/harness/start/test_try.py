"""`duologue try` finds the selectors of a chat that nobody has described, and says why."""

from __future__ import annotations

from pathlib import Path

from duologue.stack import Stack
from duologue.start import Draft
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
        "groups=False, membership=False, removal=False, ",
        "api_send=False, api_messages=False, api_chats=False, frames=False",
    ):
        assert line in found


def test_a_row_that_only_lights_up_has_a_dot(folder: Path, duologue: Duologue, toy_that_counts_nothing: Stack) -> None:
    duologue("init", "--url", toy_that_counts_nothing.page_url)

    done = duologue("try", toy_that_counts_nothing.page_url, *PEOPLE, in_browser=True)

    found = (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    for line in (
        'row="#talks > tr"',
        "# the row has it since a message came, and no other row does; until it is opened",
        'unread=Field(selector=".lit", attribute="class")',
        'row="#talk > dd"',
        "unread='dot'",
    ):
        assert line in found
    assert "✓ chats.unread: dot" in done.stdout


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


def test_an_adapter_that_nobody_changed_since_is_written_over(folder: Path, duologue: Duologue, toy: Stack) -> None:
    duologue("init", "--url", toy.page_url)
    (folder / "fixtures" / "chat.py").write_text(Draft("toy").text(toy.page_url), encoding="utf-8")

    done = duologue("try", toy.page_url, *PEOPLE, in_browser=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert 'row="#talks > tr"' in (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")


def test_an_example_that_somebody_changed_is_not_written_over(folder: Path, duologue: Duologue, toy: Stack) -> None:
    duologue("init", "--url", toy.page_url)
    chat = folder / "fixtures" / "chat.py"
    changed = chat.read_text(encoding="utf-8").replace('"textarea"', '"#say"')
    chat.write_text(changed, encoding="utf-8")

    done = duologue("try", toy.page_url, *PEOPLE, in_browser=True)

    assert done.returncode == 2, done.stdout + done.stderr
    assert "fixtures/chat.py is there, and somebody wrote it" in done.stderr
    assert chat.read_text(encoding="utf-8") == changed


def test_the_author_of_a_message_is_not_taken_for_the_row_of_the_list(
    folder: Path, duologue: Duologue, toy_that_calls_people_longer: Stack
) -> None:
    duologue("init", "--url", toy_that_calls_people_longer.page_url)

    done = duologue("try", toy_that_calls_people_longer.page_url, *PEOPLE, in_browser=True)

    found = (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")
    for line in (
        'is_open=Field(selector=".open", attribute="class")',
        'row="#talk > dd"',
        'KEYS = {USER1.username: "Chat with Bob", USER2.username: "Chat with Ann"}',
        "# UNSURE: no attribute tells the rows apart and lasts; two chats of one name would be taken for one",
    ):
        assert line in found
    assert found.count("UNSURE") == 1, done.stdout + done.stderr


def test_a_chat_that_opens_by_itself_is_left_before_a_message_comes(
    folder: Path, duologue: Duologue, toy_that_reopens: Stack
) -> None:
    duologue("init", "--url", toy_that_reopens.page_url)

    done = duologue("try", toy_that_reopens.page_url, *PEOPLE, in_browser=True)

    assert done.returncode == 0, done.stdout + done.stderr
    found = (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")
    assert 'unread=Field(selector=".count", visible=True)' in found
    assert "unread='none'" not in found
    assert "# user2 had chosen no chat, and this one was open\n        opens_by_itself=True," in found


def test_a_chat_that_opens_again_what_was_open_last_is_told_from_one_that_opens_any(
    folder: Path, duologue: Duologue, toy_that_remembers: Stack
) -> None:
    duologue("init", "--url", toy_that_remembers.page_url)

    done = duologue("try", toy_that_remembers.page_url, *PEOPLE, in_browser=True)

    assert done.returncode == 0, done.stdout + done.stderr
    found = (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")
    reason = "user2 had chosen no chat, and this one was open; another one that was open last stayed open"
    assert f'# {reason}\n        opens_by_itself="last",' in found
    assert 'unread=Field(selector=".count", visible=True)' in found


def test_a_page_that_asks_for_the_password_again_is_not_said_to_stay_signed_in(
    folder: Path, duologue: Duologue, toy_that_forgets: Stack
) -> None:
    duologue("init", "--url", toy_that_forgets.page_url)

    done = duologue("try", toy_that_forgets.page_url, *PEOPLE, in_browser=True)

    assert done.returncode == 0, done.stdout + done.stderr
    found = (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")
    assert "# a reload asked for the password again\n        stays_signed_in=False," in found


def test_what_is_not_promised_because_the_chat_was_open_is_unsure(
    folder: Path, duologue: Duologue, toy_that_reopens_the_only_chat: Stack
) -> None:
    duologue("init", "--url", toy_that_reopens_the_only_chat.page_url)

    done = duologue("try", toy_that_reopens_the_only_chat.page_url, *PEOPLE, in_browser=True)

    assert done.returncode == 1, done.stdout + done.stderr
    found = (folder / "fixtures" / "chat.py").read_text(encoding="utf-8")
    why = "no number in the row went up with each message; user2 had this chat open, and no other one to go to"
    assert f'# UNSURE: {why}\n        unread="none",' in found
    assert any(line.startswith("✗ capabilities.unread: guessed") and why in line for line in done.stdout.splitlines())


def test_what_lies_over_the_page_is_told(folder: Path, duologue: Duologue, toy_that_welcomes: Stack) -> None:
    done = duologue("try", toy_that_welcomes.page_url, *PEOPLE, in_browser=True)

    assert done.returncode == 2
    assert "something lies over the page" in done.stderr
    assert 'seen: <div id="welcome">Welcome!</div>' in done.stderr
    assert "to do: accept or close it once by hand for both people, then try again" in done.stderr
    assert "Call log" not in done.stderr
    assert not (folder / "fixtures").exists()


def test_who_is_not_let_in_is_told_what_the_page_says(folder: Path, duologue: Duologue, toy: Stack) -> None:
    done = duologue("try", toy.page_url, "--user1", "ann:another word", "--user2", "bob:a word", in_browser=True)

    assert done.returncode == 2
    assert "ann was not let in" in done.stderr
    assert "seen: ann cannot come in" in done.stderr
    assert "to do: the page says why" in done.stderr
    assert "another word" not in done.stderr
    assert not (folder / "fixtures").exists()


def test_where_the_page_says_nothing_the_password_is_asked_about(duologue: Duologue, toy_that_is_curt: Stack) -> None:
    wrong = ("--user1", "ann:another word", "--user2", "bob:a word")

    done = duologue("try", toy_that_is_curt.page_url, *wrong, in_browser=True)

    assert done.returncode == 2
    assert "ann was not let in" in done.stderr
    assert "to do: right password?" in done.stderr

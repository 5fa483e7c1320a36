"""`duologue check` says of each selector and verb of an adapter whether it works, and else what is there instead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from duologue.stack import Stack
from tests.harness.start.conftest import Duologue

ADAPTER = """
from tests.harness.toy import TOY
from duologue.app import Field

def toy(messages=TOY.messages.row, **chats):
    where = TOY.messages.model_copy(update={"row": messages})
    told = {"messages": where, "chats": TOY.chats.model_copy(update=chats), "patience_s": 5.0}
    return TOY.model_copy(update=told)

CHAT = """
OPENS_BY_ITSELF = "{'capabilities': TOY.capabilities.model_copy(update={'opens_by_itself': True})}"


def checked(duologue: Duologue, folder: Path, toy: Stack, adapter: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and each check by its name."""
    (folder / "adapters.py").write_text(f"{ADAPTER}{adapter}\n", encoding="utf-8")
    done = duologue("check", toy.page_url, "--adapter", "adapters:CHAT", "--json", in_browser=True)
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    assert answer["exit_code"] == done.returncode
    return done.returncode, {check["name"]: check for check in answer["checks"]}


def test_an_adapter_that_fits(duologue: Duologue, folder: Path, toy: Stack) -> None:
    code, checks = checked(duologue, folder, toy, "toy()")

    assert {name: check["verdict"] for name, check in checks.items() if check["verdict"] != "passed"} == {}
    assert code == 0
    assert list(checks) == [
        "accounts and a chat",
        "form.username",
        "form.password",
        "form.submit",
        "form.refusal",
        "sign_in: user1",
        "sign_in: user2",
        "chats.row",
        "chats.key",
        "chats.name",
        "chats.unread: before",
        "open_chat",
        "composer",
        "stays_signed_in",
        "send",
        "messages.row, .text",
        "chats.unread: one more",
        "opens_by_itself",
        "chats.preview",
        "order: on top",
        "frames",
        "open_chat: user2",
        "messages: user2",
        "chats.unread: read",
        "sign_out",
    ]


def test_a_list_that_is_elsewhere(duologue: Duologue, folder: Path, toy: Stack) -> None:
    code, checks = checked(duologue, folder, toy, 'toy(row="#talks > li.row")')

    assert code == 1
    detail = checks["sign_in: user2"]["detail"]
    assert "'#talks > li.row': it matches 0 elements; #talks matches 1, which has 2 children: 2 × tr" in detail
    assert checks["chats.row"]["verdict"] == "unknown"


def test_a_refusal_that_is_read_elsewhere(duologue: Duologue, folder: Path, toy: Stack) -> None:
    form = "TOY.form.model_copy(update={'refusal': '#nowhere'})"

    code, checks = checked(duologue, folder, toy, f"toy().model_copy(update={{'form': {form}}})")

    assert code == 1
    failed = {name: check["detail"] for name, check in checks.items() if check["verdict"] == "failed"}
    assert list(failed) == ["form.refusal"]
    assert "a wrong password was given, and no refusal is read" in failed["form.refusal"]
    assert "#nowhere" in failed["form.refusal"]


def test_each_part_that_does_not_fit_is_told_by_its_name(duologue: Duologue, folder: Path, toy: Stack) -> None:
    code, checks = checked(
        duologue,
        folder,
        toy,
        'toy("#talk > dd.mine", name=Field(selector="th b"), preview=Field(selector="i"), unread=Field(selector="th"))',
    )

    assert code == 1
    failed = {name: check["detail"] for name, check in checks.items() if check["verdict"] == "failed"}
    assert list(failed) == [
        "chats.name",
        "chats.unread: before",
        "messages.row, .text",
        "chats.unread: one more",
        "chats.preview",
        "messages: user2",
        "chats.unread: read",
    ]
    assert "#talks > tr th matches 2, the first of which has 0 children" in failed["chats.name"]
    assert "it matches 0 elements; #talk > dd matches 1" in failed["messages.row, .text"]
    assert "the badge of a chat is no number\n  seen: 'User1'" in failed["chats.unread: before"]


def test_the_terminal_tells_a_line_a_check(duologue: Duologue, toy: Stack) -> None:
    done = duologue(
        "check", toy.page_url, "--adapter", "tests.harness.toy:TOY", "--user1", "ann:a word", in_browser=True
    )
    assert done.returncode == 2
    assert "--user2 is missing" in done.stderr

    done = duologue("check", toy.page_url, "--adapter", "tests.harness.toy:TOY", in_browser=True)

    assert done.returncode == 0
    assert "✓ chats.key" in done.stdout
    assert "all is well" in done.stdout


def test_a_chat_that_opens_by_itself_is_left_before_anything_is_counted(
    duologue: Duologue, folder: Path, toy_that_reopens: Stack
) -> None:
    code, checks = checked(duologue, folder, toy_that_reopens, f"toy().model_copy(update={OPENS_BY_ITSELF})")

    assert code == 0
    one_more = checks["chats.unread: one more"]
    assert (one_more["verdict"], one_more["detail"]) == ("passed", "1")


def test_a_chat_that_opens_by_itself_late_is_left_and_asked_again(
    duologue: Duologue, folder: Path, toy_that_reopens_late: Stack
) -> None:
    code, checks = checked(duologue, folder, toy_that_reopens_late, "toy()")

    assert code == 1
    one_more, opens = checks["chats.unread: one more"], checks["opens_by_itself"]
    assert (one_more["verdict"], one_more["detail"]) == ("passed", "1")
    assert opens["verdict"] == "failed"
    assert "the page opens a chat that nobody chose" in opens["detail"]
    assert 'Capabilities(opens_by_itself="last")' in opens["detail"]
    assert [name for name, check in checks.items() if check["verdict"] == "failed"] == ["opens_by_itself"]


def test_where_no_other_chat_can_be_opened_nothing_is_counted(
    duologue: Duologue, folder: Path, toy_that_reopens: Stack
) -> None:
    _, checks = checked(duologue, folder, toy_that_reopens, 'toy(row="#talks > tr.open")')

    assert checks["chats.unread: one more"]["verdict"] == "unknown"


def test_where_it_opens_late_and_cannot_be_left_nothing_is_counted_either(
    duologue: Duologue, folder: Path, toy_that_reopens_late: Stack
) -> None:
    # The row of the chat that `check` makes, after the toy's own three.
    _, checks = checked(duologue, folder, toy_that_reopens_late, 'toy(row="#talks > #talk-103")')

    one_more = checks["chats.unread: one more"]
    assert one_more["verdict"] == "unknown"
    assert "opened chat 103 by itself" in one_more["detail"]


def test_a_page_that_asks_for_the_password_again_is_told_of_and_the_rest_is_tried(
    duologue: Duologue, folder: Path, toy_that_forgets: Stack
) -> None:
    code, checks = checked(duologue, folder, toy_that_forgets, "toy()")

    assert code == 1
    failed = {name: check["detail"] for name, check in checks.items() if check["verdict"] == "failed"}
    assert list(failed) == ["stays_signed_in"]
    assert "Capabilities(stays_signed_in=False)" in failed["stays_signed_in"]
    assert checks["chats.unread: one more"]["verdict"] == "passed"

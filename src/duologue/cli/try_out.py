"""`duologue try`: a first adapter of a chat that runs, from looking at it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from playwright.sync_api import BrowserContext

from duologue.check import walk
from duologue.cli.options import Browser, Headed, Url, User1, User2, WhichBrowser, accounts_of
from duologue.cli.report import run
from duologue.diagnosis import Finding
from duologue.doctor import Patient, Sheet, launched, load
from duologue.errors import UsageError
from duologue.stack.addresses import addresses_of
from duologue.start import Draft, hunt, is_sealed

_MODULE = "fixtures/chat.py"
_CALLED = "What {} is called in the other's list: as the row reads, or a part of it; default: the username"
# Which line of the adapter a failed check casts doubt on, where the check is not called after it.
_DOUBTS = {
    "sign_in: user1": "form",
    "sign_in: user2": "form",
    "chats.unread: before": "chats.unread",
    "chats.unread: one more": "chats.unread",
    "chats.unread: read": "chats.unread",
    "open_chat": "chats.is_open",
    "open_chat: user2": "chats.is_open",
    "order: on top": "chats.row",
    "send": "composer",
    "messages.row, .text": "messages.text",
    "messages: user2": "messages.text",
    "form.username": "form",
    "form.password": "form",
    "form.submit": "form",
}


def try_out(
    url: Url,
    user1: User1 = "",
    user2: User2 = "",
    called1: Annotated[str, typer.Option(help=_CALLED.format("user1"))] = "",
    called2: Annotated[str, typer.Option(help=_CALLED.format("user2"))] = "",
    name: Annotated[str, typer.Option(help="What the chat is called; default: its host")] = "",
    out: Annotated[Path, typer.Option(help="Where the adapter is written")] = Path(_MODULE),
    force: Annotated[bool, typer.Option("--force", help="Write over an adapter that is there")] = False,
    browser: WhichBrowser = Browser.chromium,
    headed: Headed = False,
) -> None:
    """Open a chat, sign two people in who have a chat, send two messages, and write the adapter that follows from it.

    Each line says why it was chosen; the adapter is then checked, and what does not fit is marked UNSURE in it.
    Exit code: 0 all of it fits, 1 something is unsure, 2 there is no adapter.
    """

    def examine(sheet: Sheet) -> Sequence[Finding]:
        at, given = addresses_of(url), accounts_of(user1, user2)
        if not given:
            raise UsageError("nobody to sign in as", remedy="give --user1 NAME:PASSWORD and --user2 NAME:PASSWORD")
        if out.exists() and not force and not is_sealed(out.read_text(encoding="utf-8")):
            raise UsageError(
                f"{out} is there, and somebody wrote it or changed it",
                remedy="--out tells another file, --force writes over it",
            )
        module = _module_of(out)
        os.environ.update(DUOLOGUE_USER1=user1, DUOLOGUE_USER2=user2)  # the adapter reads them there
        with launched(browser.value, headed=headed) as (_, started), contextlib.ExitStack() as contexts:

            def new_context() -> BrowserContext:
                context = started.new_context(base_url=at.page)
                contexts.callback(context.close)
                return context

            users, called = (given["user1"], given["user2"]), (called1, called2)
            draft = hunt(new_context, at.page, name or urlsplit(at.page).netloc, users, called)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(draft.text(at.page), encoding="utf-8")
        typer.echo(f"wrote {out}; now it is checked:\n")
        guessed = draft.unsure()
        with Patient.received(load(module), at, given, browser.value, headed=headed) as patient:
            walk(patient, sheet)
        _mark(draft, sheet)
        for place, reason in guessed.items():
            sheet.note(f"{place}: guessed", "failed", 0, reason)
        out.write_text(draft.text(at.page), encoding="utf-8")
        return ()

    run(examine, who="the search", wrong=f"not all of {out} fits: what is UNSURE there", as_json=False)


def _module_of(out: Path) -> str:
    """`fixtures/chat.py` is `fixtures.chat:CHAT`. Raises UsageError for a file that cannot be imported from here."""
    try:
        parts = out.resolve().relative_to(Path.cwd()).with_suffix("").parts
    except ValueError as error:
        raise UsageError(f"{out} is not in this folder", remedy="run it in the repository's own folder") from error
    return f"{'.'.join(parts)}:CHAT"


def _mark(draft: Draft, sheet: Sheet) -> None:
    """What failed its own check is unsure."""
    for check in sheet.checks:
        if check.verdict == "failed":
            draft.doubt(_DOUBTS.get(check.name, check.name), check.detail.splitlines()[0])

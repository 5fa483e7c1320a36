"""`duologue doctor`: why messages do not arrive in a chat that runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from duologue.cli.options import (
    Adapter,
    AsJson,
    Browser,
    Headed,
    Url,
    User1,
    User2,
    WhichBrowser,
    accounts_of,
)
from duologue.cli.report import Healing, run
from duologue.diagnosis import Finding
from duologue.doctor import Patient, Remedy, Sheet, load, restart, visit
from duologue.doctor import restart_command as restart_command_of
from duologue.stack.addresses import addresses_of


def doctor(
    url: Url,
    adapter: Adapter,
    api_url: Annotated[str, typer.Option(help="Where its API is; default: where the page is")] = "",
    ws_url: Annotated[str, typer.Option(help="Where its WebSocket is; default: where the page is")] = "",
    browser: WhichBrowser = Browser.chromium,
    headed: Headed = False,
    as_json: AsJson = False,
    user1: User1 = "",
    user2: User2 = "",
    apply: Annotated[Remedy | None, typer.Option(help="Where something is wrong, do this and look once more")] = None,
    restart_command: Annotated[
        str, typer.Option(help="What --apply=restart runs; default: docker compose restart, where a compose file is")
    ] = "",
) -> None:
    """Find out why messages do not arrive: what answers, who is let in, and at which hop a message is lost.

    It makes three accounts and two chats over the adapter's API (or takes the accounts given, and the chat of the two)
    and sends a message. Exit code: 0 all well, 1 something is wrong with the chat, 2 the doctor could not work.
    """

    def examine(sheet: Sheet, *, clear_cache: bool = False) -> Sequence[Finding]:
        addresses, given = addresses_of(url, api_url, ws_url), accounts_of(user1, user2)
        if apply is Remedy.restart:
            restart_command_of(restart_command)  # said before anything is looked at
        with Patient.received(load(adapter), addresses, given, browser.value, headed=headed) as patient:
            return visit(patient, sheet, clear_cache=clear_cache)

    def healed() -> str:
        if apply is Remedy.clear_cache:
            return "in each window"
        return restart(restart_command_of(restart_command), addresses_of(url, api_url, ws_url))

    healing = Healing(apply, healed, partial(examine, clear_cache=apply is Remedy.clear_cache)) if apply else None
    run(examine, who="the doctor", wrong="something is wrong with the chat", as_json=as_json, healing=healing)

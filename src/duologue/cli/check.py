"""`duologue check`: whether an adapter fits the chat that it describes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from duologue.check import walk
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
from duologue.cli.report import run
from duologue.diagnosis import Finding
from duologue.doctor import Patient, Sheet, load
from duologue.stack.addresses import addresses_of


def check(
    url: Url,
    adapter: Adapter,
    api_url: Annotated[str, typer.Option(help="Where its API is; default: where the page is")] = "",
    ws_url: Annotated[str, typer.Option(help="Where its WebSocket is; default: where the page is")] = "",
    browser: WhichBrowser = Browser.chromium,
    headed: Headed = False,
    as_json: AsJson = False,
    user1: User1 = "",
    user2: User2 = "",
) -> None:
    """Try each selector and each verb of an adapter against the chat that runs, and say which works.

    It makes three accounts and two chats over the adapter's API (or takes the accounts given, and the chat of the two)
    and sends a message. Exit code: 0 all of it fits, 1 something does not, 2 not everything could be tried.
    """

    def examine(sheet: Sheet) -> Sequence[Finding]:
        addresses, given = addresses_of(url, api_url, ws_url), accounts_of(user1, user2)
        with Patient.received(load(adapter), addresses, given, browser.value, headed=headed) as patient:
            walk(patient, sheet)
        return ()

    run(examine, who="the check", wrong="the adapter does not fit the chat", as_json=as_json)

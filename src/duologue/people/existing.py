"""`ExistingPeople`: two accounts that exist with their chat, where nobody has written down yet how to make more."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from duologue.app import Account, Chat, ChatApi
from duologue.errors import AdapterError

_REMEDY = "write a ChatApi that makes accounts and chats; until then only tests of user1 and user2 in one chat can run"


def name_and_password(text: str) -> tuple[str, str]:
    r"""`NAME:PASSWORD`, cut at the first colon; one within the name is written `\:`. Both empty where there is none."""
    found = re.fullmatch(r"(.*?)(?<!\\):(.*)", text, re.DOTALL)
    return (found[1].replace(r"\:", ":"), found[2]) if found else ("", "")


def given_accounts() -> tuple[Account, Account]:
    """Those that DUOLOGUE_USER1 and DUOLOGUE_USER2 tell, `NAME:PASSWORD` each; without a name where they do not."""
    one, other = (name_and_password(os.environ.get(f"DUOLOGUE_USER{number}", "")) for number in (1, 2))
    return Account(*one, one[0]), Account(*other, other[0])


class ExistingPeople(ChatApi):
    """`duologue.app.ChatApi` for two people who exist: `user1` is the first, `user2` the other, always.

    Enough for a first test, no more: tests share the two and their chat, so they cannot run side by side.
    """

    makes_chats = False

    def __init__(self, user1: Account, user2: Account) -> None:
        self._people = {"user1": user1, "user2": user2}

    def create_account(self, username: str, display_name: str, password: str) -> Account:
        """The one of that name, as it is. Raises AdapterError for a third."""
        del display_name, password
        known = self._people.get(username.partition("_")[0])
        if known is None or not known.username:
            why = "user1 and user2" if known is None else "an account, and it was not given"
            raise AdapterError(f"there is no {username}", seen=f"only {why} can be had", remedy=_REMEDY)
        return known

    def sign_in(self, username: str, password: str) -> Account:
        """The one of that name."""
        return next((one for one in self._people.values() if one.username == username), Account(username, password, ""))

    def create_chat(self, creator: Account, members: Sequence[Account], name: str | None = None) -> Chat:
        """The chat of the two. Raises AdapterError for any other."""
        everybody = (creator, *members)
        if name or {one.username for one in everybody} != {one.username for one in self._people.values()}:
            seen = f"asked for: {', '.join(one.username for one in everybody)}{f' as {name!r}' if name else ''}"
            raise AdapterError("only the chat of user1 and user2 can be had", seen=seen, remedy=_REMEDY)
        return Chat("of user1 and user2", everybody, {one.username: "" for one in everybody})

    def close(self) -> None:
        """Nothing was opened."""

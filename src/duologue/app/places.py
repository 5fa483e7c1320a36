"""Where things are in a page, and what a message's way looks like to its witnesses: an adapter's data."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from duologue.data import Data
from duologue.taps.view import Field, View


def _selects(sign: str | Field) -> str | Field:
    if isinstance(sign, Field) and not sign.selector:
        raise ValueError("a sign is in no row: its Field needs a selector")
    return sign


Sign = Annotated[str | Field, AfterValidator(_selects)]
"""One element of a page: its selector, or a `Field` with what is read of it."""


def sign_view(sign: str | Field) -> View:
    """The view the tap watches: elements of which one thing is read, `text`."""
    field = sign if isinstance(sign, Field) else Field(selector=sign)
    return View(row=field.selector, fields={"text": field.model_copy(update={"selector": ""})})


class ChatList(Data):
    """Where the rows of the chat list are and what they show. `is_open` is read of the row of the chat now open."""

    row: str
    key: Field
    name: Field
    unread: Field | None = None
    preview: Field | None = None
    is_open: Field | None = None

    def view(self) -> View:
        """The view the tap watches."""
        return _view(self)


class MessageList(Data):
    """Where the messages of the open chat are and what they show."""

    row: str
    text: Field
    id: Field | None = None
    author: Field | None = None
    status: Field | None = None
    edited: Field | None = None
    deleted: Field | None = None

    def view(self) -> View:
        """The view the tap watches."""
        return _view(self)


class Form(Data):
    """The sign-in form: selectors of its two fields and its button, and of the line that says why it refused."""

    path: str
    username: str
    password: str
    submit: str
    refusal: str = ""


class Lines(Data):
    """What a message's way looks like to its witnesses, as whole lines with holes; one left empty sees nothing.

    Holes are `{chat}` and `{user}` (ids) and `{any}`. `request`: what sends it, a request (`METHOD URL`) or a frame of
    the socket. `notified`: the server's log when it tells a member. `notifying`: its log when it sets out to tell the
    chat's members, whomever it takes for them. `console`: the console line when the page takes it in. `read`: the
    request or frame that tells the server that a chat was read. `refresh`: the request for a new token.
    """

    request: str = ""
    notified: str = ""
    notifying: str = ""
    console: str = ""
    read: str = ""
    refresh: str = ""


def _view(listing: ChatList | MessageList) -> View:
    fields = {name: getattr(listing, name) for name in type(listing).model_fields if name != "row"}
    return View(row=listing.row, fields={name: value for name, value in fields.items() if value is not None})

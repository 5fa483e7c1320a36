"""A view: rows of a page (the chat list, the messages) that are read as a whole at each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field as Default

from duologue.data import Data


class Field(Data):
    """One value of a row: the text of `selector` within it, or one of its attributes.

    The selector may fit the row itself, which then is what is read; so does an empty one. `exact` keeps white space;
    `visible` reads a hidden element as absent. The text is read without what `without` matches in it, such as the time
    that stands behind a message's own words. An absent one is None.
    """

    selector: str = ""
    attribute: str = ""
    exact: bool = False
    visible: bool = False
    without: str = ""


class View(Data):
    """Where the rows of a view are, as a CSS selector, and what is read of each."""

    row: str
    fields: Mapping[str, Field] = Default(min_length=1)


Row = Mapping[str, str | None]
State = tuple[Row, ...]


def spliced(state: State, change: Mapping[str, Any]) -> State:
    """The state after a change as the tap reports it: `drop` rows from `start` on, replaced by `rows`."""
    start: int = change["start"]
    rows: Sequence[Row] = change["rows"]
    return (*state[:start], *rows, *state[start + change["drop"] :])

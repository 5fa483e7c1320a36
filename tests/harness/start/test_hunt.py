"""What the hunter finds in a page: markup comes in, selectors go out."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from duologue.start.window import Window

SECTIONS = """
<div class=unread><div role=tab class=chat aria-label="ann, 2 to read"><b>ann</b><a data-chat-id=7>open</a></div></div>
<div class=all>
  <div role=tab class=chat aria-label="ann, 2 to read"><b>ann</b><a data-chat-id=7>open</a></div>
  <div role=tab class=chat aria-label="cyn"><b>cyn</b><a data-chat-id=8>open</a></div>
</div>
<div role=menu class=chat>new chat</div>
"""


def asked(page: Page, markup: str, question: str, *arguments: Any) -> Any:
    """What the hunter says of the row of ann's chat."""
    page.set_content(markup)
    window = Window(page)
    row = window.handle("(hunt, names) => hunt.chatCalled(names)", ["ann"])
    return window.ask(f"(hunt, [row, ...more]) => hunt.{question}(row, ...more)", [row, *arguments])


def test_the_rows_of_all_sections_of_a_list_are_its_rows(page: Page) -> None:
    rows = asked(page, SECTIONS, "rows")

    assert rows["selector"] == "div[role=tab]"
    assert rows["count"] == 3


def test_a_chat_that_stands_twice_in_a_list_has_one_key(page: Page) -> None:
    key = {"selector": "a", "attribute": "data-chat-id", "value": "7", "rank": 0}

    assert asked(page, SECTIONS, "keys", ["ann"]) == [key]
    assert asked(page, SECTIONS, "keys") == []


def test_a_row_that_is_alone_is_not_found_by_what_it_reads(page: Page) -> None:
    alone = "<main><div role=tab aria-label='ann, 2 to read'><b>ann</b></div></main>"

    rows = asked(page, alone, "rows")

    assert rows == {"selector": "div[role=tab]", "count": 1, "place": 0}


def test_what_lies_within_one_another_is_no_list_of_its_own(page: Page) -> None:
    nested = "<ul><li class=box>ann</li><li class=box>cyn<ol><li class=box>a reply</li></ol></li></ul>"

    assert asked(page, nested, "rows") == {"selector": "ul > .box", "count": 2, "place": 0}

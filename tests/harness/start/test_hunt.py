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

# A page that goes elsewhere three times, each a moment after it came.
RESTLESS = """<script>
  const loads = Number(sessionStorage.loads ?? 0);
  sessionStorage.loads = loads + 1;
  if (loads < 3) setTimeout(() => location.reload(), [150, 30, 350][loads]);
</script>"""

OPEN = """
<nav><button class=chat>Chat with ann</button><button class=chat>Chat with cyn</button></nav>
<main><h1>Chat with ann</h1><ul><li><b>ann</b>hi</li><li><b>ann</b>hi</li></ul><textarea></textarea></main>
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


def test_the_author_of_a_message_is_no_row_of_the_list(page: Page) -> None:
    assert asked(page, OPEN, "rows")["selector"] == ".chat"


def test_where_the_list_is_known_its_row_is_found_in_it(page: Page) -> None:
    page.set_content("<ul id=chats><li>Chat with ann</li><li>Chat with cyn</li></ul><ul><li>ann</li><li>ann</li></ul>")
    question = "(hunt, [names, rows]) => hunt.reads(hunt.chatCalled(names, rows), '')"

    assert Window(page).ask(question, [["ann"], "#chats > li"]) == "Chat with ann"


def test_a_whole_name_goes_before_a_part_of_one_in_a_list(page: Page) -> None:
    rows = asked(page, "<ul><li>annabel</li><li>ann and cyn</li><li>ann</li></ul>", "rows")

    assert rows["place"] == 2


def test_what_pops_up_to_tell_of_a_message_is_no_place_of_it(page: Page) -> None:
    chat = "<main><ol><li><p>Good morning</p></li><li><p>Good night</p></li></ol><textarea></textarea></main>"
    page.set_content(f"<ul role=alert><li><p>Good morning</p></li><li><p>Good night</p></li></ul>{chat}")

    found = Window(page).ask("hunt => hunt.messages('Good morning', 'Good night', null)")

    assert (found["selector"], found["matches"]) == ("ol > li", 2)


def test_a_page_without_an_open_chat_shows_nothing_that_pops_up(page: Page) -> None:
    page.set_content("<nav><a>ann</a><a>cyn</a></nav><div class=ToastStack><div>ann</div><div>Hi</div></div>")

    assert not Window(page).ask("hunt => hunt.shows('Hi')")


def test_a_class_that_came_by_opening_a_chat_is_none_of_its_list(page: Page) -> None:
    page.set_content("<nav><a class='entry plain'>ann</a><a class='entry plain'>cyn</a></nav>")
    window = Window(page)
    row = window.handle("hunt => hunt.chatCalled(['ann'])")
    window.ask("(hunt, row) => hunt.remember(row)", row)

    window.ask("(hunt, row) => row.className = 'entry dark'", row)
    fleeting = window.ask("(hunt, row) => hunt.changedClasses(row)", row)
    window.ignore(fleeting)

    assert sorted(fleeting) == ["dark", "plain"]
    assert window.ask("(hunt, row) => hunt.rows(row)", row)["selector"] == ".entry"


def test_what_marks_a_row_as_unread_is_a_class_of_its_own_or_says_so(page: Page) -> None:
    page.set_content("<nav><a class=entry>ann<i title=Monday></i></a><a class='entry lit'>cyn</a></nav>")
    window = Window(page)
    row = window.handle("hunt => hunt.chatCalled(['ann'])")

    def marked(change: str) -> Any:
        window.ask("(hunt, row) => hunt.remember(row)", row)
        window.ask(f"(hunt, row) => {{ {change} }}", row)
        return window.ask("(hunt, row) => hunt.mark(row)", row)

    assert marked("row.firstElementChild.title = 'Tuesday'") is None
    assert marked("row.classList.add('lit')") is None, "another row has it too"
    assert marked("row.firstElementChild.className = 'dot'") == {"selector": ".dot", "attribute": "class"}
    assert marked("row.dataset.unread = 'true'") == {"selector": "[data-unread=true]", "attribute": "data-unread"}


def test_a_page_is_quiet_once_it_goes_elsewhere_no_more(page: Page) -> None:
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=RESTLESS))
    page.goto("http://127.0.0.1:8080/")

    Window(page).quiet()

    assert page.evaluate("sessionStorage.loads") == "4"

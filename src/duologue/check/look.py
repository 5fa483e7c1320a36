"""What a selector finds in a page: in goes the adapter's text, out comes how many there are, and why there are none."""

from __future__ import annotations

from importlib import resources

from playwright.sync_api import Error, Page

from duologue.errors import AdapterError

_NEAR = resources.files("duologue.check").joinpath("near.js").read_text(encoding="utf-8")


def count(page: Page, selector: str) -> int:
    """How many elements match. Raises AdapterError for a selector that is none."""
    try:
        return page.locator(selector).count()
    except Error as error:
        raise AdapterError(f"{selector!r} is no selector", seen=error.message.splitlines()[0]) from error


def near(page: Page, selector: str) -> str:
    """How many elements match, and where there are none: what is there instead."""
    if found := count(page, selector):
        return f"it matches {found}"
    return f"it matches 0 elements; {page.evaluate(_NEAR, selector)}"


def tag(page: Page, selector: str) -> str:
    """The opening tag of the first element that matches, as it stands in the page; empty when none does."""
    first = page.locator(selector).first
    return first.evaluate("element => element.cloneNode(false).outerHTML.slice(0, 300)") if first.count() else ""


def one_visible(page: Page, selector: str) -> str:
    """What was found, in words; AdapterError unless the selector matches exactly one element that can be seen."""
    found = count(page, selector)
    if not found:
        raise AdapterError(f"{selector!r} matches nothing", seen=near(page, selector), remedy="correct the selector")
    visible = page.locator(selector).filter(visible=True).count()
    if visible != 1:
        seen = f"it matches {found} elements, {visible} of which can be seen"
        raise AdapterError(f"{selector!r} does not tell one element", seen=seen, remedy="make it match that one alone")
    return f"{selector} matches one element"

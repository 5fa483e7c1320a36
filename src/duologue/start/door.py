"""The way into a chat that nobody has described: a page and an account come in, the sign-in form goes out."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urlsplit

from playwright.sync_api import Error

from duologue.doctor import Credentials
from duologue.errors import ExpectationFailed
from duologue.start.adapter import Guess, literal
from duologue.start.window import PATIENCE_MS, Window

_SIGN_IN = re.compile("^(log|sign) ?in", re.IGNORECASE)


def sign_in(window: Window, url: str, user: Credentials) -> Guess:
    """Go there, fill in the form that has a field for a password, and send it.

    Raises ExpectationFailed where there is no such form, and for whom it does not let in.
    """
    page = window.page
    try:
        page.goto(url)
    except Error as error:
        seen = error.message.partition("\nCall log:")[0]
        raise ExpectationFailed(f"{url} cannot be opened", seen=seen, remedy="does the chat run there?") from error
    was_sent_away = urlsplit(page.url).path.rstrip("/") != urlsplit(url).path.rstrip("/")
    password = page.locator("input[type=password]").filter(visible=True).first
    link = page.get_by_role("link", name=_SIGN_IN).or_(page.get_by_role("button", name=_SIGN_IN)).first
    try:
        password.or_(link).first.wait_for(timeout=PATIENCE_MS)
        if not password.is_visible():
            window.click(link)
            password.wait_for(timeout=PATIENCE_MS)
    except Error as error:
        seen = f"{page.url}, {page.title()!r}"
        remedy = "give the address of the page that has the sign-in form"
        raise ExpectationFailed("there is no field for a password", seen=seen, remedy=remedy) from error
    form = window.ask("hunt => hunt.form()")
    if form is None:
        raise ExpectationFailed("there is a field for a password, but no form around it", seen=page.url)
    address = urlsplit(page.url)
    # Many pages keep their routes after the #.
    path = (address.path or "/") + (f"#{address.fragment}" if address.fragment else "")
    page.locator(form["username"]).fill(user.username)
    page.locator(form["password"]).fill(user.password)
    before = set(_lines(window))
    window.click(page.locator(form["submit"]))
    with suppress(Error):
        password.wait_for(state="hidden", timeout=PATIENCE_MS)
    window.quiet()  # the form is gone for a moment also where the page loads anew to say no
    if password.is_visible():
        said = [line for line in _lines(window) if line not in before]
        seen = " / ".join(said or _lines(window))[:300]
        # An account that is not activated yet, say, has no better password.
        remedy = "the page says why: see to that, then try again" if said else "right password?"
        raise ExpectationFailed(f"{user.username} was not let in", seen=seen, remedy=remedy)
    if was_sent_away and page.url != url:  # to the form; many a product forgets where one wanted to go
        page.goto(url)
        window.quiet()
    fields = ", ".join(f"{field}={literal(form[field])}" for field in ("username", "password", "submit"))
    reason = "the password's field, the field before it, the button after it"
    return Guess(f"Form(path={literal(path)}, {fields})", reason)


def _lines(window: Window) -> list[str]:
    """What the page says."""
    return [line.strip() for line in window.page.locator("body").inner_text().splitlines() if line.strip()]

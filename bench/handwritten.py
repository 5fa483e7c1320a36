"""The guide's message test as a careful person writes it with Playwright alone: what Duologue is measured against.

`python bench/handwritten.py PAGE_URL API_URL LAUNCH_OPTIONS_AS_JSON [ENGINE [TESTS]]`. It signs in by the form,
waits for events and locators, never for time, and looks at the same things: console, badge, order, preview.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable
from typing import Any

from playwright.sync_api import APIRequestContext, BrowserContext, ConsoleMessage, expect, sync_playwright

PASSWORD = "correct horse battery"


def register(api: APIRequestContext, username: str) -> dict[str, Any]:
    """A new account; the session that the API answers with."""
    body = {"username": username, "display_name": username, "password": PASSWORD}
    response = api.post("auth/register", data=body)
    expect(response).to_be_ok()
    return response.json()


def make_chat(api: APIRequestContext, creator: dict[str, Any], member: dict[str, Any]) -> str:
    """A direct chat; its id."""
    headers = {"Authorization": f"Bearer {creator['access_token']}"}
    response = api.post("chats", data={"member_ids": [member["user"]["id"]]}, headers=headers)
    expect(response).to_be_ok()
    return str(response.json()["id"])


def message_test(new_context: Callable[..., BrowserContext], page_url: str, api: APIRequestContext) -> None:
    """user1 sends; user2's console, badge, order and preview show it."""
    mark = secrets.token_hex(4)
    user1, user2, somebody = (register(api, f"{name}_{mark}") for name in ("user1", "user2", "somebody"))
    chat = make_chat(api, user1, user2)
    make_chat(api, somebody, user2)  # on top of user2's list, so that the other chat has a way to go

    contexts = [new_context(base_url=page_url) for _ in range(2)]
    page1, page2 = (context.new_page() for context in contexts)
    lines: list[str] = []
    page2.on("console", lambda message: lines.append(message.text))
    for page, user in ((page1, user1), (page2, user2)):
        page.goto("/login")
        page.get_by_label("Username").fill(user["user"]["username"])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
    for page in (page1, page2):
        expect(page.get_by_test_id("connection")).to_have_text("connected")

    rows = page2.get_by_test_id("chat-row")
    row = page2.locator(f'[data-testid="chat-row"][data-chat-id="{chat}"]')
    badge = row.get_by_test_id("unread-badge")
    expect(rows).to_have_count(2)
    expect(rows.first).not_to_have_attribute("data-chat-id", chat)
    expect(badge).to_have_count(0)

    page1.locator(f'[data-testid="chat-row"][data-chat-id="{chat}"]').click()
    composer = page1.get_by_role("textbox", name="Message")
    composer.fill("Hello, user2!")
    lines.clear()

    def is_last_line(message: ConsoleMessage) -> bool:
        return message.text == f"⬆️ Moved chat {chat} to top"

    with page2.expect_console_message(is_last_line):
        composer.press("Enter")

    expect(rows.first).to_have_attribute("data-chat-id", chat)
    expect(badge).to_have_text("1")
    expect(row.get_by_test_id("chat-preview")).to_have_text("Hello, user2!")
    news, count, moved = lines[:3]
    assert news.startswith("📨 New message in chat list: "), lines
    assert count == f"📊 Unread count for chat {chat}: 1", lines
    assert moved == f"⬆️ Moved chat {chat} to top", lines
    for context in contexts:
        context.close()


def main(page_url: str, api_url: str, launch_options: str, engine: str = "chromium", tests: str = "1") -> None:
    """So many tests in one browser."""
    with sync_playwright() as playwright:
        browser = playwright[engine].launch(**json.loads(launch_options))
        api = playwright.request.new_context(base_url=f"{api_url}/")
        for _ in range(int(tests)):
            message_test(browser.new_context, page_url, api)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

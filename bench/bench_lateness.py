"""How late an assertion returns after what it waits for: `python bench/bench_lateness.py [--browser E] [--rounds N]`.

user1's page sends after a delay; user2's page notes when the frame came, the line was logged and the list showed it, by
an observer of its own; Python notes when the expectation returned. Playwright's polling `expect` takes turns with
Duologue's, on the same pages. Milliseconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import time
from typing import Any

from common import figures, kept_stack, load
from playwright.sync_api import Playwright, sync_playwright
from playwright.sync_api import expect as polling_expect

from duologue import expect
from duologue.app import Chat
from duologue.loop import Loop
from duologue.people import Cast, User
from duologue.people.browsers import launch_arguments
from duologue.people.nodelay import send_without_delay
from duologue.stack import Stack
from duologue.timeline import Timeline
from fixtures.chat import REFERENCE_CHAT

DELAYS_S = (0.02, 0.5, 3.0)
AIM_MEDIAN_MS, AIM_P95_MS = 5, 10

# In user1's page: a message sent by the page itself, later.
SEND_LATER = """([chat, text, delay_ms]) => {
    setTimeout(() => fetch(`${window.__ENV__.VITE_API_URL}/chats/${chat}/messages`, {
        method: 'POST',
        headers: {'Content-Type': 'application/json', Authorization: `Bearer ${localStorage.access_token}`},
        body: JSON.stringify({content: text, client_id: crypto.randomUUID()}),
    }), delay_ms);
}"""
# In user2's page, from its start: when each of the awaited things was first there.
NOTE = """(() => {
    const note = (name) => { noted[name] ??= (performance.timeOrigin + performance.now()) / 1000; };
    window.noted = {};
    window.awaited = {};
    const log = console.log;
    console.log = (...args) => { log(...args); if (args[0] === awaited.line) note('to_log'); };
    window.WebSocket = class extends WebSocket {
        constructor(...args) {
            super(...args);
            this.addEventListener('message', (event) => { if (event.data.includes(awaited.text)) note('to_receive'); });
        }
    };
    const look = () => {
        const rows = [...document.querySelectorAll('[data-testid="chat-row"]')];
        const row = rows.find((one) => one.dataset.chatId === awaited.chat);
        const badge = row?.querySelector('[data-testid="unread-badge"]')?.textContent.trim();
        if (row && rows[0] === row) note('to_have_moved_to_top');
        if (row && badge === awaited.count) note('to_have_unread');
    };
    const everything = {subtree: true, childList: true, characterData: true, attributes: true};
    new MutationObserver(look).observe(document, everything);
})()"""


class Bench:
    """Two windows, two chats that take turns at the top, and the counts that user2's badges show."""

    def __init__(self, playwright: Playwright, engine: str, stack: Stack) -> None:
        browser = playwright[engine].launch(**launch_arguments(playwright[engine], {}))
        if engine == "firefox":
            send_without_delay()
        loop = Loop(playwright)
        self.timeline, self._api = Timeline(loop), REFERENCE_CHAT.api(stack.api_url, stack.ws_url)

        def new_context() -> Any:
            return browser.new_context(base_url=stack.page_url)

        cast = Cast(REFERENCE_CHAT, self._api, self.timeline, loop, new_context, lambda *_: None)
        self.user1, self.user2 = cast.people(["user1", "user2"])
        self._chats = [cast.chat(self.user1, self.user2), cast.chat(self.user1, self.user2, name="Group")]
        self._counts = {chat.id: 0 for chat in self._chats}
        self._number = 0
        self.user2.context.add_init_script(NOTE)
        self.user2.reload()

    def lateness_ms(self, name: str, delay_s: float) -> float:
        """How long after the page had it the expectation called `name` returned."""
        self._number += 1
        chat = self._chats[self._number % 2]
        count = self._counts[chat.id] = self._counts[chat.id] + 1
        text = f"message {self._number} of the bench."
        line = f"📊 Unread count for chat {chat}: {count}"
        awaited = {"chat": chat.id, "count": str(count), "line": line, "text": text}
        self.user2.page.evaluate("one => { noted = {}; awaited = one; }", awaited)
        self.timeline.act("harness", "makes user1's page send later")
        self.user1.page.evaluate(SEND_LATER, [chat.id, text, delay_s * 1000])
        self._awaiting(name, self.user2, chat, count, line, text)()
        returned = time()
        self.user2.page.wait_for_function("() => Object.keys(noted).length === 4")  # all of this message has come
        appeared = self.user2.page.evaluate("name => noted[name]", name if name.startswith("to_") else "to_have_unread")
        return (returned - appeared) * 1000

    def _awaiting(self, name: str, user: User, chat: Chat, count: int, line: str, text: str) -> Callable[[], object]:
        badge = user.page.locator(f'[data-chat-id="{chat}"] [data-testid="unread-badge"]')
        return {
            "to_have_unread": lambda: expect(user).to_have_unread(chat, count),
            "to_have_moved_to_top": lambda: expect(user).to_have_moved_to_top(chat),
            "to_log": lambda: expect(user).to_log(line),
            "to_receive": lambda: expect(user).to_receive(text),
            "Playwright to_have_text": lambda: polling_expect(badge).to_have_text(str(count), timeout=30_000),
        }[name]

    def close(self) -> None:
        """Give the API's connections back; the browser ends with Playwright."""
        self._api.close()


NAMES = ("to_have_unread", "to_have_moved_to_top", "to_log", "to_receive", "Playwright to_have_text")


def main() -> None:
    """Measure one engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", default="chromium", choices=["chromium", "firefox"])
    parser.add_argument("--rounds", type=int, default=20, help="rounds of each delay; a third as many of the longest")
    options = parser.parse_args()
    late: dict[tuple[str, float], list[float]] = {(name, delay): [] for name in NAMES for delay in DELAYS_S}
    with kept_stack() as stack, sync_playwright() as playwright:
        bench = Bench(playwright, options.browser, stack)
        for name in NAMES:
            bench.lateness_ms(name, 0)  # nothing is measured the first time
        for number in range(options.rounds):
            for delay in DELAYS_S if number % 3 == 0 else DELAYS_S[:2]:
                for name in NAMES:
                    late[name, delay].append(bench.lateness_ms(name, delay))
        bench.close()
    print(f"{options.browser}, {load()}")
    for name in NAMES:
        for delay in DELAYS_S:
            print(f"{name:24} after {delay:4g} s  {figures(late[name, delay], 'ms')}")
    for name in NAMES:
        every = [value for delay in DELAYS_S for value in late[name, delay]]
        aim = "" if name.startswith("Playwright") else f"   aim {AIM_MEDIAN_MS}, {AIM_P95_MS}"
        print(f"{name:24} every delay   {figures(every, 'ms')}{aim}")


if __name__ == "__main__":
    main()

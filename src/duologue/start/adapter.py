"""The text of an adapter: selectors with their reasons come in, `fixtures/chat.py` goes out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined

from duologue.start.seal import sealed

_FILES = resources.files("duologue.start").joinpath("files")
_TEMPLATES = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)


def rendered(name: str, /, **values: object) -> str:
    """A file of a new repository."""
    return _TEMPLATES.from_string(_FILES.joinpath(f"{name}.jinja").read_text(encoding="utf-8")).render(values)


_TWO_PEOPLE: dict[str, Any] = dict.fromkeys(
    ("groups", "membership", "removal", "api_send", "api_messages", "api_chats"), False
)
"""What `ExistingPeople`, of whom a new adapter makes use, cannot do."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One line of an adapter: an expression of Python, why it is thought to fit, and whether that is in doubt."""

    expression: str
    reason: str
    unsure: bool = False

    def lines(self, name: str) -> list[str]:
        """As it stands in the adapter."""
        return [f"# {'UNSURE: ' if self.unsure else ''}{self.reason}", f"{name}={self.expression},"]


@dataclass(slots=True)
class Draft:
    """What is known of a chat so far, by the names of the adapter's fields."""

    name: str
    chats: dict[str, Guess] = field(default_factory=dict[str, Guess])
    messages: dict[str, Guess] = field(default_factory=dict[str, Guess])
    others: dict[str, Guess] = field(default_factory=dict[str, Guess])
    capabilities: dict[str, Any] = field(default_factory=_TWO_PEOPLE.copy)
    withheld: dict[str, Guess] = field(default_factory=dict[str, Guess])
    """What is not promised because it was not seen."""
    keys: tuple[str, str] = ("", "")

    def doubt(self, place: str, why: str) -> None:
        """What stands at this place (`chats.key`, `composer`, `form`) does not fit after all."""
        part, _, name = place.rpartition(".")
        guesses = {"chats": self.chats, "messages": self.messages}.get(part, self.others)
        if guess := guesses.get(name):
            reason = f"{why}; {guess.reason}" if guess.unsure else f"{why} ({guess.reason})"
            guesses[name] = replace(guess, reason=reason, unsure=True)

    def unsure(self) -> dict[str, str]:
        """Why something is in doubt, by its place."""
        parts = {
            "chats.": self.chats,
            "messages.": self.messages,
            "": self.others,
            "capabilities.": self.withheld,
        }
        return {
            f"{part}{name}": guess.reason
            for part, guesses in parts.items()
            for name, guess in guesses.items()
            if guess.unsure
        }

    def text(self, url: str = "") -> str:
        """The module, ready to be written; `url` is where the chat runs."""
        promises = ", ".join(f"{name}={value!r}" for name, value in self.capabilities.items())
        guesses = {"chats": self.chats, "messages": self.messages, "others": self.others, "withheld": self.withheld}
        parts = {
            part: [line for name, guess in its.items() for line in guess.lines(name)] for part, its in guesses.items()
        }
        known = {
            "name": self.name,
            "title": literal(self.name),
            "keys": [literal(key) for key in self.keys],
            "url": url,
        }
        return sealed(rendered("chat.py", **known, capabilities=promises, **parts))


def literal(value: object) -> str:
    """Text or a truth value as Python writes it; it quotes a string as JSON does."""
    if isinstance(value, str):
        return repr(value) if '"' in value and "'" not in value else json.dumps(value, ensure_ascii=False)
    return repr(value)


def skeleton(name: str) -> Draft:
    """An adapter of a chat that nobody has looked at: every line is to be made to fit."""
    draft = Draft(name, keys=("the key in user1's list", "the key in user2's list"))
    draft.chats = {
        "row": Guess('".chat"', "one chat of the list"),
        "key": Guess('Field(attribute="data-id")', "what tells it from the others"),
        "name": Guess('Field(selector=".name")', "what it is called"),
        "unread": Guess('Field(selector=".unread", visible=True)', "the number of unread messages"),
        "preview": Guess('Field(selector=".preview")', "its newest message"),
        "is_open": Guess(
            'Field(selector="[aria-selected=true]", attribute="aria-selected")', "only the open one has it"
        ),
    }
    draft.messages = {
        "row": Guess('".message"', "one message of the open chat"),
        "text": Guess('Field(selector=".text", exact=True)', "its text and nothing else"),
        "id": Guess('Field(attribute="data-id")', "what tells it from the others; may be left out"),
    }
    draft.others = {
        "composer": Guess('"textarea"', "where a message is typed; Enter sends it, or send_button=…"),
        "form": Guess(
            'Form(path="/login", username="[name=username]", password="[type=password]", submit="[type=submit]")',
            "the sign-in form",
        ),
    }
    return draft

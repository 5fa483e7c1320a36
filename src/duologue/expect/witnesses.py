"""`expect([user1, user2]).to_agree(chat)`: windows, frames and the API are asked, and their witnesses compared.

Where the API tells no messages (capability `api_messages`), what the first window shows is the record, and the others,
the frames and what was sent are held against it. Where it tells no counts (`api_chats`), a window's counts are held
against those of another window of the same person; nobody's are where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from duologue.app import Chat, ChatRow, SeenMessage
from duologue.errors import ExpectationFailed, Symptom, UnknownVerdict, UsageError
from duologue.expect.agreement import FIRST_PAGE, Judgement, Witness, both, judge, judge_unread
from duologue.people.user import User
from duologue.taps import RECEIVED
from duologue.timeline import Event

_NEWS = ("response", "request_failed", "view:chats", "view:messages")


class AgreementExpectations:
    """Expectations about several people at once."""

    def __init__(self, users: Sequence[User], timeout_s: float) -> None:
        if not users:
            raise UsageError("nobody can be asked", seen="expect([])", remedy="name the users: expect([user1, user2])")
        self._users, self._timeout_s = users, timeout_s
        self._cast, self._timeline = users[0].cast, users[0].timeline

    def to_agree(self, *chats: Chat) -> Judgement:
        """The three witnesses come to agree on these chats: nothing is lost, twice, out of order or changed on the way.

        Unread counts are compared first, where numbers are promised; then each window opens each chat, which reads it.
        Returns the judgement, for its counts. Raises ExpectationFailed, UnknownVerdict when there was no
        message, or UsageError when nobody is a member.
        """
        for chat in chats:
            if not any(user.account in chat.members for user in self._users):
                names = ", ".join(user.window for user in self._users)
                raise UsageError(f"none of {names} is a member of chat {chat}", remedy="ask those who are")
        judgements: list[Judgement] = []
        if self._cast.app.capabilities.unread == "number":
            counts = [_Counts(user, chats) for user in self._users]
            judgements += [self._settled(question) for question in counts if question.has_record]
        for chat in chats:
            members = [user for user in self._users if user.account in chat.members]
            self._cast.together(*[partial(_open, user, chat) for user in members])
            judgements.append(self._settled(_History(members, chat)))
        judgement = both(judgements)
        if judgement.verdict is None:
            raise UnknownVerdict("nothing was seen that the witnesses could agree on", seen=str(judgement))
        return judgement

    def _settled(self, question: _Counts | _History) -> Judgement:
        """The first judgement that is not false."""

        def judged() -> Judgement | None:
            judgement = question.judgement()
            return judgement if judgement.verdict is not False else None

        if (settled := self._timeline.wait_for(judged, self._timeout_s)) is not None:
            return settled
        last = question.judgement(anew=True)
        if last.verdict is not False:
            return last
        failure = ExpectationFailed(
            f"the witnesses of {question.subject} do not agree within {self._timeout_s:g} s", seen=str(last)
        )
        failure.symptom = replace(question.symptom, expected=last.worst)
        raise failure


class _Counts:
    """The unread counts of one window beside the server's."""

    def __init__(self, user: User, chats: Sequence[Chat]) -> None:
        self._user, self._chats = user, [chat for chat in chats if user.account in chat.members]
        self.subject = f"the unread counts in {user.window}"
        self.symptom = Symptom("to_agree", user.window, self._chats[0].id if self._chats else "")
        self._news = -1
        self._record: dict[str, int | None] = {}

    def judgement(self, *, anew: bool = False) -> Judgement:
        """As it is now; the server is asked `anew`, or when the window did something."""
        if anew or self._news != _news([self._user]):
            self._news = _news([self._user])
            self._record = self._kept()
        return judge_unread(self._record, self._shown(self._user.chats), f"unread in {self._user.window}")

    @property
    def has_record(self) -> bool:
        """Whether there is anything but the window itself to hold its counts against."""
        return self._user.cast.app.capabilities.api_chats or self._twin is not None

    @property
    def _twin(self) -> User | None:
        """Another window of the same person."""
        user = self._user
        others = (it for it in user.cast.users.values() if it.account is user.account and it is not user and it.looks)
        return next(others, None)

    def _kept(self) -> dict[str, int | None]:
        cast = self._user.cast
        if cast.app.capabilities.api_chats:
            kept = {row.key: row.unread for row in cast.api.chats(self._user.account)}
        elif self._twin:
            kept = self._shown(self._twin.chats)
        else:
            return {}
        return {chat.id: kept.get(chat.id) for chat in self._chats}

    def _shown(self, rows: Sequence[ChatRow]) -> dict[str, int | None]:
        by_key = {row.key: row.unread for row in rows}
        return {chat.id: by_key[key] for chat in self._chats if (key := self._user.key(chat)) in by_key}


class _History:
    """What windows, frames and the API hold of one chat."""

    def __init__(self, users: Sequence[User], chat: Chat) -> None:
        self._users, self._chat = users, chat
        self.subject = f"chat {chat}"
        self.symptom = Symptom("to_agree", users[0].window if users else "", chat.id)
        self._news = -1
        self._records: list[Sequence[SeenMessage]] = []

    def judgement(self, *, anew: bool = False) -> Judgement:
        """As it is now; the server is asked `anew`, or when a window did something.

        Not while the windows differ, which decides already: to ask takes longer than a burst's next message, and
        nothing is seen meanwhile.
        """
        shown = [[message.text for message in user.messages][-FIRST_PAGE:] for user in self._users]
        is_news = self._news != _news(self._users) and all(texts == shown[0] for texts in shown)
        if anew or is_news or not self._records:
            self._news = _news(self._users)
            self._records = self._told()
        everything = len(self._records[0])
        witnesses = [
            Witness("by the API, for another member", tuple(record), page=everything) for record in self._records[1:]
        ]
        for user in self._users:
            page = user.app.capabilities.shown_at_once
            witnesses.append(Witness(f"in the window {user.window}", user.messages, page=page))
            witnesses += _frames(user, self._chat)
        sent = [message.text for message in self._users[0].cast.sent if message.chat.id == self._chat.id]
        return judge(self._records[0], witnesses, sent)

    def _told(self) -> list[Sequence[SeenMessage]]:
        cast = self._users[0].cast
        if not cast.app.capabilities.api_messages:
            return [self._users[0].messages]
        accounts = {user.account.username: user.account for user in self._users}
        return [cast.api.messages(account, self._chat) for account in accounts.values()]


def _news(users: Sequence[User]) -> int:
    """Changes when a window showed something else, or was answered: then the server may know something new too."""
    windows = {user.window for user in users}

    def is_news(event: Event) -> bool:
        return event.source in windows and event.kind in _NEWS

    return len(users[0].timeline.find(where=is_news))


def _open(user: User, chat: Chat) -> None:
    if not user.is_open(chat):
        user.open_chat(chat)


def _frames(user: User, chat: Chat) -> list[Witness]:
    """What each socket of a window brought of the chat."""
    document = 0
    sockets: dict[tuple[int, object], list[SeenMessage]] = {}
    for number, event in enumerate(user.timeline.find(source=user.window)):
        document += event.kind == "document"
        if event.kind not in RECEIVED:
            continue
        # What comes without a socket (long polls, streams) may come again, and stands by itself.
        socket = event.data["socket"] if event.kind == "ws_received" else f"none ({number})"
        told = [seen for seen in _messages(user, event) if seen.chat == chat.id]
        if told:
            sockets.setdefault((document, socket), []).extend(told)
    return [
        Witness(f"in the frames of {user.window}, socket {socket}", tuple(messages), whole=False)
        for (_, socket), messages in sockets.items()
    ]


def _messages(user: User, event: Event) -> Sequence[SeenMessage]:
    try:
        return user.app.frame_messages(event.text)
    except (ValueError, SyntaxError):  # a frame that a test corrupted; that of XML is a SyntaxError
        return ()

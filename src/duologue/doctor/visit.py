"""The walk: what answers, who is let in, which socket opens, and whether the message test can be made."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from duologue.app import Account, Chat
from duologue.diagnosis import Finding, diagnose
from duologue.doctor.by_hand import dial
from duologue.doctor.message import SENT, MessageTest
from duologue.doctor.patient import ANSWER_TIMEOUT_S, USERS, Patient
from duologue.doctor.sheet import Sheet
from duologue.errors import ExpectationFailed, UnknownVerdict
from duologue.expect import expect
from duologue.people import User
from duologue.report import Redactor, secrets_of
from duologue.stack.ready import ask
from duologue.taps import DIALLED, OPENED

_OTHER_TRANSPORTS = {kind for kind in DIALLED if not kind.startswith("ws_")}
PAGE, API, ACCOUNTS = "the page answers", "the API answers", "two accounts"
BY_HAND, OTHER, LISTED = "a socket by hand", "somebody", "both list the chat"
_OF_FAILURES = {"no-rule-fits", "machine-starved"}


def visit(patient: Patient, sheet: Sheet, *, clear_cache: bool = False) -> list[Finding]:
    """Make every check that can be made; returns the causes of what failed, the likeliest first.

    With `clear_cache` each window empties its cache and is loaded anew once somebody is let in.
    """
    sheet.clean = lambda text: Redactor(secrets_of(patient.cast.accounts)).text(text)
    walk = _Walk(patient, sheet, clear_cache)
    walk.all()
    if sheet.is_well:
        return []
    # What could not be asked may have a cause; that nothing fits, or that the machine is busy, is one only where
    # something failed.
    has_failed = any(check.verdict == "failed" for check in sheet.checks)
    return [finding for finding in walk.findings() if has_failed or finding.cause not in _OF_FAILURES]


class _Walk:
    def __init__(self, patient: Patient, sheet: Sheet, clear_cache: bool) -> None:
        self._at, self._cast, self._sheet = patient.addresses, patient.cast, sheet
        self._clear_cache = clear_cache
        self._app = patient.cast.app
        self._own: list[Finding] = []
        self._users: dict[str, User] = {}
        self._chat: Chat | None = None

    def all(self) -> None:
        """Everything, in the order of the guide."""
        sheet = self._sheet
        page = sheet.ask(PAGE, self._page_answers)
        api = sheet.ask(API, self._api_answers)
        if not (page and api):
            why = "the API does not answer" if page else "the page does not answer"
            sheet.skip((ACCOUNTS, *(f"{name} signs in" for name in USERS), SENT), why)
            return
        if not sheet.ask(ACCOUNTS, self._accounts):
            sheet.skip((*(f"{name} signs in" for name in USERS), SENT), "there are no two accounts")
            return
        for name in USERS:
            self._window(name)
        self._by_hand()
        if len(self._users) < len(USERS):
            sheet.skip((SENT,), "not both are signed in")
        elif not sheet.ask("a chat of the two", self._has_chat) or self._chat is None:
            sheet.skip((SENT,), "there is no chat of the two")
        elif not sheet.ask(LISTED, self._is_listed):
            sheet.skip((SENT,), "not both list the chat")
        else:
            MessageTest(self._cast, sheet).run(self._chat, *self._users.values())

    def findings(self) -> list[Finding]:
        """The doctor's own findings and those of the diagnosis, ranked."""
        try:
            found = diagnose(self._cast, self._at.page, self._at.api, self._sheet.error)[1]
        except Exception as error:  # what was seen must reach its reader, whatever befalls the diagnosis
            text = f"the diagnosis itself failed: {type(error).__name__}: {error}"
            found = [Finding("no-diagnosis", "harness", "unknown", text, "read the checks", 0)]
        if self._own:
            own = {finding.cause for finding in self._own}
            found = [finding for finding in found if finding.certainty and finding.cause not in own]
        return sorted([*self._own, *found], key=lambda finding: -finding.certainty)

    # ---- what answers ------------------------------------------------------------------------------------------
    def _page_answers(self) -> str:
        seen = ask(self._at.page, self._app.patience_s)
        if not seen or _status(seen) in range(300, 400):
            return self._at.page
        raise ExpectationFailed(f"no page at {self._at.page}", seen=seen)

    def _api_answers(self) -> str:
        seen = ask(self._at.api, ANSWER_TIMEOUT_S)
        if seen and _status(seen) not in range(300, 500):  # it need not have anything at its root
            raise ExpectationFailed(f"no API at {self._at.api}", seen=seen)
        return self._at.api

    # ---- who is let in -----------------------------------------------------------------------------------------
    def _accounts(self) -> str:
        """With their chat, so that both see it in the first list they get."""
        one, other = (self._cast.account(name) for name in USERS)
        if not self._cast.given:
            self._chat = self._made(one, other)
            self._made(self._cast.account(OTHER), other)  # user2 has another chat on top
        return f"{one.username} and {other.username}, {'given' if self._cast.given else 'made over the API'}"

    def _made(self, one: Account, other: Account) -> Chat:
        try:
            return self._cast.chat(one, other)
        except Exception as error:  # the adapter's own client, in whatever way it fails
            raise ExpectationFailed("the API did not make a chat", seen=str(error)) from error

    def _has_chat(self) -> str:
        if self._chat is None:
            try:
                self._chat = self._made(*(self._cast.account(name) for name in USERS))
            except ExpectationFailed as error:
                remedy = "the adapter's API needs a `sign_in(username, password)` for accounts that are given"
                raise UnknownVerdict(
                    "a chat of the given accounts cannot be had", seen=str(error), remedy=remedy
                ) from error
        return f"chat {self._chat}"

    def _is_listed(self) -> str:
        """A page may show its list a while after it has let somebody in."""
        chat = self._chat
        assert chat is not None
        for user in self._users.values():
            key = user.key(chat)
            if not user.timeline.wait_for(
                lambda user=user, key=key: key in [row.key for row in user.chats] or None, self._app.patience_s
            ):
                seen = ", ".join(row.key for row in user.chats) or "an empty list"
                remedy = "do chats.row and chats.key fit the page? `duologue check` tells"
                raise ExpectationFailed(
                    f"{user.window} does not list chat {chat}, key {key!r}", seen=seen, remedy=remedy
                )
        return ""

    def _window(self, name: str) -> None:
        user = self._cast.visitor(name)
        if not self._sheet.ask(f"{name} signs in", lambda: self._sign_in(user)):
            return
        self._users[name] = user
        if self._clear_cache:
            self._sheet.ask(f"{name}: cache emptied", lambda: self._empty_cache(user))
        self._sheet.ask(f"{name}: socket opened", lambda: self._socket(user))
        if self._app.connection:
            self._sheet.ask(f"{name}: connection shown as up", lambda: self._connection(user))
        else:
            text = "the adapter knows no element that tells of it"
            self._sheet.note(f"{name}: connection shown as up", "unknown", 0, text, unseen=True)
        self._sheet.ask(f"{name}: console without errors", lambda: self._console(user))

    def _sign_in(self, user: User) -> str:
        form = self._app.form
        if form is None:
            user.sign_in()
            return f"as {user.account.username}"
        user.sign_in_by_form(connects=False)

        def outcome() -> str | None:
            return (
                "refused" if user.sign("refusal") else None if user.page.locator(form.username).is_visible() else "in"
            )

        result = user.timeline.wait_for(outcome, self._app.patience_s)
        if result == "in":
            return f"as {user.account.username}, by the form"
        seen = user.sign("refusal") or f"the form is still there after {self._app.patience_s:g} s"
        if result == "refused":
            text = f"{user.window} was not let in as {user.account.username}: {seen!r}"
            remedy = "is it the right account, with the right password, on this stack?"
            verdict = "harness" if self._cast.given else "product"
            self._own.append(Finding("sign-in-refused", verdict, "sign in", text, remedy, 75))
        raise ExpectationFailed(f"{user.window} was not let in as {user.account.username}", seen=seen)

    def _socket(self, user: User) -> str:
        opened = expect(user, since=user.loaded_at, timeout_s=self._app.patience_s).to_have_opened_socket()
        dialled = opened.text.partition("?")[0]
        if opened.kind != "ws_open":
            return dialled
        try:
            expected = self._cast.api.socket_url(user.account).partition("?")[0]
        except Exception:  # without a session the adapter does not know the whole address
            expected = ""
        expected = expected or (dialled if dialled.startswith(self._at.ws) else self._at.ws)
        if dialled != expected:
            raise ExpectationFailed("the socket was opened at another address", seen=f"{dialled}, not {expected}")
        return dialled

    def _empty_cache(self, user: User) -> str:
        user.reload_without_cache()
        return "and loaded anew"

    def _by_hand(self) -> None:
        """As the guide's third check: whether the server lets somebody in at the right address with a good token.

        It is somebody without a window, since a chat may close the older socket of a person for the newer.
        """
        timeline = self._cast.timeline
        if timeline.find(kind=_OTHER_TRANSPORTS):
            self._sheet.note(BY_HAND, "unknown", 0, "this chat's news come by other ways", unseen=True)
        elif self._cast.given and timeline.find(kind=OPENED):
            self._sheet.note(BY_HAND, "unknown", 0, "no account to spare, and a page's socket opened", unseen=True)
        else:
            account = self._cast.account(USERS[0] if self._cast.given else OTHER)
            self._sheet.ask(BY_HAND, lambda: self._dial(account), may_be_unseen=True)

    def _dial(self, account: Account) -> str:
        try:
            url, headers = self._cast.api.socket_url(account), self._cast.api.socket_headers(account)
        except Exception as error:  # without a session the adapter does not know the whole address
            raise UnknownVerdict("there is no session to dial with", seen=str(error)) from error
        if not url:
            raise UnknownVerdict("the adapter does not know a socket's address", remedy="tell it in ChatApi.socket_url")
        page = urlsplit(self._at.page)
        if seen := dial(url, f"{page.scheme}://{page.netloc}", headers):
            raise ExpectationFailed("a socket cannot be had by hand", seen=seen)
        return f"at {url.partition('?')[0]}, with an account's token and the page's origin"

    def _console(self, user: User) -> str:
        """CORS errors and the page's own show there."""
        harmless = [re.compile(pattern) for pattern in self._app.harmless]
        errors = [
            event.text
            for event in user.timeline.find(kind={"console", "page_error"}, source=user.window)
            if (event.kind == "page_error" or event.data.get("level") == "error")
            and not any(pattern.search(event.text) for pattern in harmless)
        ]
        if errors:
            raise ExpectationFailed(f"{len(errors)} errors", seen="\n".join(errors[:3]))
        return ""

    def _connection(self, user: User) -> str:
        if user.timeline.wait_for(lambda: user.is_connected or None, self._app.patience_s) is None:
            seen = f"{user.sign('connection')!r} at {user.page.url}"
            raise ExpectationFailed(
                f"{user.window} does not show itself connected within {self._app.patience_s:g} s", seen=seen
            )
        return repr(user.sign("connection"))


def _status(seen: str) -> int:
    """The number in `HTTP 503`; 0 when nothing answered."""
    head, _, number = seen.partition(" ")
    return int(number) if head == "HTTP" and number.isdecimal() else 0

"""What tests ask for by name: `stack`, `timeline`, `user1`, `user2`, `people`, `chats`, …

A repository that tests its chat defines `stack_definition`, `chat_app` and `chat_api`; all else is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Playwright

from duologue.app import Chat, ChatApi, ChatApp
from duologue.artifacts import Artifacts
from duologue.errors import UsageError
from duologue.loop import Loop
from duologue.people import Cast, ProtocolUser, User
from duologue.people.browsers import launch_arguments
from duologue.people.nodelay import send_without_delay
from duologue.people.server import Server
from duologue.run import Run
from duologue.stack import ExternalStack, LogLine, Stack, StackDefinition, acquire
from duologue.timeline import Event, Timeline

USERS = ("user1", "user2", "user3")


# ---- to be defined by the repository that tests its chat ---------------------------------------------------
@pytest.fixture(scope="session")
def stack_definition() -> StackDefinition:
    """The stack under test as data; define it in conftest.py."""
    raise UsageError("no stack is defined", remedy="define the session fixture `stack_definition` in conftest.py")


@pytest.fixture(scope="session")
def chat_app() -> ChatApp:
    """The adapter of the chat under test; define it in conftest.py."""
    raise UsageError("no chat is described", remedy="define the session fixture `chat_app` in conftest.py")


@pytest.fixture(scope="session")
def chat_api() -> ChatApi:
    """The chat's API, for accounts and chats; define it in conftest.py."""
    raise UsageError("no API of the chat is described", remedy="define the session fixture `chat_api` in conftest.py")


@pytest.fixture(autouse=True)
def _promised(request: pytest.FixtureRequest) -> None:
    """Leave out a test of something that the chat does not promise, before anything is brought up for it."""
    for marker in request.node.iter_markers("promised"):
        app: ChatApp = request.getfixturevalue("chat_app")
        for name in marker.args:
            if not app.capabilities.promised(name):
                pytest.skip(f"not promised: {name}")


# ---- the stack -----------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def stack(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Stack:
    """The run's stack, up and ready; one for all workers, taken down when the run ends."""
    run = pytestconfig.stash[Run.KEY]
    if run.choice.kind == "url":
        external = ExternalStack(run.choice.page_url, run.choice.api_url, run.choice.ws_url)
        external.up()
        return external
    definition: StackDefinition = request.getfixturevalue("stack_definition")
    return acquire(definition, run.choice, run_id=run.id, keep=run.keep, owner_pid=run.owner_pid)


class _Log:
    """Hands the lines of the stack's services to the timeline of the test that runs."""

    def __init__(self) -> None:
        self.timeline: Timeline | None = None

    def on_line(self, line: LogLine) -> None:
        if timeline := self.timeline:
            timeline.append(Event(line.at, "server", "log", line.text, {"service": line.service}, line.service))


@pytest.fixture(scope="session")
def _stack_log(stack: Stack) -> Iterator[_Log]:
    log = _Log()
    with stack.follow(log.on_line):
        yield log


@pytest.fixture
def timeline(_stack_log: _Log) -> Iterator[Timeline]:
    """All that is seen in this test, the services' logs included."""
    timeline = Timeline()
    _stack_log.timeline = timeline
    yield timeline
    _stack_log.timeline = None


@pytest.fixture
def server(timeline: Timeline) -> Callable[[str], Server]:
    """`server("backend")`: a service of the stack, for expectations about its log."""
    return lambda service: Server(timeline, service)


# ---- browsers, by way of pytest-playwright's own fixtures --------------------------------------------------------
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_type: BrowserType) -> dict[str, Any]:
    """pytest-playwright's, with the system's browser where Playwright's own is not installed."""
    return launch_arguments(browser_type, browser_type_launch_args)


@pytest.fixture(scope="session")
def launch_browser(launch_browser: Callable[..., Browser], browser_name: str) -> Callable[..., Browser]:
    """pytest-playwright's; a Firefox then sends its events without delay."""

    def launch(**kwargs: Any) -> Browser:
        browser = launch_browser(**kwargs)
        if browser_name == "firefox":
            send_without_delay()
        return browser

    return launch


@pytest.fixture(scope="session")
def _loop(playwright: Playwright) -> Loop:
    return Loop(playwright)


# ---- people ---------------------------------------------------------------------------------------------------
@pytest.fixture
def cast(
    stack: Stack,
    chat_app: ChatApp,
    chat_api: ChatApi,
    timeline: Timeline,
    _loop: Loop,
    new_context: Callable[..., BrowserContext],
    browser_context_args: dict[str, Any],
    request: pytest.FixtureRequest,
) -> Cast:
    """Everybody in this test. `user1`, `user2`, `user3` are signed in at once when the test asks for them."""
    timeline.waker = _loop
    artifacts = request.node.stash[Artifacts.KEY] = Artifacts()

    def context(**kwargs: Any) -> BrowserContext:
        if "base_url" not in browser_context_args:
            kwargs.setdefault("base_url", stack.page_url)
        return new_context(**kwargs)

    cast = request.node.stash[Run.CAST] = Cast(chat_app, chat_api, timeline, _loop, context, artifacts.named)
    cast.people([name for name in USERS if name in request.fixturenames])
    return cast


@pytest.fixture
def user1(cast: Cast) -> User:
    """A person who is signed in, at a browser window of their own."""
    return cast.users["user1"]


@pytest.fixture
def user2(cast: Cast) -> User:
    """Another person, in another browser context."""
    return cast.users["user2"]


@pytest.fixture
def user3(cast: Cast) -> User:
    """A third one."""
    return cast.users["user3"]


@pytest.fixture
def people(cast: Cast) -> Callable[[int], list[User]]:
    """`people(5)`: five more people, signed in at the same time."""

    def more(count: int) -> list[User]:
        first = sum(1 for name in cast.users if "/" not in name) + 1
        return cast.people([f"user{number}" for number in range(first, first + count)])

    return more


@pytest.fixture
def visitor(cast: Cast) -> User:
    """Somebody with an account who has not signed in."""
    return cast.visitor("visitor")


class MakeProtocolUser(Protocol):
    """`protocol_user("bob")`."""

    def __call__(self, name: str) -> ProtocolUser:
        """Somebody with a new account, without a browser."""
        ...


@pytest.fixture
def protocol_user(chat_app: ChatApp, chat_api: ChatApi, timeline: Timeline) -> Iterator[MakeProtocolUser]:
    """People without a browser: the same verbs over the API and a WebSocket."""
    made: list[ProtocolUser] = []

    def make(name: str) -> ProtocolUser:
        account = chat_api.create_account(f"{name}_{id(made):x}{len(made)}", name.capitalize(), "correct horse battery")
        made.append(ProtocolUser(name, account, chat_app, chat_api, timeline))
        return made[-1]

    yield make
    for user in made:
        user.disconnect()


class Chats:
    """Makes the test's chats over the API, and waits until those who look see them."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    def direct(self, one: User, other: User) -> Chat:
        """A chat of two."""
        return self._cast.chat(one, other)

    def group(self, creator: User, *others: User, name: str = "Group") -> Chat:
        """A group."""
        return self._cast.chat(creator, *others, name=name)

    def with_somebody(self, user: User) -> Chat:
        """A chat with somebody who is not at a window, so that another chat is not the only one (or not on top)."""
        return self._cast.chat(self._cast.account("somebody"), user)


@pytest.fixture
def chats(cast: Cast) -> Chats:
    """`chats.direct(user1, user2)`, `chats.group(user1, user2, user3)`, `chats.with_somebody(user2)`."""
    return Chats(cast)


@pytest.fixture
def together(cast: Cast) -> Callable[..., list[Any]]:
    """`together(lambda: user1.send(…), lambda: user2.send(…))`: at the same time."""
    return cast.together

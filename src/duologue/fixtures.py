"""What tests ask for by name: `stack`, `timeline`, `user1`, `user2`, `people`, `chats`, …

A repository that tests its chat defines `stack_definition` and `chat_app`; all else is here.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any, Protocol

import pytest
from playwright.sync_api import BrowserContext, Playwright

from duologue.app import Account, ChatApi, ChatApp
from duologue.artifacts import Artifacts
from duologue.errors import UsageError
from duologue.faults import Services
from duologue.loop import Loop
from duologue.people import Cast, Chats, ProtocolUser, User
from duologue.people.server import Server
from duologue.pulse import felt
from duologue.run import Run
from duologue.stack import ExternalStack, LogLine, Stack, StackDefinition, acquire, release
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
def _run(pytestconfig: pytest.Config) -> Run:
    return pytestconfig.stash[Run.KEY]


@pytest.fixture(scope="session")
def _shared_stack(_run: Run, request: pytest.FixtureRequest) -> Stack:
    """The run's stack; one for all workers, taken down when the run ends."""
    if _run.choice.kind == "url":
        external = ExternalStack(_run.choice.page_url, _run.choice.api_url, _run.choice.ws_url)
        external.up()
        return external
    definition: StackDefinition = request.getfixturevalue("stack_definition")
    if definition.root.resolve() != _run.root.resolve():
        raise UsageError(
            "the stack's root is not pytest's rootdir",
            seen=f"StackDefinition.root is {definition.root}, rootdir is {_run.root}",
            remedy="give StackDefinition(root=…) the folder that holds pytest.ini",
        )
    return acquire(definition, _run.choice, run_id=_run.id, keep=_run.keep, owner_pid=_run.owner_pid)


@pytest.fixture(scope="session")
def api_url(_shared_stack: Stack) -> str:
    """Where the API of the run's stack is, for tests that speak to it themselves."""
    return _shared_stack.api_url


@pytest.fixture(scope="session")
def ws_url(_shared_stack: Stack) -> str:
    """Where the WebSocket of the run's stack is."""
    return _shared_stack.ws_url


@contextmanager
def _log_and_api(stack: Stack, app: ChatApp) -> Generator[tuple[Stack, _Log, ChatApi]]:
    log, api = _Log(), app.api(stack.api_url, stack.ws_url)
    with closing(api), stack.follow(log.on_line):
        yield stack, log, api


@pytest.fixture(scope="session")
def _shared(_shared_stack: Stack, chat_app: ChatApp) -> Iterator[tuple[Stack, _Log, ChatApi]]:
    with _log_and_api(_shared_stack, chat_app) as shared:
        yield shared


@pytest.fixture
def _own(_run: Run, chat_app: ChatApp, request: pytest.FixtureRequest) -> Iterator[tuple[Stack, _Log, ChatApi]]:
    if _run.choice.kind == "url":
        pytest.skip(f"breaks its stack, and {_run.choice.page_url} is not ours to break")
    if shared := sorted({"api_url", "ws_url"} & set(request.fixturenames)):
        raise UsageError(
            f"{' and '.join(shared)} would be of the stack that all tests share, and this one breaks its own",
            remedy="take stack.api_url and stack.ws_url",
        )
    definition: StackDefinition = request.getfixturevalue("stack_definition")
    marker = request.node.get_closest_marker("own_stack")
    definition = definition.with_settings(marker.kwargs)
    run_id = f"{_run.id}-{secrets.token_hex(3)}"
    stack = acquire(definition, _run.choice, run_id=run_id, owner_pid=_run.owner_pid)
    try:
        with _log_and_api(stack, chat_app) as own:
            yield own
    finally:
        release(definition.root, run_id)


class _Log:
    """Hands the lines of a stack's services to the timeline of the test that runs."""

    def __init__(self) -> None:
        self.timeline: Timeline | None = None

    def on_line(self, line: LogLine) -> None:
        if timeline := self.timeline:
            timeline.append(Event(line.at, "server", "log", line.text, {"service": line.service}, line.service))


@pytest.fixture
def _stack(request: pytest.FixtureRequest) -> tuple[Stack, _Log, ChatApi]:
    name = "_own" if request.node.get_closest_marker("own_stack") else "_shared"
    return request.getfixturevalue(name)


@pytest.fixture
def stack(_stack: tuple[Stack, _Log, ChatApi], request: pytest.FixtureRequest) -> Stack:
    """The stack under test, up and ready: the run's, or the test's own when it is marked `own_stack`."""
    request.node.stash[Run.STACK] = _stack[0]
    return _stack[0]


@pytest.fixture
def chat_api(_stack: tuple[Stack, _Log, ChatApi]) -> ChatApi:
    """The chat's API in that stack."""
    return _stack[2]


@pytest.fixture
def timeline(_stack: tuple[Stack, _Log, ChatApi], request: pytest.FixtureRequest) -> Iterator[Timeline]:
    """All that is seen in this test, the services' logs included."""
    log = _stack[1]
    log.timeline = request.node.stash[Run.TIMELINE] = Timeline()
    with felt(log.timeline):
        yield log.timeline
    log.timeline = None


@pytest.fixture
def services(stack: Stack, timeline: Timeline, request: pytest.FixtureRequest) -> Iterator[Services]:
    """`services.pause("backend")`: breaks the services of a test marked `own_stack`; mended when it ends."""
    services = Services(stack, timeline, own=request.node.get_closest_marker("own_stack") is not None)
    yield services
    services.mend()


@pytest.fixture
def server(timeline: Timeline) -> Callable[[str], Server]:
    """`server("backend")`: a service of the stack, for expectations about its log."""
    return lambda service: Server(timeline, service)


@pytest.fixture(scope="session")
def _loop(playwright: Playwright) -> Loop:
    return Loop(playwright)


# ---- people ---------------------------------------------------------------------------------------------------
@pytest.fixture
def _stage(
    stack: Stack,
    chat_app: ChatApp,
    chat_api: ChatApi,
    timeline: Timeline,
    _loop: Loop,
    new_context: Callable[..., BrowserContext],
    browser_context_args: dict[str, Any],
    request: pytest.FixtureRequest,
) -> Generator[Cast]:
    """Nobody yet. A fixture of its own: who cannot come in is diagnosed before anything of it is closed."""
    timeline.waker = _loop
    artifacts = request.node.stash[Artifacts.KEY] = Artifacts()

    def context(**kwargs: Any) -> BrowserContext:
        if "base_url" not in browser_context_args:
            kwargs.setdefault("base_url", stack.page_url)
        return new_context(**kwargs)

    own_network = request.node.get_closest_marker("own_network")
    cast = request.node.stash[Run.CAST] = Cast(
        chat_app,
        chat_api,
        timeline,
        _loop,
        context,
        artifacts.named,
        own_links=own_network is not None,
        own_frames=own_network is not None and own_network.kwargs.get("frames", False),
    )
    with closing(cast):
        yield cast


@pytest.fixture
def cast(_stage: Cast, request: pytest.FixtureRequest) -> Cast:
    """Everybody in this test. `user1`, `user2`, `user3` are signed in at once when the test asks for them."""
    _stage.people([name for name in USERS if name in request.fixturenames])
    return _stage


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
        free = (name for number in itertools.count(1) if (name := f"user{number}") not in cast.users)
        return cast.people(list(itertools.islice(free, count)))

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
def protocol_user(
    chat_app: ChatApp, chat_api: ChatApi, timeline: Timeline, request: pytest.FixtureRequest
) -> Iterator[MakeProtocolUser]:
    """People without a browser: the same verbs over the API and a WebSocket."""
    made: list[ProtocolUser] = []
    accounts = request.node.stash[Run.ACCOUNTS] = list[Account]()

    def make(name: str) -> ProtocolUser:
        username = f"{name}_{secrets.token_hex(4)}"
        account = chat_api.create_account(username, name.capitalize(), "correct horse battery")
        accounts.append(account)
        made.append(ProtocolUser(name, account, chat_app, chat_api, timeline))
        return made[-1]

    yield make
    for user in made:
        user.disconnect()


@pytest.fixture
def chats(cast: Cast) -> Chats:
    """`chats.direct(user1, user2)`, `chats.group(user1, user2, user3)`, `chats.with_somebody(user2)`."""
    return Chats(cast)


@pytest.fixture
def together(cast: Cast) -> Callable[..., list[Any]]:
    """`together(lambda: user1.send(…), lambda: user2.send(…))`: at the same time."""
    return cast.together

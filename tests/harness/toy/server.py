"""A toy chat, as unlike the reference chat as may be: `server.py PORT [FAULT ...]` serves one page and its WebSocket.

Frames are text, fields parted by `|`: `msg|TALK|WHO|TEXT`. What makes accounts and talks is asked by GET and answers
plain lines. It is right unless told to misbehave, at its start or by `GET /misbehave?how=FAULT`:

    badge         every count is one too high       stuck     a new message moves nothing
    twice         a message comes twice             deaf      a message is kept and told to nobody
    scream, trip  each message makes an error in the console, or in the page
    reopens       a page opens its first talk by itself; `reopens-late`: that in which the first message comes
    blind         an open talk shows what comes only when it is entered anew
    forgets       a page that loads anew asks for the password
    remembers     a page that loads opens the talk that was open last
    longer        a talk of two is called "Chat with ..."
    alike         no attribute tells one row of the list from another
    dots          a row tells that something is unread by a class, and nothing else of it
    welcome       something lies over the page after the sign-in
    curt          who is not let in is not told so: the page loads anew
"""

from __future__ import annotations

import contextlib
import itertools
import secrets
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

PAGE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")


@dataclass
class Talk:
    """One chat: its members' counts, and what was said, as (who, text)."""

    id: str
    title: str
    counts: dict[str, int]
    said: list[tuple[str, str]] = field(default_factory=list)
    activity: int = 0

    def title_for(self, name: str) -> str:
        """A talk of two is called after the other one."""
        others = " ".join(shown[other] for other in self.counts if other != name)
        return self.title or ("Chat with " if "longer" in faults else "") + others

    def row(self, name: str) -> str:
        """As it stands in somebody's list."""
        return f"talk|{self.id}|{self.counts[name]}|{self.title_for(name)}"


lock = threading.RLock()
faults: set[str] = set()
words: dict[str, str] = {}
shown: dict[str, str] = {}
sessions: dict[str, str] = {}
talks: dict[str, Talk] = {}
sockets: dict[ServerConnection, str] = {}
clock = itertools.count(1)


def tell(name: str, *frames: str) -> None:
    """Send to every window of somebody."""
    for socket, session in list(sockets.items()):
        if sessions.get(session) == name:
            # One that closes just now must not cost whoever speaks their own.
            with contextlib.suppress(ConnectionClosed):
                for frame in frames:
                    socket.send(frame)


def greet(name: str, talk: Talk) -> list[str]:
    """The frames that bring a talk with all that was said in it."""
    return [talk.row(name), *(f"past|{talk.id}|{who}|{text}" for who, text in talk.said)]


def say(name: str, talk: Talk, text: str) -> None:
    """Keep a message, and tell every member."""
    talk.said.append((name, text))
    talk.activity = next(clock)
    kind = "stuck" if "stuck" in faults else "msg"
    reopens = "reopens-late" in faults and len(talk.said) == 1
    for member in [] if "deaf" in faults else talk.counts:
        if member != name and reopens:
            tell(member, f"enter|{talk.id}")
        elif member != name:
            talk.counts[member] += 1
        tell(member, *[f"{kind}|{talk.id}|{name}|{text}"] * (2 if "twice" in faults else 1))
        tell(member, f"count|{talk.id}|{talk.counts[member] + ('badge' in faults)}")
        tell(member, *[f"{fault}|no such thing" for fault in ("scream", "trip") if fault in faults])


def listen(socket: ServerConnection) -> None:
    """One window: who it is, its talks, then what it says."""
    query = dict(parse_qsl(urlsplit(socket.request.path if socket.request else "").query))
    name, session = query.get("name", ""), query.get("session", "")
    cookie = socket.request.headers.get("Cookie", "") if socket.request else ""
    word = query.get("word") or cookie.removeprefix("word=")
    with lock:
        if name in words and words[name] == word:
            session = secrets.token_hex(8)
            sessions[session] = name
        if session not in sessions:
            print(f"refused {name or 'a session'}", flush=True)
            return socket.send("no|" if "curt" in faults else f"no|{name or 'you'} cannot come in")
        name = sessions[session]
        sockets[socket] = session
        print(f"{name} came in", flush=True)
        socket.send(f"in|{name}|{session}")
        for fault in sorted(faults & {"alike", "blind", "dots", "forgets", "remembers", "welcome"}):
            socket.send(fault)
        for talk in sorted(talks.values(), key=lambda talk: talk.activity):
            for frame in greet(name, talk) if name in talk.counts else []:
                socket.send(frame)
        socket.send("ready")
        mine = [talk.id for talk in talks.values() if name in talk.counts]
        if "reopens" in faults and mine:
            socket.send(f"enter|{mine[0]}")
    try:
        for frame in socket:
            with lock:
                hear(name, session, str(frame))
    except ConnectionClosed:
        pass
    finally:
        sockets.pop(socket, None)
    return None


def hear(name: str, session: str, frame: str) -> None:
    """What a window sends."""
    kind, _, rest = frame.partition("|")
    talk_id, _, text = rest.partition("|")
    if kind == "say":
        say(name, talks[talk_id], text)
    elif kind == "read" and name in talks[talk_id].counts:  # who was removed meanwhile is no member again by reading
        talks[talk_id].counts[name] = 0
        tell(name, f"count|{talk_id}|{int('badge' in faults)}")
    elif kind == "bye":
        del sessions[session]
        for socket in [socket for socket, its in sockets.items() if its == session]:
            socket.close(4000, "bye")


def answer(path: str, query: dict[str, str]) -> str:
    """What the API answers: lines of text."""
    if path == "/account":
        words[query["name"]], shown[query["name"]] = query["word"], query["shown"]
        return query["name"]
    if path == "/make":
        names = query["who"].split(",")
        talk = Talk(str(len(talks) + 100), query.get("title", ""), dict.fromkeys(names, 0), activity=next(clock))
        talks[talk.id] = talk
        for name in names:
            tell(name, *greet(name, talk))
        return "\n".join([talk.id, *(talk.title_for(name) for name in names)])
    if path == "/list":
        rows = sorted((talk for talk in talks.values() if query["who"] in talk.counts), key=lambda it: -it.activity)
        return "\n".join(talk.row(query["who"]) for talk in rows)
    if path == "/session":
        session = secrets.token_hex(8)
        sessions[session] = query["name"]
        return session
    if path == "/misbehave":
        faults.add(query["how"])
        return ""
    talk = talks[query["talk"]]
    if path == "/say":
        say(query["who"], talk, query["text"])
    elif path == "/add":
        talk.counts[query["who"]] = 0
        tell(query["who"], *greet(query["who"], talk))
    elif path == "/remove":
        del talk.counts[query["who"]]
        tell(query["who"], f"gone|{talk.id}")
    return "\0".join(f"{who}|{text}" for who, text in talk.said)


def over_http(_: ServerConnection, request: Request) -> Response | None:
    """The page at `/`, the API elsewhere; a WebSocket goes on."""
    url = urlsplit(request.path)
    if url.path == "/talk":
        return None
    with lock:
        body = (PAGE if url.path == "/" else answer(url.path, dict(parse_qsl(url.query)))).encode()
    kind = "text/html" if url.path == "/" else "text/plain"
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    if url.path == "/session":
        headers["Set-Cookie"] = f"toy={body.decode()}; SameSite=Strict"
    return Response(200, "OK", Headers(headers), body)


if __name__ == "__main__":
    faults.update(sys.argv[2:])
    with serve(listen, "127.0.0.1", int(sys.argv[1]), process_request=over_http) as server:
        server.serve_forever()

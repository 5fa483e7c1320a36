"""Takes secrets out of what is kept: text, URLs, frames, headers, JSON go in, the same without secrets comes out.

What has the shape of a token, stands where secrets stand (`token=…`, `"password": "…"`, `Authorization: …`, cookies),
or is a known secret literally, is replaced by a mark. All other text stays: messages are evidence. So do values that
are no secrets but a diagnosis, such as `token=null`.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import quote, quote_plus

from duologue.app import Account

REDACTED = "[redacted]"
# A shorter value is found in too much that is no secret: adapters keep user ids among their secrets too.
SHORTEST_LITERAL = 6

_SAYS_SOMETHING = {"", "null", "undefined", "none", "nan", "true", "false", "[object object]"}
_UNSAFE = re.compile(r"[^\w .@-]")
_LABEL = re.compile(r"\[redacted[^\]]*\]")
# Names by their endings, in any case and style: access_token, accessToken, X-Auth-Token, csrf-token, clientSecret, …
_NAME = (
    r"(?:[\w.-]*?(?:token|password|passwd|passphrase|secret|api[_-]?key|authorization|session[_-]?id|cookie|jwt"
    r"|credentials?|signature)|sid|pwd|auth|session|ticket|sig)"
)
_NAMED = re.compile(_NAME, re.IGNORECASE)
_START = r"(?i)(?<![\w-])"
_WORTH_A_LOOK = re.compile(
    r"(?i)token|passw|passphrase|secret|api[_-]?key|authori|bearer|cookie|session|jwt|credential|sig|ticket|\bsid\b"
    r"|\bpwd\b|\bauth\b|eyJ|://[^/\s]*@"
)

# Three parts of base64url, the first an object's begin; five when encrypted (RFC 7515, 7516). Also one that was cut.
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){1,4}")
_IN_URL = re.compile(r"(?<=://)([^\s/@:\"'<>]*):([^\s/@\"'<>]+)@")
_QUOTED = re.compile(_START + rf"({_NAME}[\"']?\s*[:=]\s*)([\"'])((?:\\.|(?!\2)[^\\\n])*)(\2|$|(?=\n))")
_ESCAPED = re.compile(_START + rf"({_NAME}(?:\\+[\"'])?\s*[:=]\s*)(\\+[\"'])((?:(?!(?<!\\)\2)[^\n])*)(\2|$|(?=\n))")
_ASSIGNED = re.compile(_START + rf"({_NAME}(?:=|%3D))([^\s&;,\"'\\<>()\[\]{{}}#|]+)")
# After a colon without quotes only what looks like a token: "password: forgotten" may be somebody's message.
_AFTER_COLON = re.compile(_START + rf"({_NAME}:\s*)((?=\S*\d)[\w.~+/=-]{{16,}})")
_AUTHORIZATION = re.compile(
    _START + r"((?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?)"
    # The value may bear a mark already.
    r"((?:bearer|basic|digest|token)\s+(?:\[redacted[^\]]*\]|[^\s\"',;\\]+))"
)
_BEARER = re.compile(_START + r"(bearer\s+)((?=[^\s\"'\\]*[\d.])[\w.~+/=-]{8,})")
_VALUE = re.compile(r"(?<==)[^;]+")
_COOKIES = re.compile(_START + r"((?:set-)?cookie:\s*)([^\s=;,\"'\\]+=[^\r\n\"'\\]*)")


class Redactor:
    """Knows a test's secrets; what it returns depends on nothing else. `secrets` maps a value to what it is."""

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        self._labels: dict[str, str] = {}
        for value, label in (secrets or {}).items():
            if len(value) >= SHORTEST_LITERAL:
                mark = f"[redacted {_UNSAFE.sub('_', label)}]"
                self._labels |= dict.fromkeys(_spellings(value), mark)
        longest_first = sorted(self._labels, key=len, reverse=True)
        self._literal = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        self._known: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text without secrets: a line, a URL, a frame, a whole file."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._text(text)
        return known

    def data(self, value: Any, name: str = "") -> Any:
        """JSON-like data without secrets; `name` is the key that it stands under."""
        if isinstance(value, str):
            return _concealed(self.text(value)) if is_secret_name(name) else self._string(value, name)
        if isinstance(value, Mapping):
            pairs = cast("Mapping[Any, Any]", value)
            named = pairs.get("name")  # a header or a cookie, as HAR writes it
            if isinstance(named, str) and "value" in pairs and (is_secret_name(named) or name == "cookies"):
                return {**pairs, "value": _concealed(str(pairs["value"]))}
            return {self._key(key): self.data(item, str(key)) for key, item in pairs.items()}
        if isinstance(value, list | tuple):
            return [self.data(item, name) for item in cast("Iterable[Any]", value)]
        if isinstance(value, int | float) and not isinstance(value, bool) and is_secret_name(name):
            return REDACTED
        return value

    def _key(self, key: Any) -> Any:
        return self.text(key) if isinstance(key, str) else key

    def _string(self, value: str, name: str) -> str:
        return self._base64(value) if name == "base64" else self.text(value)

    def _base64(self, value: str) -> str:
        """A binary frame; what is in it stays as it is unless there is a secret."""
        try:
            inside = base64.b64decode(value).decode("utf-8", "surrogateescape")
        except ValueError:
            return self.text(value)
        clean = self.text(inside)
        return value if clean == inside else base64.b64encode(clean.encode("utf-8", "surrogateescape")).decode()

    def _text(self, text: str) -> str:
        if self._literal:
            text = self._literal.sub(lambda match: self._labels[match[0]], text)
        if not _WORTH_A_LOOK.search(text):
            return text
        text = _JWT.sub("[redacted JWT]", text)
        text = _IN_URL.sub(rf"\1:{REDACTED}@", text)
        text = _COOKIES.sub(lambda match: match[1] + _VALUE.sub(lambda value: _concealed(value[0]), match[2]), text)
        text = _AUTHORIZATION.sub(lambda match: match[1] + _concealed(match[2]), text)
        for quoted in (_QUOTED, _ESCAPED):
            text = quoted.sub(lambda match: match[1] + match[2] + _concealed(match[3]) + match[4], text)
        for bare in (_ASSIGNED, _AFTER_COLON, _BEARER):
            text = bare.sub(lambda match: match[1] + _concealed(match[2]), text)
        return text


def is_secret_name(name: str) -> bool:
    """Whether what is called so is a secret."""
    return _NAMED.fullmatch(name) is not None


def secrets_of(accounts: Iterable[Account]) -> dict[str, str]:
    """The passwords and secrets of accounts, each with what it is."""
    found: dict[str, str] = {}
    for account in accounts:
        found |= {value: f"{account.username} {name}" for name, value in account.secrets.items()}
        found[account.password] = "password"
    return found


def _concealed(value: str) -> str:
    """The mark for a value; one that is in it already stays, for it says more."""
    if value.strip().casefold() in _SAYS_SOMETHING:
        return value
    label = _LABEL.search(value)
    return label[0] if label else REDACTED


def _spellings(value: str) -> set[str]:
    """The value as it stands in URLs, forms, JSON, markup and Basic authorization."""
    in_json = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    in_base64 = base64.b64encode(value.encode()).decode().rstrip("=")
    twice = {json.dumps(text)[1:-1] for text in in_json}
    return {value, quote(value, safe=""), quote_plus(value), html.escape(value), in_base64, *in_json, *twice}

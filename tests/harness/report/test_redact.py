"""Nothing that is a secret is kept, in whatever it stands; everything else is."""

from __future__ import annotations

import base64
import json
from time import process_time
from urllib.parse import quote

import pytest

from duologue.app import Account
from duologue.report.redact import REDACTED, Redactor, is_secret_name, secrets_of

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3IiwiZXhwIjoxfQ.sJx0_Cw-9Zq3bT"
OPAQUE = "8f14e45fceea167a5a36dedd4bea2543"
NOBODY = Redactor()


@pytest.mark.parametrize(
    "text",
    [
        f"ws://127.0.0.1:8000/ws?token={JWT}",
        f"ws://127.0.0.1:8000/ws?token={OPAQUE}&v=2",
        f"https://chat.test/#access_token={OPAQUE}",
        f"https://chat.test/socket?auth_token={OPAQUE}",
        f"https://chat.test/socket?redirect=%2Fws%3Ftoken%3D{OPAQUE}",
        f"https://bob:{OPAQUE}@chat.test/",
        f"https://chat.test/file?X-Amz-Signature={OPAQUE}",
        f"🔗 Connecting to: ws://127.0.0.1:8000/ws?token={OPAQUE}",
        f'INFO:     127.0.0.1 - "WebSocket /ws?token={OPAQUE}" [accepted]',
        f"stored {JWT} for later",
        f"cut short: {JWT[:30]}",
        f'{{"type":"auth","token":"{OPAQUE}"}}',
        f'{{"refresh_token": "{OPAQUE}", "user": {{"id": 7}}}}',
        f'{{"accessToken": "{OPAQUE}"}}',
        f'{{"password":"{OPAQUE}"}}',
        json.dumps({"frame": json.dumps({"token": OPAQUE})}),
        json.dumps({"frame": json.dumps({"frame": json.dumps({"token": OPAQUE})})}),
        f'{{"token":"{OPAQUE}',
        f"{{access_token: '{OPAQUE}'}}",
        f"Session(token='{OPAQUE}', user=7)",
        f"Authorization: Bearer {OPAQUE}",
        f"authorization: Basic {OPAQUE}",
        f"('authorization', 'Bearer {OPAQUE}')",
        f"Proxy-Authorization: Basic {OPAQUE}",
        f"X-Auth-Token: {OPAQUE}",
        f"Cookie: theme=dark; anything={OPAQUE}",
        f"set-cookie: anything={OPAQUE}; Path=/; HttpOnly",
        f"document.cookie is session={OPAQUE}; theme=dark",
        f"username=bob&password={OPAQUE}&remember=1",
        f"token: {OPAQUE}",
    ],
)
def test_a_secret_is_taken_out_by_its_shape_or_its_place(text: str) -> None:
    clean = NOBODY.text(text)

    assert OPAQUE not in clean
    assert "eyJ" not in clean
    assert "[redacted" in clean


def test_what_stands_around_a_secret_stays() -> None:
    assert NOBODY.text(f"ws://127.0.0.1:8000/ws?token={OPAQUE}&v=2") == f"ws://127.0.0.1:8000/ws?token={REDACTED}&v=2"
    assert NOBODY.text(f"Cookie: theme={OPAQUE}; b=1") == f"Cookie: theme={REDACTED}; b={REDACTED}"
    assert NOBODY.text(f"bob:7 https://bob:{OPAQUE}@chat.test/a@b") == f"bob:7 https://bob:{REDACTED}@chat.test/a@b"


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "auth", "token": OPAQUE, "text": 'say "token" twice'},
        {"password": 'a"b\\c', "user": "bob"},
        {"inner": json.dumps({"token": 'a"b', "x": 1})},
        {"url": f"/ws?token={JWT}", "n": [1, None, True]},
    ],
)
def test_json_stays_json(frame: dict[str, object]) -> None:
    clean = json.loads(NOBODY.text(json.dumps(frame)))

    assert clean.keys() == frame.keys()
    assert OPAQUE not in str(clean)
    assert JWT not in str(clean)
    assert 'a"b' not in str(clean)
    if "inner" in clean:
        assert json.loads(clean["inner"]) == {"token": REDACTED, "x": 1}


@pytest.mark.parametrize(
    "text",
    [
        "Hello, user2!",
        "I forgot my password, can you reset it?",
        "password: forgotten again",
        "Basic understanding of tokens: the bearer carries it",
        "cookie: yes please, two cookies",
        "the secret is to listen",
        "🔌 WebSocket closed: 1008 token invalid",
        "Unread count for chat 3: 1",
        "http://127.0.0.1:8000/api/chats/3/messages?limit=50&before=20",
        '{"type":"new_message","chat_id":3,"message":{"id":9,"text":"token or no token"}}',
        "eyJ is how they begin",
        "9f86d081884c7d659a2feaa0c55ad015",
        "<svg onload=alert(1)>",
    ],
)
def test_message_text_and_everything_else_stays(text: str) -> None:
    assert NOBODY.text(text) == text


@pytest.mark.parametrize("value", ["null", "undefined", "", "None", "true"])
def test_a_token_that_is_none_is_a_diagnosis_and_stays(value: str) -> None:
    assert NOBODY.text(f"/ws?token={value}") == f"/ws?token={value}"
    assert NOBODY.text(f'{{"token":"{value}"}}') == f'{{"token":"{value}"}}'
    assert NOBODY.data({"token": value}) == {"token": value}


# ---- known secrets -------------------------------------------------------------------------------------------------
SECRET = 'p/a&s "w" ö+1'


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        quote(SECRET, safe=""),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        json.dumps(json.dumps(SECRET)),
        "p/a&amp;s &quot;w&quot; ö+1",
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_known_secret_is_found_however_it_is_written(spelling: str) -> None:
    clean = Redactor({SECRET: "bob's"}).text(f"before {spelling} after")

    assert clean.startswith("before ")
    assert clean.endswith(" after")
    assert "[redacted bob_s]" in clean
    assert len(clean) < len("before  after") + 25


def test_a_mark_says_whose_token_it_was_also_in_a_url() -> None:
    redactor = Redactor({JWT: "user2 access_token"})

    assert redactor.text(f"/ws?token={JWT}&v=1") == "/ws?token=[redacted user2 access_token]&v=1"
    assert redactor.data({"token": JWT}) == {"token": "[redacted user2 access_token]"}
    assert redactor.text(f"Authorization: Bearer {JWT}") == "Authorization: [redacted user2 access_token]"


def test_of_two_secrets_of_which_one_begins_the_other_both_go() -> None:
    redactor = Redactor({"abcdef": "short", "abcdefghij": "long"})

    assert redactor.text("abcdefghij abcdef") == "[redacted long] [redacted short]"


def test_a_short_value_such_as_a_user_id_is_no_literal() -> None:
    account = Account("bob", "pw", "Bob", "7", {"user_id": "7"})

    assert Redactor(secrets_of([account])).text("chat 7 has 17 messages, pw") == "chat 7 has 17 messages, pw"


def test_secrets_of_accounts_are_their_passwords_and_tokens() -> None:
    account = Account("bob", "correct horse", "Bob", "7", {"access_token": OPAQUE})

    clean = Redactor(secrets_of([account])).text(f"{OPAQUE} and correct+horse")

    assert clean == "[redacted bob access_token] and [redacted password]"


# ---- data ----------------------------------------------------------------------------------------------------------
def test_data_loses_what_stands_under_a_secret_name_at_any_depth() -> None:
    data = {
        "args": ["Login", {"access_token": OPAQUE, "user": {"id": 7, "sessionId": OPAQUE}}],
        "tokens": 5,
        "pin_password": 1234,
        "headers": [{"name": "Authorization", "value": OPAQUE}, {"name": "Accept", "value": "*/*"}],
        "cookies": [{"name": "theme", "value": OPAQUE}],
        OPAQUE: "a key",
    }

    clean = Redactor({OPAQUE: "it"}).data(data)

    assert OPAQUE not in json.dumps(clean)
    assert clean["tokens"] == 5
    assert clean["pin_password"] == REDACTED
    assert clean["args"][0] == "Login"
    assert clean["args"][1]["user"]["id"] == 7
    assert clean["headers"][1] == {"name": "Accept", "value": "*/*"}
    assert clean["cookies"][0]["name"] == "theme"


def test_a_binary_frame_loses_the_secret_in_it_and_no_other_byte() -> None:
    harmless = base64.b64encode(bytes(range(256))).decode()
    frame = base64.b64encode(b"\x00\xff" + f"token={OPAQUE}".encode() + b"&\x81").decode()

    assert NOBODY.data({"base64": harmless}) == {"base64": harmless}
    assert base64.b64decode(NOBODY.data({"base64": frame})["base64"]) == b"\x00\xfftoken=[redacted]&\x81"


def test_what_is_given_is_not_changed() -> None:
    data = {"token": OPAQUE, "inner": {"password": OPAQUE}}

    NOBODY.data(data)

    assert data == {"token": OPAQUE, "inner": {"password": OPAQUE}}


@pytest.mark.parametrize("name", ["token", "id_token", "X-CSRF-Token", "set-cookie", "apiKey", "sid", "authorization"])
def test_these_are_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["text", "tokens", "client_message_id", "author", "key", "cookies", "signed_in", ""])
def test_these_are_not(name: str) -> None:
    assert not is_secret_name(name)


def test_a_long_line_takes_no_longer_than_it_must() -> None:
    hostile = [
        "a" * 200_000,
        "token" * 40_000,
        '"token":"' + "\\" * 100_000,
        "eyJ" + "a" * 200_000,
        "Cookie: " * 20_000,
    ]

    begin = process_time()
    for line in hostile:
        NOBODY.text(line)

    assert process_time() - begin < 5

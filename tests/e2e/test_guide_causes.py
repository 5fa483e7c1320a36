"""The guide's four causes of "no connection": no token, a refused origin, no backend, a wrong address."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.people import User
from duologue.stack import Stack
from tests.e2e.by_hand import CLOSE_OF

pytestmark = pytest.mark.e2e

ASK = "url => fetch(url).then(response => response.status, error => String(error))"


def test_cause_1_signing_in_stores_the_token_that_the_page_dials_with(visitor: User) -> None:
    visitor.sign_in_by_form()

    opened = expect(visitor).to_have_opened_socket()
    token = visitor.page.evaluate("localStorage.getItem('access_token')")
    assert token
    assert opened.text.partition("?token=")[2] == token


@pytest.mark.expects_errors("401")
def test_cause_2_the_server_lets_the_pages_origin_in(visitor: User, stack: Stack) -> None:
    visitor.page.goto("/login")

    assert visitor.page.evaluate(ASK, f"{stack.api_url}/users/me") == 401
    assert visitor.page.evaluate(CLOSE_OF, f"{stack.ws_url}/ws") == "1008 token missing"


def test_cause_3_the_backend_runs(stack: Stack) -> None:
    assert stack.is_ready()
    assert any("Application startup complete" in line.text for line in stack.logs("backend"))


def test_cause_4_signing_in_and_the_socket_go_to_the_addresses_that_were_set(visitor: User, stack: Stack) -> None:
    start = visitor.timeline.cursor()

    visitor.sign_in_by_form()

    requests = [event.data["url"] for event in visitor.timeline.find(kind="request", source="visitor", since=start)]
    assert requests
    assert not [url for url in requests if not url.startswith(f"{stack.api_url}/")]
    assert expect(visitor, since=start).to_have_opened_socket().text.startswith(f"{stack.ws_url}/ws?")

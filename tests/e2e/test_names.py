"""Names of any script."""

from __future__ import annotations

import pytest

from duologue import expect
from duologue.people import Cast, Chats, User

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", ["Straße", "ΟΔΟΣ", "İzmir"])
def test_a_name_of_any_script_signs_in_as_it_was_chosen(user1: User, cast: Cast, chats: Chats, name: str) -> None:
    visitor = cast.visitor(name)

    visitor.sign_in_by_form()

    message = user1.send(chats.direct(user1, visitor), "Welcome")
    expect(visitor, since=message).to_have_unread(message.chat, 1)

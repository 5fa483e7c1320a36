"""What an adapter says wrongly is told in one error: which field, which value, what was expected."""

from __future__ import annotations

import pytest

from duologue.app import Capabilities, ChatApp, ChatList, Field, MessageList
from duologue.errors import AdapterError, StackError
from duologue.stack import ProcessService
from tests.harness.inner import Inner
from tests.harness.toy import TOY


def test_a_field_that_is_no_such_field_and_one_that_is_missing_are_named_together() -> None:
    with pytest.raises(AdapterError) as raised:
        ChatList(rows=".row", key=Field(attribute="id"), name=Field())  # type: ignore[call-arg]

    assert "ChatList is given what does not fit" in str(raised.value)
    assert "ChatList.row is missing" in str(raised.value)
    assert "ChatList.rows = '.row': there is no such field" in str(raised.value)
    assert "its fields: row, key, name, unread, preview, is_open" in str(raised.value)


def test_a_value_of_another_type_is_shown_with_what_was_expected() -> None:
    with pytest.raises(AdapterError, match=r"MessageList\.row = 7: expected a valid string"):
        MessageList(row=7, text=Field())  # type: ignore[arg-type]


def test_a_capability_that_has_no_such_value_names_those_it_has() -> None:
    with pytest.raises(AdapterError, match=r"Capabilities\.unread = 'count': expected 'number', 'dot', 'mentions' or"):
        Capabilities(unread="count")  # type: ignore[arg-type]


def test_a_field_given_within_plain_data_is_told_as_well() -> None:
    with pytest.raises(AdapterError, match=r"Field\.visible = 'perhaps': expected a valid boolean"):
        ChatApp(
            name="a chat",
            chats={"row": "li", "key": {"attribute": "id"}, "name": {"visible": "perhaps"}},  # type: ignore[arg-type]
            messages=MessageList(row="p", text=Field()),
            composer="textarea",
        )


def test_a_stack_is_told_likewise() -> None:
    with pytest.raises(StackError, match=r"ProcessService\.comand = 'x': there is no such field"):
        ProcessService(name="web", comand="x", command=["x"], ready="http://localhost")  # type: ignore[call-arg]


def test_a_run_shows_the_line_of_the_adapter_and_nothing_of_pydantic(inner: Inner) -> None:
    inner.write(conftest="from duologue.app import Capabilities\nPROMISES = Capabilities(typnig=True)\n")

    result = inner.run()

    text = result.stdout.str() + result.stderr.str()
    assert "PROMISES = Capabilities(typnig=True)" in text
    assert "Capabilities.typnig = True: there is no such field" in text
    assert "ValidationError" not in text
    assert "data.py" not in text


def test_a_verb_that_nobody_wrote_says_what_to_override() -> None:
    app = ChatApp(**{name: getattr(TOY, name) for name in type(TOY).model_fields})

    with pytest.raises(AdapterError, match=r"override ChatApp\.sign_out, or promise Capabilities\(sign_out=False\)"):
        app.sign_out(None)  # type: ignore[arg-type]
    with pytest.raises(AdapterError, match=r"override ChatApp\.api"):
        app.api("", "")

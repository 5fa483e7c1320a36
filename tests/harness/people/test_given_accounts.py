"""Two accounts that exist already, given as NAME:PASSWORD."""

from __future__ import annotations

import pytest

from duologue.cli.options import accounts_of
from duologue.errors import UsageError
from duologue.people import given_accounts


@pytest.mark.parametrize(
    ("given", "name", "password"),
    [
        ("ann:secret", "ann", "secret"),
        ("ann:se:cr:et", "ann", "se:cr:et"),
        (r"@ann\:example.org:se:cret", "@ann:example.org", "se:cret"),
        (r"OFFICE\ann:secret", r"OFFICE\ann", "secret"),
    ],
)
def test_a_name_ends_at_the_first_colon_that_is_not_escaped(
    given: str, name: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUOLOGUE_USER1", given)
    monkeypatch.setenv("DUOLOGUE_USER2", "bob:secret")

    account = given_accounts()[0]
    credentials = accounts_of(given, "bob:secret")["user1"]

    assert (account.username, account.password) == (credentials.username, credentials.password) == (name, password)


@pytest.mark.parametrize("given", ["ann", "ann:", ":secret", r"ann\:secret"])
def test_half_an_account_is_refused_by_its_option(given: str) -> None:
    with pytest.raises(UsageError, match="--user1 is no NAME:PASSWORD"):
        accounts_of(given, "bob:secret")


def test_without_the_variables_nobody_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        monkeypatch.delenv(f"DUOLOGUE_USER{number}", raising=False)

    assert [account.username for account in given_accounts()] == ["", ""]

"""Names of any script."""

from __future__ import annotations

import pytest

from duologue.people import Cast

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", ["Straße", "ΟΔΟΣ", "İzmir"])
def test_a_name_of_any_script_signs_in_as_it_was_chosen(cast: Cast, name: str) -> None:
    visitor = cast.visitor(name)

    visitor.sign_in_by_form()

    assert visitor.is_connected

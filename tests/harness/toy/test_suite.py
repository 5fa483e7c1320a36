"""The behaviour tests that hold for any chat hold for the toy chat, as its own team would run them."""

from __future__ import annotations

from tests.harness.inner import Inner


def test_whoever_writes_an_adapter_gets_the_suite(inner: Inner) -> None:
    inner.write(test_it="from duologue.suite import *")

    result = inner.run("-m", "e2e", timeout_s=300)

    outcomes = result.parseoutcomes()  # "17 not promised" is {"not": 17} in it
    outcomes.pop("warning", None)
    outcomes.pop("warnings", None)
    outcomes.pop("skipped", None)  # what only another engine can do
    assert outcomes.pop("passed") >= 50
    assert outcomes.pop("not") >= 10, "receipts, typing, presence, edits and deletions"
    assert outcomes == {}
    assert inner.leftovers() == []

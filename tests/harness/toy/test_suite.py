"""The behaviour tests that hold for any chat hold for the toy chat, as its own team would run them."""

from __future__ import annotations

from tests.harness.inner import CONFTEST, Inner


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


def test_where_the_last_chat_opens_again_all_is_counted_from_another_one(inner: Inner) -> None:
    remembers = 'TOY.capabilities.model_copy(update={"opens_by_itself": "last"})'
    inner.write(
        conftest=CONFTEST.replace("parent)", 'parent, "remembers")').replace(
            "return TOY", f'return TOY.model_copy(update={{"capabilities": {remembers}}})'
        ),
        test_it="from duologue.suite.unread import *\nfrom duologue.suite.windows import *",
    )

    result = inner.run("-m", "e2e", "-k", "reload or tab or device or crashed", "-rN", timeout_s=300)

    outcomes = result.parseoutcomes()
    assert outcomes["passed"] >= 10
    assert {"failed", "errors"} & set(outcomes) == set(), result.stdout.str()

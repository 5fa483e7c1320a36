"""A browser that dies takes its own test with it, and no other; the run says that it died."""

from __future__ import annotations

import sys

import pytest

from tests.harness.inner import Inner

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there no signal reaches another process")

DIES = """
import psutil

def test_in_the_one_that_dies(user1, chats):
    chat = chats.with_somebody(user1)
    family = psutil.Process().children(recursive=True)
    browsers = [one for one in family if "fire" in one.name() or "chrom" in one.name() or "headless" in one.name()]
    assert browsers
    for one in browsers:
        one.kill()
    user1.open_chat(chat)

def test_in_the_next(user1, chats):
    user1.open_chat(chats.with_somebody(user1))
"""


def test_a_browser_that_dies_costs_its_own_test_alone(inner: Inner) -> None:
    inner.write(test_it=DIES)

    result = inner.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["CAUSE*environment*browser-crashed*"])
    assert "INTERNALERROR" not in result.stdout.str()
    assert [*inner.path.glob("test-results/test-it-py-test-in-the-one-that-dies-*/timeline.html")]
    assert inner.leftovers() == []

"""A long run keeps of a test what its reports say, and nothing that was seen in it."""

from __future__ import annotations

from tests.harness.inner import Inner

KEPT = """
import gc
from duologue.people import User
from duologue.timeline import Timeline

def pytest_sessionfinish():
    gc.collect()
    kept = [type(it).__name__ for it in gc.get_objects() if isinstance(it, Timeline | User)]
    print("\\nkept:", sorted(kept))
"""
TESTS = """
@pytest.mark.parametrize("number", range(3))
def test_arrives(user1, user2, chats, number):
    chat = chats.direct(user1, user2)
    message = user1.send(chat, "Hello")
    expect(user2, since=message).to_have_unread(chat, number)
"""


def test_neither_timelines_nor_people_outlive_the_next_test(inner: Inner) -> None:
    inner.write(conftest=(inner.path / "conftest.py").read_text() + KEPT, test_it=TESTS)

    result = inner.run("-s")

    result.assert_outcomes(passed=1, failed=2)
    # Those of the last that failed alone: Python keeps its traceback for a debugger.
    result.stdout.fnmatch_lines(["kept: ['Timeline', 'User', 'User']"])

"""Two runs at once in one checkout do not see each other: neither clears what the other has kept."""

from __future__ import annotations

from tests.harness.inner import Inner

FAILS_AND_WAITS = """
def test_fails(user1): assert not "as it should"

def test_waits(user1):
    print("<mid-test>", flush=True)
    user1.timeline.wait_for(lambda: None, 60)

def test_another(user1): assert not "as it should"
"""


def test_a_second_run_keeps_its_evidence_beside_that_of_the_first(inner: Inner) -> None:
    inner.write(test_it=FAILS_AND_WAITS)
    first = inner.start()
    try:
        assert first.stdout is not None
        assert any("<mid-test>" in line for line in first.stdout)

        second = inner.run("-k", "another", "-n", "1", "--output=test-results")

        second.stdout.fnmatch_lines(["evidence: in test-results-2, since another run keeps its own in test-results"])
        assert [*inner.path.glob("test-results-2/test-it-py-test-another-*/timeline.html")]
        assert [*inner.path.glob("test-results/test-it-py-test-fails-*/timeline.html")], (
            "the first run's is still there"
        )
    finally:
        first.terminate()
        first.communicate()

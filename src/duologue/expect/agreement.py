"""Whether witnesses agree on a chat's history: what each saw goes in, a judgement with counts and examples comes out.

Pure functions. The server's account of a chat is the record; whatever else was seen of the chat is held against it:

- lost: in the record, and not where it should be seen; or sent, and not in the record
- repeated: there more often than in the record, or in the record more often than it was sent
- misplaced: before something that the record has earlier
- foreign: seen, and not in the record
- altered: with another text than the record's
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from duologue.app import SeenMessage

Fault = Literal["lost", "repeated", "misplaced", "foreign", "altered", "unread"]
FAULTS: tuple[Fault, ...] = ("lost", "repeated", "misplaced", "foreign", "altered", "unread")
# Pages of histories hold more; a window need not show what is older than its first page.
FIRST_PAGE = 30
_WORST = 8


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who saw one chat, and what, in the order in which it was seen.

    `whole` where it must have seen everything (an API), or everything but what is older than its first page (a
    window); of a `page` of that size, only its messages: what is above it may have gaps. Frames bring only what came
    while the socket was open.
    """

    name: str
    messages: tuple[SeenMessage, ...]
    whole: bool = True
    page: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """True, False, or None where nothing was seen that could decide. `counts` tells how much was compared, and of each
    fault how much was found; `worst` names some of them."""

    verdict: bool | None
    counts: Mapping[str, int]
    worst: tuple[str, ...] = ()

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return counts + "".join(f"\n        {line}" for line in self.worst)


@dataclass(slots=True)
class _Findings:
    found: list[tuple[Fault, str]] = field(default_factory=list[tuple[Fault, str]])

    def add(self, fault: Fault, witness: str, of: Iterable[object]) -> None:
        self.found.extend((fault, f"{fault}: {thing!r}, {witness}") for thing in of)


def judge(record: Sequence[SeenMessage], witnesses: Sequence[Witness], sent: Sequence[str] = ()) -> Judgement:
    """Hold what the witnesses saw against the record, and the record against the texts that were sent."""
    findings = _Findings()
    if all(ids := _ids(record)):
        findings.add("repeated", "in the record by its id", _more(ids, Counter(set(ids))))
    _compare_sent(findings, record, sent)
    for witness in witnesses:
        _compare(findings, record, witness)
    return _judgement(findings, "messages", len(record), len(witnesses))


def judge_unread(record: Mapping[str, int | None], shown: Mapping[str, int | None], witness: str) -> Judgement:
    """Hold the counts that a window shows, by chat, against the server's; None is no number, such as "99+"."""
    findings = _Findings()
    wrong = [
        f"{chat}: {shown.get(chat, 'no such row')} instead of {count}"
        for chat, count in record.items()
        if (chat not in shown and count is not None) or shown.get(chat) not in (count, None)
    ]
    findings.add("unread", witness, wrong)
    return _judgement(findings, "unread counts", len(record), 1)


def both(judgements: Iterable[Judgement]) -> Judgement:
    """One of several: false when one is, true when all are, else unknown."""
    all_of = list(judgements)
    counts: Counter[str] = Counter()
    for judgement in all_of:
        counts.update(judgement.counts)
    verdicts = [judgement.verdict for judgement in all_of]
    verdict = False if False in verdicts else (None if None in verdicts or not verdicts else True)
    return Judgement(verdict, dict(counts), tuple(line for it in all_of for line in it.worst)[:_WORST])


# ---- inner -----------------------------------------------------------------------------------------------------
def _judgement(findings: _Findings, what: str, things: int, witnesses: int) -> Judgement:
    counts = {what: things, "witnesses": witnesses}
    counts |= {fault: number for fault in FAULTS if (number := sum(1 for it, _ in findings.found if it == fault))}
    if findings.found:
        return Judgement(False, counts, tuple(line for _, line in findings.found)[:_WORST])
    return Judgement(True if things and witnesses else None, counts)


def _compare_sent(findings: _Findings, record: Sequence[SeenMessage], sent: Sequence[str]) -> None:
    stored, wanted = Counter(message.text for message in record), Counter(sent)
    missing = list((wanted - stored).elements())
    # One that was edited or deleted since is in the record under another text.
    changed = sum((message.edited or message.deleted) and message.text not in wanted for message in record)
    findings.add("lost", "sent, and not in the record", missing[changed:])
    doubled = Counter({text: stored[text] - count for text, count in wanted.items() if stored[text] > count})
    findings.add("repeated", "in the record more often than it was sent", doubled.elements())


def _compare(findings: _Findings, record: Sequence[SeenMessage], witness: Witness) -> None:
    seen, name = witness.messages, witness.name
    by_id = all(message.id for message in (*record, *seen))
    known = _ids(record) if by_id else [message.text for message in record]
    told = _ids(seen) if by_id else [message.text for message in seen]
    if witness.whole:
        expected = known[-(witness.page or max(FIRST_PAGE, len(told))) :]
        findings.add("lost", name, _texts(_more(expected, Counter(told)), known, record))
    findings.add("foreign", name, _texts([key for key in told if key not in set(known)], told, seen))
    findings.add(
        "repeated", name, _texts(_more([key for key in told if key in set(known)], Counter(known)), told, seen)
    )
    place = {key: number for number, key in enumerate(known)}
    places = [place[key] for key in dict.fromkeys(told) if key in place]
    late = [known[after] for before, after in pairwise(places) if after < before]
    findings.add("misplaced", name, _texts(late, known, record) if len(set(known)) == len(known) else ())
    if by_id and witness.whole:
        texts = {message.id: message.text for message in record if not message.deleted}
        altered = [it.text for it in seen if not it.deleted and texts.get(it.id, it.text) != it.text]
        findings.add("altered", name, altered)


def _ids(messages: Sequence[SeenMessage]) -> list[str]:
    return [message.id for message in messages]


def _more(keys: Sequence[str], allowed: Counter[str]) -> list[str]:
    """The keys that occur more often than allowed."""
    return list((Counter(keys) - allowed).elements())


def _texts(keys: Iterable[str], all_keys: Sequence[str], messages: Sequence[SeenMessage]) -> list[str]:
    text = {key: message.text for key, message in zip(all_keys, messages, strict=True)}
    return [text[key] for key in keys]

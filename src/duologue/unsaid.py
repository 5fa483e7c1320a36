"""What a test must not leave unsaid: errors of its pages that nobody expected."""

from __future__ import annotations

import re
from collections.abc import Sequence

from duologue.faults import LANE as FAULTS
from duologue.people.surroundings import CRASHES
from duologue.timeline import Event

# Written by the browser when an interface of this machine came or went (a container started): nobody's bug.
_NETWORK_CHANGED = re.compile(r"net::ERR_NETWORK_CHANGED")
# What the page itself logs of that comes within 0.1 s on a machine whose cores are all busy.
_ECHOES_WITHIN_S = 1.0
# How Chromium, Firefox, WebKit and axios say that a request did not get through, in a rejection that nobody caught:
# careless of the page, and no error where the test itself broke something.
_NO_NETWORK = re.compile("Failed to fetch|NetworkError when attempting to fetch|Load failed|Network Error")


def unexpected_errors(events: Sequence[Event], expected: Sequence[str], *, cuts_networks: bool) -> list[Event]:
    """The page errors, crashes and console errors that no pattern expects, in order of arrival.

    With `cuts_networks`, what pages log after the first fault is expected. What a window logs while the machine's
    own network changes is the machine's.
    """
    allowed = [re.compile(pattern) for pattern in expected]
    crashed = {event.source for event in events if event.kind == "action" and event.text == CRASHES}
    changes = [(event.source, event.at) for event in events if _NETWORK_CHANGED.search(event.text)]

    def is_the_machines(event: Event) -> bool:
        return event.kind != "page_crashed" and any(
            event.source == source and abs(event.at - at) < _ECHOES_WITHIN_S for source, at in changes
        )

    def is_unexpected(event: Event, was_broken: bool) -> bool:
        is_error = (
            (event.kind == "page_error" and not (was_broken and _NO_NETWORK.search(event.text)))
            or (event.kind == "page_crashed" and event.source not in crashed)
            or (event.kind == "console" and event.data["level"] == "error" and not (was_broken and cuts_networks))
        )
        # What the browser says of a file leaves out which.
        said = f"{event.text} {event.data.get('location', {}).get('url', '')}".rstrip()
        return is_error and not is_the_machines(event) and not any(pattern.search(said) for pattern in allowed)

    # By the order in which they came: a page's clock is rounded, and may be behind the one that stamps the fault.
    first_fault = next((index for index, event in enumerate(events) if event.lane == FAULTS), len(events))
    return [event for index, event in enumerate(events) if is_unexpected(event, index > first_fault)]

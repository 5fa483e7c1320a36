"""What is seen in a page: a script that runs first in every document, and the Python side of it."""

from duologue.taps.kinds import CLOSED, CONNECTION, DIALLED, OPENED, RECEIVED, SAID
from duologue.taps.page import PageTap
from duologue.taps.view import Field, View

__all__ = ["CLOSED", "CONNECTION", "DIALLED", "OPENED", "RECEIVED", "SAID", "Field", "PageTap", "View"]

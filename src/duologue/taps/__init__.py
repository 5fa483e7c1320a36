"""What is seen in a page: a script that runs first in every document, and the Python side of it."""

from duologue.taps.page import PageTap
from duologue.taps.view import Field, View

__all__ = ["Field", "PageTap", "View"]

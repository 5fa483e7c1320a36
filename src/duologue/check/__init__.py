"""An adapter against the chat that it describes: each selector and each verb is tried."""

from duologue.check.walk import walk

__all__ = ["walk"]

"""Duologue: end-to-end tests for realtime chat, by two people at once."""

from duologue.expect import expect, line_of

__all__ = ["expect", "line_of"]

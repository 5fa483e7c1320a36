"""Converse.js lists a chat twice that has something to read."""

from looking import test_an_adapter_is_found_by_looking

__all__ = ["test_an_adapter_is_found_by_looking"]

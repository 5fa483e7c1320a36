"""The Lounge's list has two sections and a fixed order, and it opens by itself the chat that was open last."""

from looking import test_an_adapter_is_found_by_looking

__all__ = ["test_an_adapter_is_found_by_looking"]

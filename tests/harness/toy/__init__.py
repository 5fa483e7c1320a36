"""A toy chat and its adapter: nothing in the harness may be shaped to one chat."""

from tests.harness.toy.adapter import TOY, ToyApi, ToyChat
from tests.harness.toy.stack import toy_stack

__all__ = ["TOY", "ToyApi", "ToyChat", "toy_stack"]

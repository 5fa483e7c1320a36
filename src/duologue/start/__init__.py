"""The beginning: what a team's own repository needs to test its chat, and a first adapter from looking at the chat."""

from duologue.start.adapter import UNTRIED, Draft, Guess, skeleton
from duologue.start.compose_file import SpokenTo, declared
from duologue.start.hunt import hunt
from duologue.start.repository import Answers, begin

__all__ = ["UNTRIED", "Answers", "Draft", "Guess", "SpokenTo", "begin", "declared", "hunt", "skeleton"]

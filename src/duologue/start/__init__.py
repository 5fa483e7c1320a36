"""The beginning: what a team's own repository needs to test its chat, and a first adapter from looking at the chat."""

from duologue.start.adapter import Draft, Guess, skeleton
from duologue.start.compose_file import SpokenTo, declared
from duologue.start.hunt import hunt
from duologue.start.repository import Answers, begin
from duologue.start.seal import is_sealed

__all__ = ["Answers", "Draft", "Guess", "SpokenTo", "begin", "declared", "hunt", "is_sealed", "skeleton"]

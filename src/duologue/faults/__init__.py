"""What a test can break: a user's network link, frames on a socket, a service; undone at the latest when it ends."""

from duologue.faults.frames import FrameFault, Frames
from duologue.faults.link import Link
from duologue.faults.notes import LANE
from duologue.faults.services import Services

__all__ = ["LANE", "FrameFault", "Frames", "Link", "Services"]

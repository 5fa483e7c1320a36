"""The behaviour tests that hold for any chat, run for The Lounge."""

from duologue.suite import *

"""The behaviour tests that hold for any chat, run for the reference chat."""

from duologue.suite import *

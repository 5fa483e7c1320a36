"""The behaviour tests that hold for any chat, run for Hydrogen."""

from duologue.suite import *

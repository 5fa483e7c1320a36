"""The behaviour tests that hold for any chat, run for Converse.js."""

from duologue.suite import *

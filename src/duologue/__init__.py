"""Duologue: end-to-end tests for realtime chat, by two people at once."""

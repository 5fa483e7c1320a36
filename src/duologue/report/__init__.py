"""What is kept of a test: one folder with its timeline as page and data, logs, requests, windows; no secrets."""

from duologue.report.bundle import Bundle, Parts
from duologue.report.redact import Redactor, secrets_of
from duologue.report.render import Story
from duologue.report.traces import redact_trace

__all__ = ["Bundle", "Parts", "Redactor", "Story", "redact_trace", "secrets_of"]

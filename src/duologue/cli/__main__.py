"""`python -m duologue.cli` is `duologue`."""

from duologue.cli import app

app(prog_name="duologue")

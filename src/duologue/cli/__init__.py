"""The command `duologue`; what it says goes to the terminal, or as one JSON object to stdout."""

from __future__ import annotations

import typer

from duologue.cli.check import check
from duologue.cli.doctor import doctor
from duologue.cli.init import init
from duologue.cli.try_out import try_out

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Duologue tests realtime chat the way it is used: by two people at once."""


app.command()(init)
app.command("try")(try_out)
app.command()(check)
app.command()(doctor)

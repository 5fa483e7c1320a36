"""Data that a team writes for Duologue (adapter, stack): in go values, out comes one clear error for all wrong ones."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from duologue.errors import AdapterError, DuologueError


class Data(BaseModel):
    """Base of such data: frozen, a misspelt field is an error. Raises `ERROR`, which names each field that is wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ERROR: ClassVar[type[DuologueError]] = AdapterError

    def __init__(self, **values: Any) -> None:
        __tracebackhide__ = True  # pytest shows the line where the value was given
        try:
            super().__init__(**values)
        except ValidationError as error:
            kind = type(self)
            wrong = [_told(kind.__name__, dict(problem)) for problem in error.errors(include_url=False)]
            raise kind.ERROR(
                f"{kind.__name__} is given what does not fit",
                seen="".join(f"\n        {line}" for line in wrong),
                remedy=f"its fields: {', '.join(kind.model_fields)}",
            ) from None


def _told(kind: str, problem: dict[str, Any]) -> str:
    """One line: which field, which value, what was expected."""
    field = ".".join([kind, *map(str, problem["loc"])])
    if problem["type"] == "missing":
        return f"{field} is missing"
    if problem["type"] == "extra_forbidden":
        return f"{field} = {problem['input']!r}: there is no such field"
    expected = str(problem["msg"]).removeprefix("Input should be ")
    return f"{field} = {problem['input']!r}: expected {expected}"

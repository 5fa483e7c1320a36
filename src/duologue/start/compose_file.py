"""What a compose file declares, as far as an override for tests must know it: a path comes in, services go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from duologue.errors import UsageError


@dataclass(frozen=True, slots=True)
class SpokenTo:
    """The port in the container, and the path of what answers 2xx once it can serve; none where anything will do."""

    port: int
    path: str = ""


class _Service(BaseModel):
    ports: Any = None
    container_name: Any = None
    build: Any = None


class _File(BaseModel):
    services: dict[str, _Service | None]


@dataclass(frozen=True, slots=True)
class Declared:
    """A service: which ports of it the host sees is told by `publishes`, a name of its own by `is_named`."""

    name: str
    publishes: bool
    is_named: bool
    is_built: bool
    spoken_to: SpokenTo | None = None
    """When a browser or a test speaks to it."""

    @property
    def variable(self) -> str:
        """The environment variable that takes the host's port."""
        return f"{self.name.upper().replace('-', '_')}_PORT"


def declared(file: Path, spoken_to: Mapping[str, SpokenTo]) -> list[Declared]:
    """The services of a compose file; `spoken_to` holds those that are spoken to, by their names.

    Raises UsageError for a file that is none, and for a service that it lacks.
    """
    try:
        services = _File.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))).services
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        remedy = "see that `docker compose config` can read it"
        raise UsageError(f"{file} cannot be read", seen=str(error), remedy=remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        seen = f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
        raise UsageError(f"{file} has no services", seen=seen, remedy="is it a compose file?") from error
    if unknown := set(spoken_to) - set(services):
        seen, known = ", ".join(sorted(unknown)), ", ".join(services)
        raise UsageError(f"{file} has no such service", seen=seen, remedy=f"one of: {known}")
    return [
        Declared(
            name,
            publishes=bool(service and service.ports),
            is_named=bool(service and service.container_name),
            is_built=bool(service and service.build),
            spoken_to=spoken_to.get(name),
        )
        for name, service in services.items()
    ]

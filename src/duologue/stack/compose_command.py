"""`docker compose` by testcontainers: in go files and their variables, out come images and a started project."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from testcontainers.compose import DockerCompose

from duologue.errors import StackError

UP_TIMEOUT_S = 300
BUILD_TIMEOUT_S = 1800


class ComposeCommand(DockerCompose):
    """testcontainers' compose with an environment of its own, time-outs, and errors that show the last lines."""

    def __init__(self, root: Path, files: Sequence[Path], environment: Mapping[str, str]) -> None:
        super().__init__(context=root, compose_file_name=[str(file) for file in files], wait=False)
        self._environment = {**os.environ, "BUILDKIT_PROGRESS": "plain", **environment}

    def build_images(self) -> None:
        """Build what the files say to build; raises `StackError`."""
        # Compose writes a `dockerfile_inline` to a temporary folder, and leaves it there.
        with tempfile.TemporaryDirectory(prefix="duologue-build-") as scratch:
            environment = self._environment
            self._environment = environment | dict.fromkeys(("TMPDIR", "TMP", "TEMP"), scratch)
            try:
                self._run_command([*self.compose_command_property, "build"])
            finally:
                self._environment = environment

    def _run_command(self, cmd: str | list[str], context: str | None = None) -> subprocess.CompletedProcess[bytes]:
        verb = next(word for word in ("build", "up") if word in cmd)
        timeout_s = {"build": BUILD_TIMEOUT_S, "up": UP_TIMEOUT_S}[verb]
        try:
            return subprocess.run(
                cmd,
                cwd=context or self.context,
                env=self._environment,
                capture_output=True,
                check=True,
                timeout=timeout_s,
            )
        except subprocess.TimeoutExpired as error:
            raise StackError(
                f"`docker compose {verb}` did not end within {timeout_s} s",
                seen=_last_lines(error.stdout, error.stderr),
                remedy="see that `docker ps` answers, or use --stack=processes",
            ) from error
        except subprocess.CalledProcessError as error:
            raise _compose_error(verb, _last_lines(error.stdout, error.stderr)) from error


def _compose_error(verb: str, seen: str) -> StackError:
    if verb == "build":
        return StackError("an image could not be built", seen=seen, remedy="repair what the last lines tell of")
    if taken := re.search(r":(\d+) failed: port is already allocated|:(\d+): bind: address already in use", seen):
        return StackError(
            f"port {taken[1] or taken[2]} is taken",
            seen=seen,
            remedy="end the program that listens there, or run again: another port is picked for each stack",
        )
    return StackError(f"`docker compose {verb}` failed", seen=seen, remedy="repair what the last lines tell of")


def _last_lines(*outputs: bytes | None) -> str:
    text = b"\n".join(output for output in outputs if output).decode(errors="replace")
    return "\n".join(["its last lines:", *(f"    {line}" for line in text.splitlines()[-20:])])

"""A PostgreSQL server of one's own: in a folder that is deleted afterwards, on a free port of this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# It refuses to run as root; Debian's package makes this user.
USER = "postgres"
# pg_ctl gives up after so many seconds.
PATIENCE = 60


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, or None. Debian keeps it out of PATH."""
    initdb = shutil.which("initdb")
    folders = [Path(os.path.realpath(initdb)).parent] if initdb else []
    # The newest first: /usr/lib/postgresql/17/bin before 9.6.
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    complete = next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)
    return complete if not _is_root() or _has_user() else None


class PostgresServer:
    """A server that runs inside a `with` block. It trusts everybody on this machine."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._user: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if _is_root() else {}
        self._port = _free_port()

    def __enter__(self) -> Self:
        # Not below a folder of pytest, which nobody else may enter. Short, since the name of a socket has at most 107 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if self._user:
            shutil.chown(self._folder, USER, USER)
        try:
            self._run("initdb", "-D", self._folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
            self.start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://{USER}@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        # Its processes may crash, the machine does not.
        options = f"-p {self._port} -k {self._folder} -h 127.0.0.1 -c fsync=off -c log_min_messages=fatal"
        self._pg_ctl("start", "-w", "-o", options, "-l", self._folder / "log")

    def stop(self) -> None:
        """Stop the server at once, as a crash does."""
        if (self._folder / "data/postmaster.pid").exists():
            self._pg_ctl("stop", "-w", "-m", "immediate")

    def _pg_ctl(self, what: str, *options: Any) -> None:
        self._run("pg_ctl", what, "-D", self._folder / "data", "-s", "-t", str(PATIENCE), *options)

    def _run(self, program: str, *arguments: Any) -> None:
        # Into a file: the server keeps what it inherits open.
        with tempfile.TemporaryFile() as output:
            command = [str(self._programs / program), *map(str, arguments)]
            done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False, **self._user)
            if done.returncode != 0:
                output.seek(0)
                message = f"{program} has failed: {output.read().decode(errors='replace').strip()}"
                raise RuntimeError(message)


def _is_root() -> bool:
    return os.name == "posix" and os.getuid() == 0


def _has_user() -> bool:
    import pwd

    return any(entry.pw_name == USER for entry in pwd.getpwall())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

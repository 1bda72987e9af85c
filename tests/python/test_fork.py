"""Forks while other threads change the engine: a child can always ask, and sees a whole directory."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

# An engine to which a thread applies one delta after the other. Each adds a member, so that the revision tells how many there are.
CHANGING = """
import contextlib, datetime, os, signal, sys, threading
from bailiwick import Bailiwick

projects = [{"id": "d", "default": True}, *({"id": f"p{number}"} for number in range(3000))]
organization = {"id": "o", "owner": "a", "members": [{"user": "a", "role": "admin"}], "projects": projects}
central = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": [organization]})
edge = Bailiwick.from_snapshot(central.to_snapshot())
over = threading.Event()

def change():
    while not over.is_set():
        central.apply({"type": "add_member", "organization": "o", "user": f"u{central.revision}"})
        edge.apply_delta(central.to_delta(edge.revision))

def is_whole():
    revision = edge.revision
    members = len(edge.to_directory()["organizations"][0]["members"])
    return edge.is_allowed("user:a", "file.read", "project:d") and members == revision + 1 and edge.apply(
        {"type": "remove_member", "organization": "o", "user": f"u{revision - 1}"} if revision else
        {"type": "add_member", "organization": "o", "user": "first"}) == revision + 1

def in_child(work):
    \"\"\"Whether this is true in a child. One that hangs is ended.\"\"\"
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        status = 2
        with contextlib.suppress(BaseException):
            status = 0 if work() else 1
        os._exit(status)
    return os.waitpid(child, 0)[1] == 0

thread = threading.Thread(target=change)
"""


def runs(script: str) -> str:
    """What a process prints that ends well."""
    done = subprocess.run([sys.executable, "-c", CHANGING + textwrap.dedent(script)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_child_can_ask_and_change() -> None:
    script = """
        thread.start()
        whole = [in_child(is_whole) for _ in range(40)]
        over.set()
        thread.join()
        print(sum(whole), edge.revision > 5)
    """
    assert runs(script) == "40 True"


def test_a_child_of_a_child_and_a_fork_by_a_thread() -> None:
    script = """
        thread.start()
        whole = [in_child(lambda: in_child(is_whole)) for _ in range(5)]
        def fork(): whole.append(in_child(is_whole))
        forks = [threading.Thread(target=fork) for _ in range(5)]
        for one in forks: one.start()
        for one in forks: one.join()
        over.set()
        thread.join()
        print(len(whole), all(whole))
    """
    assert runs(script) == "10 True"


def test_a_fork_by_code_that_the_engine_calls() -> None:
    script = """
        class Forking(datetime.tzinfo):
            def utcoffset(self, at):
                whole.append(in_child(is_whole))
                return datetime.timedelta(0)

        whole = []
        at = datetime.datetime(2026, 2, 1, tzinfo=Forking())
        thread.start()
        edge.is_allowed("user:a", "file.read", "project:d", at=at)
        edge.check_access("user:a", "file.read", "project:d", at=at)
        central.preview({"type": "add_member", "organization": "o", "user": "x"}, at=at)
        edge.to_snapshot(issued_at=at)
        over.set()
        thread.join()
        print(len(whole) >= 4, all(whole))
    """
    assert runs(script) == "True True"


def test_hooks_of_others_may_ask_and_change() -> None:
    # They run while passes are stopped for this fork.
    script = """
        def hook(): edge.apply({"type": "set_external_collaborators", "project": "d", "allowed": True}), edge.revision
        os.register_at_fork(before=hook, after_in_parent=hook, after_in_child=hook)
        print(in_child(lambda: edge.revision == 2), edge.revision)
    """
    assert runs(script) == "True 2"


def test_a_fork_that_fails_stops_nobody() -> None:
    script = """
        import resource
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        if os.getuid() == 0: os.setuid(65534)
        try: os.fork()
        except BlockingIOError: print("refused")
        print(edge.apply({"type": "add_member", "organization": "o", "user": "x"}))
    """
    assert runs(script) == "refused\n1"


def test_multiprocessing_by_fork(tmp_path: Path) -> None:
    script = """
        import multiprocessing
        thread.start()
        with multiprocessing.get_context("fork").Pool(4, maxtasksperchild=1) as pool:
            answers = [pool.apply_async(is_whole) for _ in range(12)]
            print(all(answer.get(timeout=60) for answer in answers))
        over.set()
        thread.join()
    """
    assert runs(script) == "True"


APPLICATION = """
thread.daemon = True
thread.start()

def application(environment, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {is_whole()}".encode()]
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def ask(port: int) -> list[str]:
    """What one worker answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/")
    return connection.getresponse().read().decode().split()


def test_workers_of_gunicorn_that_were_forked_from_an_engine_that_changes(tmp_path: Path) -> None:
    (tmp_path / "changing.py").write_text(CHANGING + APPLICATION)
    port = free_port()
    options = ["--preload", "--workers", "3", "--max-requests", "1", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options, "changing:application"], cwd=tmp_path)
    try:
        answers: list[list[str]] = []
        deadline = time.monotonic() + 60
        # Each worker answers once and is replaced by another one, which is forked while the thread goes on.
        while len(answers) < 12 and time.monotonic() < deadline:
            try:
                answers.append(ask(port))
            except (ConnectionError, http.client.HTTPException):
                time.sleep(0.05)
        assert [whole for _, whole in answers] == ["True"] * 12
        assert len({worker for worker, _ in answers}) >= 10
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0

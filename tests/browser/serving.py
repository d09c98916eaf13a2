"""A server of its own for the tests in this folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def running(folder: Path, **env: str) -> Iterator[str]:
    """The address of a running server with an index in `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from vraagalmere.web.server import serve\nserve(port={port})"
    env = {**os.environ, "VRAAGALMERE_INDEX": str(folder / "index"), **env}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{address}/gezond", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                if time.monotonic() > deadline or server.poll() is not None:
                    pytest.fail((folder / "log").read_text()[-3000:])
                time.sleep(0.3)
        yield address
    finally:
        server.terminate()
        server.wait(20)

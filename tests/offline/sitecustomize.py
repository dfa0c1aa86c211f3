"""Refuses and notes whatever would leave this machine.

The tests install it in their own process (``conftest.py``); any other Python loads it by its name
where this folder is on PYTHONPATH, and then notes in the file that OUTSIDE names.
"""

import os
import socket
import sys
from typing import Any

TO = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}
NAMED = {"socket.getaddrinfo", "socket.gethostbyname"}
HERE = ("127.", "::1", "localhost")
noted: list[str] = []


def guard(event: str, given: tuple[Any, ...]) -> None:
    """Look at what a process does with sockets; anything beyond loopback is refused."""
    if event in TO:
        address = given[1]
        if not isinstance(address, tuple):  # a local socket's path
            return
        host = address[0]
    elif event in NAMED:
        host = given[0] or "localhost"
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host.startswith(HERE) or host == socket.gethostname():
        return
    noted.append(f"{event} {host}")
    if file := os.environ.get("OUTSIDE"):
        with open(file, "a", encoding="utf-8") as log:  # noqa: PTH123
            log.write(f"{noted[-1]}\n")
    raise PermissionError(1, f"{host} is not this machine: tests and runs work without a network")


sys.addaudithook(guard)

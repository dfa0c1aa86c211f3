"""What other processes run in ``test_running``: quick to import."""

import os
import signal
import time
from collections import Counter
from pathlib import Path

from analysis.errors import InputError


def counted(part):
    return Counter(part)


def added(first, second):
    return first + second


def dies_once(marker, part):
    """End this process the first time that it is asked for."""
    path = Path(marker)
    if not path.exists():
        path.write_text("met", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return Counter(part)


def refused(part):
    raise InputError(f"{part} cannot be read (Input/output error): mend the file.")


def waits(part):
    time.sleep(5)
    return Counter(part)


def dies(part):
    os.kill(os.getpid(), signal.SIGKILL)

"""Processes that are forked for serving end when they are told to."""

from __future__ import annotations

import signal
import subprocess
import sys

# A process that does something else at SIGTERM forks a child, as the web server does, and ends it before it has begun.
FORKING = """
import os, signal, time
from lms.serving.children import _die_with_parent
os.register_at_fork(after_in_child=_die_with_parent)
signal.signal(signal.SIGTERM, lambda *_more: None)
read, write = os.pipe()
child = os.fork()
if not child:
    os.write(write, b"x")
    time.sleep(60)
    os._exit(0)
os.read(read, 1)
os.kill(child, signal.SIGTERM)
_pid, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status))
"""


def test_a_signal_is_not_lost_on_a_child_that_is_just_beginning() -> None:
    done = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, timeout=50, check=True)
    assert int(done.stdout) == -signal.SIGTERM

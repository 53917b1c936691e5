"""Runs OpenStack's services as single processes over SQLite.

Each module here starts one service. Settings come from the environment:
LOOPBACK_VAR (state), LOOPBACK_SETTINGS (a JSON object with the ports, URLs and
the password).
"""
import json
import os


def settings():
    return json.loads(os.environ["LOOPBACK_SETTINGS"])


def in_child(work):
    """Runs `work` in a child process, so that this one starts clean; ends with it when it fails."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        os._exit(1)

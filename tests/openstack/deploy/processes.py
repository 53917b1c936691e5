"""Processes that are ended by their recorded id, and only while it is still theirs."""
import json
import os
import pathlib
import signal
import subprocess
import time


def born(pid):
    """When the process started, in clock ticks since boot; `None` when it is gone or a zombie."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


class Process:
    def __init__(self, layout, name):
        self.name = name
        self.log = layout.log / f"{name}.out"
        self._record = layout.run / f"{name}.json"

    def pid(self):
        """The id of the running process, or `None`."""
        try:
            record = json.loads(self._record.read_text())
        except (OSError, ValueError):
            return None
        return record["pid"] if born(record["pid"]) == record["born"] else None

    def start(self, command, environment, folder):
        with open(self.log, "ab") as log:
            child = subprocess.Popen(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL,
                                     stdout=log, stderr=log, start_new_session=True)
        self._record.write_text(json.dumps({"pid": child.pid, "born": born(child.pid)}))

    def ask_to_end(self):
        self._signal(signal.SIGTERM)

    def end(self, patience=5):
        """Waits, then insists; the process leads its group, so its children go with it."""
        end = time.monotonic() + patience
        while self.pid() and time.monotonic() < end:
            time.sleep(0.05)
        self._signal(signal.SIGKILL)
        self._record.unlink(missing_ok=True)

    def _signal(self, number):
        pid = self.pid()
        if pid:
            try:
                os.killpg(pid, number) if number == signal.SIGKILL else os.kill(pid, number)
            except ProcessLookupError:
                pass

    def last_words(self, lines=25):
        """The end of what it printed and logged."""
        texts = [path.read_text(errors="replace") for path in (self.log, self.log.with_suffix(".log")) if path.exists()]
        return "\n".join("\n".join(text.splitlines()[-lines:]) for text in texts)

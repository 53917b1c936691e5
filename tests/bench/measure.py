"""Runs programs and measures what they cost."""
import os
import pathlib
import statistics
import subprocess
import sys

SPAWN = pathlib.Path(__file__).resolve().parent / "spawn.py"


class Cost:
    """What one run cost, or the median of several."""

    def __init__(self, wall, cpu, memory):
        self.wall, self.cpu, self.memory = wall, cpu, memory

    def facts(self):
        return {"wall_ms": round(self.wall * 1000, 2), "cpu_ms": round(self.cpu * 1000, 2),
                "memory_mib": round(self.memory, 1)}


def run(command, environment, folder, accepted=(0,)):
    """Runs a command to its end and gives its cost and its standard output."""
    out, err, report = (os.path.join(folder, name) for name in ("out", "err", "report"))
    spawn = [sys.executable, "-I", "-S", str(SPAWN), report, *command]
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        subprocess.run(spawn, env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, check=True)
    with open(out, "rb") as stdout, open(err, "rb") as stderr, open(report, encoding="utf-8") as figures:
        text, told = stdout.read().decode(), stderr.read().decode()
        code, wall, cpu, memory = figures.read().split()
    if int(code) not in accepted:
        sys.exit(f"{' '.join(command)} ended with {code}:\n{told[-2000:]}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(float(wall), float(cpu), int(memory) / unit), text


def median(costs):
    """The median of each figure."""
    def middle(figure):
        return statistics.median(getattr(cost, figure) for cost in costs)
    return Cost(middle("wall"), middle("cpu"), middle("memory"))


def system_calls(command, environment, names):
    """The system calls of these names that a command makes and that succeed, by strace; `None` without strace."""
    try:
        traced = subprocess.run(["strace", "-f", "-e", f"trace={names}", *command], env=environment, text=True,
                                stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return [line for line in traced.stderr.splitlines() if "(" in line and "ENOENT" not in line]

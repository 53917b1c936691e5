"""Runs a program and writes what it cost to a file: a small parent, since a child's peak of memory counts the parent's.

usage: spawn.py FILE PROGRAM ARGUMENTS...
"""
import os
import sys
import time

report, *command = sys.argv[1:]
began = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - began
with open(report, "w", encoding="utf-8") as out:
    print(os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=out)

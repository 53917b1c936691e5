"""The freshly filled state, kept, so that the next start need not make it again."""
import hashlib
import json
import pathlib
import shutil
import sqlite3
import subprocess

from . import hypervisor
from .layout import HERE, write_secret


def stamp(layout):
    """Changes with whatever the state depends on: our files, the packages, ports, password, place."""
    digest = hashlib.sha256(repr((
        str(layout.root), sorted(layout.ports.items()), layout.password, hypervisor.driver())).encode())
    for folder in ("etc", "glue", "deploy"):
        for path in sorted((HERE / folder).rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    packages = (HERE / "packages.txt").read_text().split()
    digest.update(subprocess.run(["dpkg-query", "-W", *packages], capture_output=True, check=True).stdout)
    return digest.hexdigest()


def note(layout):
    """What was kept beside the state; `None` if that no longer fits."""
    try:
        kept = json.loads((layout.pristine / "note.json").read_text())
    except (OSError, ValueError):
        return None
    return kept if kept["stamp"] == stamp(layout) else None


def restore(layout):
    """Puts the kept state in place and returns the seed's credential; `None` if there is none that fits."""
    shutil.rmtree(layout.var, ignore_errors=True)
    kept = note(layout)
    if not kept:
        return None
    shutil.copytree(layout.pristine / "var", layout.var)
    return kept["credential"]


def credential_of_last_time(layout):
    """The credential that the state left by the last run has; `None` if that state is of no use."""
    kept = note(layout)
    return kept["credential"] if kept and (layout.var / "db").exists() else None


def keep(layout, credential):
    shutil.rmtree(layout.pristine, ignore_errors=True)
    target = layout.pristine / "var"
    shutil.copytree(layout.var, target, ignore=shutil.ignore_patterns("*.db*"))
    for database in (layout.var / "db").glob("*.db"):
        copy_database(database, target / "db" / database.name)
    write_secret(layout.pristine / "note.json", json.dumps({"stamp": stamp(layout), "credential": credential}))


def copy_database(source, target: pathlib.Path):
    """A consistent copy of a database that is in use."""
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    live.close()
    copy.close()

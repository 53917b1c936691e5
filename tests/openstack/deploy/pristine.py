"""The freshly filled state, kept, so that the next start need not make it again."""
import hashlib
import json
import pathlib
import shutil
import sqlite3
import subprocess

from .layout import HERE


def stamp(layout):
    """Changes with whatever the state depends on: our files, the packages, ports, password, place."""
    digest = hashlib.sha256(repr((str(layout.root), sorted(layout.ports.items()), layout.password)).encode())
    for folder in ("etc", "glue", "deploy"):
        for path in sorted((HERE / folder).rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    packages = (HERE / "packages.txt").read_text().split()
    digest.update(subprocess.run(["dpkg-query", "-W", *packages], capture_output=True, check=True).stdout)
    return digest.hexdigest()


def restore(layout):
    """Puts the kept state in place; `None` if there is none that fits, else the seed's credential."""
    shutil.rmtree(layout.var, ignore_errors=True)
    try:
        note = json.loads((layout.pristine / "note.json").read_text())
    except (OSError, ValueError):
        return None
    if note["stamp"] != stamp(layout):
        return None
    shutil.copytree(layout.pristine / "var", layout.var)
    return note["credential"]


def keep(layout, credential):
    shutil.rmtree(layout.pristine, ignore_errors=True)
    target = layout.pristine / "var"
    shutil.copytree(layout.var, target, ignore=shutil.ignore_patterns("*.db*"))
    for database in (layout.var / "db").glob("*.db"):
        copy_database(database, target / "db" / database.name)
    note = layout.pristine / "note.json"
    note.touch(mode=0o600)
    note.write_text(json.dumps({"stamp": stamp(layout), "credential": credential}))


def copy_database(source, target: pathlib.Path):
    """A consistent copy of a database that is in use."""
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    live.close()
    copy.close()

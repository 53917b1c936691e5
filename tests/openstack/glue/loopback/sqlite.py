"""Makes SQLAlchemy and SQLite fit for a service with many green threads.

Importing the module changes SQLAlchemy: connections to a file are pooled, and
a database admits one transaction at a time. SQLite refuses a transaction that
has read, then wants to write, when another has written in between ("database
is locked"); green threads do change in the middle of transactions.
"""
import os
import sqlite3
import threading
import time

from sqlalchemy import event, pool
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as Dialect
from sqlalchemy.engine import Engine

MARK = "loopback_turn"
PATIENCE = 20  # seconds; then a lost turn is better than a dead service


class Turn:
    """One database's turn; a thread that has it may take it again."""

    def __init__(self):
        self._changed = threading.Condition()
        self._owner = None
        self._depth = 0

    def take(self):
        me, end = threading.get_ident(), time.monotonic() + PATIENCE
        with self._changed:
            while self._owner not in (None, me) and time.monotonic() < end:
                self._changed.wait(end - time.monotonic())
            if self._owner not in (None, me):
                print(f"took the turn after {PATIENCE} s", flush=True)
                self._depth = 0
            self._owner = me
            self._depth += 1

    def give(self):
        with self._changed:
            self._depth = max(0, self._depth - 1)
            if not self._depth:
                self._owner = None
                self._changed.notify()


TURNS = {}


@event.listens_for(Engine, "begin")
def on_begin(connection):
    if MARK not in connection.info:
        turn = TURNS.setdefault(connection.engine.url.database, Turn())
        turn.take()
        connection.info[MARK] = turn


def done(info):
    turn = info.pop(MARK, None) if info else None
    if turn:
        turn.give()


@event.listens_for(pool.Pool, "checkin")
def on_checkin(_connection, record):
    record.info.pop("in_transaction", None)  # oslo.db's own mark
    done(record.info)


def ends_transaction(method):
    def wrapped(self, connection):
        try:
            method(self, connection)
        finally:
            done(getattr(connection, "info", None))
    return wrapped


Dialect.do_commit = ends_transaction(Dialect.do_commit)
Dialect.do_rollback = ends_transaction(Dialect.do_rollback)
Dialect.get_pool_class = classmethod(lambda cls, url: pool.QueuePool)


def is_new(name):
    """Whether the database has yet to be filled; a new one is switched to write-ahead logging."""
    path = os.path.join(os.environ["LOOPBACK_VAR"], "db", f"{name}.db")
    if os.path.exists(path):
        return False
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return True

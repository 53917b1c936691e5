"""glance-api; the database is made first, in a process without green threads."""
import sys

from loopback import in_child

CONFIG = sys.argv[1]


def fill():
    from loopback import sqlite
    if sqlite.is_new("glance"):
        from glance.cmd import manage
        sys.argv = ["glance-manage", "--config-file", CONFIG, "db", "sync"]
        if manage.main():
            raise SystemExit("`glance-manage db sync` failed")


in_child(fill)
sys.argv = ["glance-api", "--config-file", CONFIG]

from glance.cmd import api  # noqa: E402  (green threads begin here)
from loopback import sqlite  # noqa: E402, F401

api.main()

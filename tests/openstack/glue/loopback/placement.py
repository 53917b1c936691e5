"""Placement's WSGI application."""
from loopback import sqlite

sqlite.is_new("placement")  # for the write-ahead log; placement makes its tables itself

from placement.wsgi import init_application  # noqa: E402

application = init_application()

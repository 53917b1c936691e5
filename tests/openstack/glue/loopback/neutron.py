"""neutron-server: the API and the plugins in one process, without agents."""
import os
import signal
import sys

from loopback import in_child

CONFIG = ["--config-file", sys.argv[1]]


def fill():
    """Neutron's migrations do not run on SQLite; the tables of its newest model do.

    In a process of its own: with all models loaded, the server would leave
    `description` out of security group rules.
    """
    from loopback import sqlite
    if sqlite.is_new("neutron"):
        from neutron.common import config
        from neutron.db.migration.models import head
        from neutron_lib.db import api
        config.register_common_config_options()
        config.init(CONFIG)
        head.get_metadata().create_all(api.get_context_manager().writer.get_engine())


in_child(fill)

from neutron.common import eventlet_utils  # noqa: E402

eventlet_utils.monkey_patch()

import oslo_messaging  # noqa: E402
from neutron import server, service  # noqa: E402
from oslo_messaging._drivers.impl_fake import FakeDriver  # noqa: E402

from loopback import sqlite  # noqa: E402, F401


def nobody_listens(_self, _target, _context, _message, wait_for_reply=None, *_args, **_more):
    """Without agents a cast is dropped, so that it does not pile up; a call cannot be answered."""
    if wait_for_reply:
        raise oslo_messaging.MessagingTimeout("there are no agents")


def main():
    FakeDriver._send = nobody_listens
    running = service.serve_wsgi(service.NeutronApiService)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    running.wait()


sys.argv = ["neutron-server", *CONFIG]
server.boot_server(main)

"""nova's conductor, scheduler, compute and API in one process, joined by its in-memory transport."""
import sys

import nova.monkey_patch  # noqa: F401  (green threads, before all else)

import http.client  # noqa: E402
import urllib.parse  # noqa: E402

import eventlet  # noqa: E402
import nova.conf  # noqa: E402
import nova.privsep  # noqa: E402
import os_vif  # noqa: E402
from nova import config, context, objects, service  # noqa: E402
from nova.compute import rpcapi as compute  # noqa: E402
from nova.conductor import rpcapi as conductor  # noqa: E402
from nova.scheduler import rpcapi as scheduler  # noqa: E402
from oslo_log import log  # noqa: E402
from oslo_service import service as processes  # noqa: E402

from loopback import settings, sqlite  # noqa: E402

CONF = nova.conf.CONF


def fill():
    from nova.cmd import manage
    manage.ApiDbCommands().sync()
    cells = manage.CellV2Commands()
    cells.map_cell0(CONF.database.connection.replace("nova_cell1", "nova_cell0"))
    manage.DbCommands().sync()
    cells.create_cell(name="cell1")


def wait_for(url):
    """The compute service gives up when keystone or placement do not answer at its start."""
    where = urllib.parse.urlsplit(url)
    for _ in range(900):
        try:
            http.client.HTTPConnection(where.hostname, where.port, timeout=1).connect()
            return
        except OSError:
            eventlet.sleep(0.2)


def run_guests():
    """What nova's libvirt driver does by helper processes of root is done here, by this one."""
    import importlib
    from nova.virt.libvirt import vif
    for name in ("vif_plug_linux_bridge", "vif_plug_ovs"):
        importlib.import_module(f"{name}.privsep").vif_plug.set_client_mode(False)
    # libvirt makes the tap device itself, and refuses one that is there already.
    vif.LibvirtGenericVIFDriver.plug_tap = lambda self, instance, port: None


def start_compute(launcher):
    worker = service.Service.create(binary="nova-compute", topic=compute.RPC_TOPIC)
    launcher.launch_service(worker)
    # It starts in a green thread; its RPC server comes last, after the report to placement.
    while getattr(worker, "rpcserver", None) is None:
        eventlet.sleep(0.1)


def discover_host():
    from nova.objects import host_mapping
    while not host_mapping.discover_hosts(context.get_admin_context()):
        eventlet.sleep(0.2)


def main():
    config.parse_args(["nova", "--config-file", sys.argv[1]])
    log.setup(CONF, "nova")
    objects.register_all()
    os_vif.initialize()
    nova.privsep.sys_admin_pctxt.set_client_mode(False)  # no sudo, no helper process
    if "libvirt" in CONF.compute_driver:
        run_guests()
    objects.Service.enable_min_version_cache()
    new = [sqlite.is_new(name) for name in ("nova_api", "nova_cell0", "nova_cell1")]
    if new[0]:
        fill()
    launcher = processes.launch(CONF, service.Service.create(
        binary="nova-conductor", topic=conductor.RPC_TOPIC), restart_method="mutate")
    launcher.launch_service(service.Service.create(binary="nova-scheduler", topic=scheduler.RPC_TOPIC))
    wait_for(settings()["identity"])
    wait_for(settings()["placement"])
    start_compute(launcher)
    if new[0]:
        discover_host()
    # Last, so that an answer on this port means that all of nova is there.
    launcher.launch_service(service.WSGIService("osapi_compute"))
    launcher.wait()


main()

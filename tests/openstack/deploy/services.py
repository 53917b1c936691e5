"""The services: how each is started and when it is up."""
import http.client
import os
import time

from . import hypervisor
from .layout import HERE, HOST, PORTS
from .processes import Process

PYTHON = "/usr/bin/python3"


class ServiceFailed(Exception):
    pass


def processes(layout):
    """The services that answer requests, by name."""
    return {name: Process(layout, name) for name in PORTS}


def libvirtd(layout):
    """Runs with OS_VIRT=qemu only."""
    return Process(layout, "libvirtd")


def commands(layout):
    def python(name):
        return [PYTHON, "-m", f"loopback.{name}", str(layout.etc / f"{name}.conf")]

    return {
        # One thread: keystone leaves database sessions open until they are collected.
        "keystone": uwsgi(layout, "keystone", threads=1),
        "placement": uwsgi(layout, "placement", threads=4),
        "glance": python("glance"),
        "neutron": python("neutron"),
        "nova": python("nova"),
    }


def uwsgi(layout, name, threads):
    # uwsgi's own server knows no keep-alive, and two Content-Length headers if the application sends one.
    return [
        "uwsgi", "--plugin", "python3", "--http-socket", f"{HOST}:{layout.ports[name]}",
        "--module", f"loopback.{name}", "--single-interpreter", "--need-app", "--enable-threads",
        "--threads", str(threads), "--processes", "1", "--buffer-size", "65535", "--die-on-term",
        "--rem-header", "Content-Length", "--add-header", "Connection: close", "--disable-logging",
    ]


def environment(layout):
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": str(layout.var),
        "PYTHONPATH": str(HERE / "glue"), "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # else the order of sets, seen in some answers, changes from start to start
        "LOOPBACK_VAR": str(layout.var), "LOOPBACK_SETTINGS": layout.settings(),
        "OS_KEYSTONE_CONFIG_FILES": str(layout.etc / "keystone.conf"),
        "OS_PLACEMENT_CONFIG_DIR": str(layout.etc),
    }


def start(layout, running):
    if hypervisor.is_real():
        hypervisor.write_configuration(layout)
        libvirtd(layout).start(hypervisor.command(layout), environment(layout), layout.var)
        hypervisor.wait(layout)
    for name, command in commands(layout).items():
        running[name].start(command, environment(layout), layout.var)


def wait(layout, process, patience=240):
    """Returns when the service answers an HTTP request."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not process.pid():
            raise ServiceFailed(f"{process.name} ended:\n{process.last_words()}")
        if answers(layout.ports[process.name]):
            return
        time.sleep(0.1)
    raise ServiceFailed(f"{process.name} does not answer after {patience} s:\n{process.last_words()}")


def answers(port):
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status in (200, 300)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def all_running(layout, running):
    """Whether all of them run, and with the hypervisor that is wanted."""
    real = libvirtd(layout).pid() is not None
    return all(process.pid() for process in running.values()) and real == hypervisor.is_real()


def stop(layout, running):
    guests = libvirtd(layout)
    if guests.pid():
        running["nova"].end(patience=0)
        hypervisor.end_guests(layout)
    for process in reversed(running.values()):
        process.ask_to_end()
    for process in reversed(running.values()):
        process.end()
    guests.ask_to_end()
    guests.end()


def make_folders(layout):
    for name in ("db", "lock", "keystone", "glance/images", "glance/cache", "glance/staging", "glance/scrubber",
                 "neutron", "nova/instances"):
        os.makedirs(layout.var / name, mode=0o700, exist_ok=True)

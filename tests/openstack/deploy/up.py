"""Brings the OpenStack up.

Settings, all by environment:
  OS_DIR              folder for everything (default: cloudmesh-openstack in the user's cache)
  OS_PORT_KEYSTONE    and _GLANCE, _PLACEMENT, _NEUTRON, _NOVA: fixed ports (default: free ones)
  OS_VIRT=qemu        guests that run, under libvirt and QEMU, as root (default: a simulated hypervisor)
  OS_KEEP=1           go on with the servers and users of the last time (default: a pristine cloud)

Afterwards clouds.yaml (clouds demo, admin, alt_demo, demo-appcred) and `environment`
are in OS_DIR. Exit code 3: something is missing here that the user must provide.
"""
import argparse
import fcntl
import os
import sys
import time

from . import pristine, services
from .layout import Layout, Unusable

STARTED = time.monotonic()


def say(text):
    print(f"{time.monotonic() - STARTED:6.1f} s  {text}", flush=True)


def bring_up(layout):
    layout.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(layout.root / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        running = services.processes(layout)
        if services.all_running(layout, running):
            say("was up already")
            return
        services.stop(layout, running)
        layout.prepare()
        try:
            start(layout, running)
        except BaseException:
            services.stop(layout, running)
            print(f"logs are in {layout.log}", file=sys.stderr)
            raise


def start(layout, running):
    for old in layout.log.iterdir():
        old.unlink()
    credential = kept_credential(layout)
    services.make_folders(layout)
    layout.write_configuration()
    services.start(layout, running)
    for process in running.values():
        services.wait(layout, process)
        say(f"{process.name} is up")
    if credential is None:
        from .seed import seed
        credential = seed(layout)
        say("flavors, image, networks, key pair and application credential are made")
        pristine.keep(layout, credential)
    layout.write_clouds(credential)


def kept_credential(layout):
    """The state to go on with; `None` means that it has to be made."""
    credential = None
    if os.environ.get("OS_KEEP") == "1":
        credential = pristine.credential_of_last_time(layout)
    if credential:
        say("going on with the state of the last time")
        return credential
    credential = pristine.restore(layout)
    say("pristine state restored" if credential else "databases will be made")
    return credential


def main():
    argparse.ArgumentParser(prog="up.sh", description=__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    layout = Layout()
    try:
        bring_up(layout)
    except (Unusable, services.ServiceFailed) as error:
        print(error, file=sys.stderr)
        sys.exit(3 if isinstance(error, Unusable) else 1)
    say(f"OpenStack is up; to use it: . {layout.environment}")
    print(layout.clouds)


if __name__ == "__main__":
    main()

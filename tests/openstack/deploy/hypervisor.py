"""The hypervisor: simulated, or QEMU under a libvirtd of our own."""
import os
import pathlib
import subprocess
import time

from .layout import Unusable

# libvirt reads it from this place alone.
QEMU_CONF = pathlib.Path("/etc/libvirt/qemu.conf")
MARK = "# written by tests/openstack/up.sh\n"


def is_real():
    """Whether guests run: OS_VIRT=qemu."""
    wanted = os.environ.get("OS_VIRT", "fake")
    if wanted not in ("fake", "qemu"):
        raise Unusable(f"OS_VIRT={wanted} is neither fake nor qemu")
    return wanted == "qemu"


def socket(layout):
    return layout.run / "libvirt" / "libvirt-sock"


def uri(layout):
    return f"qemu+unix:///system?socket={socket(layout)}"


def driver():
    return "libvirt.LibvirtDriver" if is_real() else "fake.FakeDriver"


def command(layout):
    return ["libvirtd", "-f", str(layout.etc / "libvirtd.conf"), "-p", str(layout.run / "libvirtd.lock")]


def write_configuration(layout):
    if os.geteuid() != 0:
        raise Unusable("OS_VIRT=qemu needs root: libvirt and its guests run as root")
    socket(layout).parent.mkdir(mode=0o700, exist_ok=True)
    (layout.etc / "libvirtd.conf").write_text(
        f'listen_tls = 0\nlisten_tcp = 0\nunix_sock_dir = "{socket(layout).parent}"\nauth_unix_ro = "none"\n'
        f'auth_unix_rw = "none"\nlog_outputs = "3:file:{layout.log}/libvirtd.log"\n')
    make_user()
    QEMU_CONF.parent.mkdir(exist_ok=True)
    if QEMU_CONF.exists() and not QEMU_CONF.read_text().startswith(MARK):
        QEMU_CONF.rename(QEMU_CONF.with_suffix(".conf.orig"))
    # No virtlogd, no control groups, no security driver.
    QEMU_CONF.write_text(MARK + 'user = "root"\ngroup = "root"\nsecurity_driver = "none"\nstdio_handler = "file"\n'
                         "cgroup_controllers = []\nnamespaces = []\nremember_owner = 0\ndynamic_ownership = 0\n")


def make_user():
    """libvirt wants its default user to exist, although another is configured."""
    for group in ("kvm", "libvirt-qemu"):
        if subprocess.run(["getent", "group", group], stdout=subprocess.DEVNULL).returncode:
            subprocess.run(["groupadd", "-r", group], check=True)
    if subprocess.run(["getent", "passwd", "libvirt-qemu"], stdout=subprocess.DEVNULL).returncode:
        subprocess.run(["useradd", "-r", "-g", "kvm", "-G", "libvirt-qemu", "-M", "-d", "/var/lib/libvirt",
                        "-s", "/usr/sbin/nologin", "libvirt-qemu"], check=True)


def wait(layout, patience=60):
    end = time.monotonic() + patience
    while not socket(layout).exists() and time.monotonic() < end:
        time.sleep(0.1)


def end_guests(layout):
    """Guests outlive libvirtd: ends those of this cloud, which are all that its socket knows."""
    if not socket(layout).exists():
        return
    for guest in virsh(layout, "list", "--all", "--name").split():
        virsh(layout, "destroy", guest)
        virsh(layout, "undefine", "--managed-save", guest)


def virsh(layout, *words):
    done = subprocess.run(["virsh", "-q", "-c", uri(layout), *words], capture_output=True, text=True, timeout=60)
    return done.stdout

#!/usr/bin/env python3
"""Runs a `cms` session on an OpenStack and compares each step with what OpenStack's own clients see.

Works on a real OpenStack and on the emulator. Needs the member role only, touches nothing but what it made, and
removes that at the end. Prints `N passed, M failed`; exits 1 if anything failed.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import openstack
import yaml

STATES = {"ACTIVE": "running", "SHUTOFF": "stopped", "ERROR": "error", "BUILD": "pending", "REBOOT": "rebooting",
          "HARD_REBOOT": "rebooting"}
NO_ID = "00000000-0000-4000-8000-000000000000"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEVtdWxhdGVkQ2xvdWRtZXNoRGVtb0tleTAwMDAwMDAw session"
USER_DATA = "#!/bin/sh\necho relativity-1905\n"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cms", required=True, metavar="PATH", help="the program")
    parser.add_argument("--clouds", required=True, metavar="FILE", help="the clouds.yaml")
    parser.add_argument("--cloud", required=True, metavar="NAME", help="the cloud in it (password sign-in); "
                        "NAME-appcred is tried too, if there is one")
    parser.add_argument("--auth-url", metavar="URL", help="in place of that in clouds.yaml")
    parser.add_argument("--command", metavar="PROGRAM", help="the `openstack` program (default: beside this python)")
    parser.add_argument("--image", default="tinyboot", help="default: %(default)s")
    parser.add_argument("--flavor", default="m1.nano", help="default: %(default)s")
    parser.add_argument("--huge", default="m1.huge", help="a flavor no host can hold; default: %(default)s")
    parser.add_argument("--network", default="private", help="default: %(default)s")
    parser.add_argument("--prefix", default=f"cms-{os.getpid()}", help="of all names it makes; default: %(default)s")
    return parser.parse_args()


class Checks:
    """Counts what was as it should be, and tells what was not."""

    def __init__(self):
        self.passed = self.failed = 0

    def equal(self, what, got, wanted):
        if got == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}\n  got    {got!r}\n  wanted {wanted!r}", flush=True)

    def holds(self, what, text, part):
        self.equal(f"{what}: `{part}` in {text!r}", part in text, True)


class Cms:
    """The program, with a home of its own."""

    def __init__(self, args, checks):
        self.program, self.checks = str(pathlib.Path(args.cms).resolve()), checks
        self.home = tempfile.TemporaryDirectory(prefix="cms-session-")
        self.folder = pathlib.Path(self.home.name)
        self.environment = {"HOME": self.home.name, "CLOUDMESH_CONFIG_DIR": self.home.name,
                            "OS_CLIENT_CONFIG_FILE": str(pathlib.Path(args.clouds).resolve()),
                            "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1,localhost"}

    def write(self, name, text):
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def __call__(self, *words, code=0):
        """What `cms` prints as JSON, after a look at its exit code; what it says on stderr is `self.said`."""
        command = [self.program, *words, "--output", "json", "--timeout", "120"]
        done = subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=300, check=False)
        line = " ".join(words)
        print(f"cms {line}", flush=True)
        self.said = done.stderr
        self.checks.equal(f"exit code of `cms {line}` ({done.stderr.strip()})", done.returncode, code)
        try:
            return json.loads(done.stdout)
        except ValueError:
            self.checks.equal(f"stdout of `cms {line}` is JSON", done.stdout, "JSON")
            return {"nodes": [], "errors": []}


class Session:
    """A life of three servers, watched from both sides."""

    def __init__(self, args, checks):
        self.args, self.checks, self.cms = args, checks, Cms(args, checks)
        self.command = args.command or str(pathlib.Path(sys.executable).parent / "openstack")
        self.sdk = openstack.connect(cloud=args.cloud, **({"auth_url": args.auth_url} if args.auth_url else {}))
        self.names = [f"{args.prefix}-{number}" for number in (1, 2, 3)]
        self.key = self.group = args.prefix
        self.entries = self.configure()

    def configure(self):
        """One entry a way to sign in: password, application credential, clouds.yaml."""
        clouds = yaml.safe_load(pathlib.Path(self.args.clouds).read_text(encoding="utf-8"))["clouds"]
        found = {"password": clouds[self.args.cloud], "credential": clouds.get(f"{self.args.cloud}-appcred")}
        defaults = {"image": self.args.image, "size": self.args.flavor, "network": self.args.network}
        entries = {}
        for name, cloud in found.items():
            if cloud:
                auth = {**cloud["auth"], **({"auth_url": self.args.auth_url} if self.args.auth_url else {})}
                credentials = {"auth": auth, "region": cloud.get("region_name", "RegionOne")}
                entries[name] = {"cm": {"kind": "openstack"}, "credentials": credentials, "defaults": defaults}
        if not self.args.auth_url:
            entries["by-name"] = {"cm": {"kind": "openstack"}, "cloud": self.args.cloud, "defaults": defaults}
        wrong = {**entries["password"]["credentials"]["auth"], "password": "ether-wind-1887"}
        known = {**entries, "wrong": {"cm": {"kind": "openstack"}, "credentials": {"auth": wrong}}}
        text = yaml.safe_dump({"cloudmesh": {"default": {"cloud": "password"}, "compute": known}})
        self.cms.write("cloudmesh.yaml", text)
        return entries

    # What OpenStack's own clients see.

    def servers(self):
        """Our servers by name, as openstacksdk sees them."""
        return {server.name: server for server in self.sdk.compute.servers() if server.name.startswith(self.args.prefix)}

    def facts(self, server):
        """What `cms` should say of a server."""
        image = server.image.id if server.image else None
        addresses = sorted(entry["addr"] for network in server.addresses.values() for entry in network)
        return {"id": server.id, "name": server.name, "status": STATES[server.status], "vendor_status": server.status,
                "image": image, "flavor": server.flavor.original_name, "key": server.key_name, "addresses": addresses,
                "secgroups": sorted(group["name"] for group in server.security_groups or []),
                "metadata": dict(server.metadata), "zone": server.availability_zone or None}

    def compare(self, step, nodes, names):
        """Compares nodes of `cms` with servers of these names, and their states with the command-line client."""
        servers = self.servers()
        self.checks.equal(f"{step}: names", sorted(node["name"] for node in nodes), sorted(names))
        for node in nodes:
            if node["name"] in servers:
                wanted = self.facts(servers[node["name"]])
                got = {key: node.get(key) for key in wanted}
                got["addresses"] = sorted(node["private_ips"] + node["public_ips"])
                got["secgroups"] = sorted(node["secgroups"])
                self.checks.equal(f"{step}: {node['name']}", got, wanted)
        states = self.client_states()
        for name in names:
            wanted = STATES[servers[name].status] if name in servers else None
            self.checks.equal(f"{step}: `openstack` on {name}", STATES.get(states.get(name)), wanted)

    def client_states(self):
        """The states that python-openstackclient lists, by name."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("OS_")}
        environment.update(OS_CLIENT_CONFIG_FILE=self.args.clouds, OS_CLOUD=self.args.cloud)
        if self.args.auth_url:
            environment["OS_AUTH_URL"] = self.args.auth_url
        listing = [self.command, "server", "list", "-f", "json"]
        done = subprocess.run(listing, env=environment, capture_output=True, text=True, timeout=120, check=True)
        return {row["Name"]: row["Status"] for row in json.loads(done.stdout)}

    def look(self, step):
        """All three, by a listing."""
        self.compare(step, self.cms("vm", "list", f"{self.args.prefix}-[1-3]")["nodes"], self.names)

    # The session.

    def run(self):
        self.sdk.compute.create_keypair(name=self.key, public_key=PUBLIC_KEY)
        self.sdk.network.create_security_group(name=self.group)
        for step in (self.boot, self.every_sign_in, self.power, self.reboots, self.dry_run, self.refusals,
                     self.broken, self.foreign_and_delete):
            step()

    def boot(self):
        data = self.cms.write("first-boot.sh", USER_DATA)
        made = self.cms("vm", "boot", f"{self.args.prefix}-[1-3]", "--image", self.args.image, "--size",
                        self.args.flavor, "--key", self.key, "--secgroup", self.group, "--network", self.args.network,
                        "--group", "session", "--meta", "course=e516", "--user-data", data)
        self.compare("boot", made["nodes"], self.names)
        for server in self.servers().values():
            marks = {"course": "e516", "cm-name": server.name, "cm-group": "session"}
            self.checks.equal(f"metadata of {server.name}", {key: server.metadata.get(key) for key in marks}, marks)
            self.checks.equal(f"key of {server.name}", server.key_name, self.key)
            self.checks.equal(f"image of {server.name}", server.image.id,
                              self.sdk.image.find_image(self.args.image).id)
        raw = self.cms("vm", "info", self.names[0], "--raw")
        self.compare("info", raw["nodes"], self.names[:1])
        self.checks.equal("the raw record", raw["nodes"][0]["raw"]["id"], raw["nodes"][0]["id"])
        self.checks.equal("user data is shown", "relativity" in json.dumps(raw), False)
        self.compare("status", self.cms("vm", "status", f"{self.args.prefix}-*")["nodes"], self.names)
        self.cms("vm", "boot", self.names[0], code=1)
        self.checks.holds("boot of a name that exists", self.cms.said, "there is a node")
        self.checks.equal("servers of one name", len(list(self.sdk.compute.servers(name=f"^{self.names[0]}$"))), 1)

    def every_sign_in(self):
        for cloud in self.entries:
            nodes = self.cms("vm", "list", f"{self.args.prefix}-*", "--cloud", cloud)["nodes"]
            self.compare(f"list by {cloud}", nodes, self.names)
        images = self.cms("image", "list", self.args.image)["images"]
        self.checks.equal("image", [image["id"] for image in images], [self.sdk.image.find_image(self.args.image).id])
        flavor = self.cms("flavor", "info", self.args.flavor)["flavors"][0]
        seen = self.sdk.compute.find_flavor(self.args.flavor)
        got = (flavor["id"], flavor["vcpus"], flavor["memory_mb"], flavor["disk_gb"])
        self.checks.equal("flavor", got, (seen.id, seen.vcpus, seen.ram, seen.disk))

    def power(self):
        for verb in ("stop", "stop", "start", "start"):
            self.compare(verb, self.cms("vm", verb, self.names[0])["nodes"], self.names[:1])
            self.look(f"after {verb}")

    def reboots(self):
        for name, how in ((self.names[1], []), (self.names[2], ["--hard"])):
            self.cms("vm", "reboot", name, *how)
            self.compare("wait", self.cms("vm", "wait", name)["nodes"], [name])
        self.look("after reboots")

    def dry_run(self):
        before = {name: self.facts(server) for name, server in self.servers().items()}
        plan = self.cms("vm", "boot", f"{self.args.prefix}-9", "--dry-run")["plan"]
        self.checks.equal("plan", [step["operation"] for step in plan], ["create"])
        for verb in ("stop", "reboot", "delete"):
            plan = self.cms("vm", verb, f"{self.args.prefix}-*", "--dry-run")["plan"]
            self.checks.equal(f"plan of {verb}", sorted(step["subject"] for step in plan), self.names)
        after = {name: self.facts(server) for name, server in self.servers().items()}
        self.checks.equal("servers after dry runs", after, before)

    def refusals(self):
        self.cms("vm", "list", "--cloud", "wrong", code=5)
        self.checks.equal("the wrong password is shown", "ether-wind" in self.cms.said, False)
        self.cms("vm", "info", NO_ID, code=4)
        self.cms("vm", "stop", f"{self.args.prefix}-none", code=4)
        for option in ("--image", "--size", "--network", "--key", "--secgroup"):
            self.cms("vm", "boot", f"{self.args.prefix}-bad", option, "no-such-thing", code=1)
        self.cms("vm", "delete", f"{self.args.prefix}-*", code=2)
        self.look("after refusals")
        self.checks.equal("servers after refusals", sorted(self.servers()), self.names)

    def broken(self):
        name = f"{self.args.prefix}-huge"
        self.cms("vm", "boot", name, "--size", self.args.huge, code=6)
        self.checks.holds("ERROR", self.cms.said, "No valid host")
        self.checks.equal("what never ran is removed again", name in self.servers(), False)
        self.cms("vm", "boot", name, "--size", self.args.huge, "--no-wait")
        self.cms("vm", "wait", name, code=6)
        node = self.cms("vm", "info", name)["nodes"][0]
        fault = self.sdk.compute.get_server(node["id"]).fault["message"]
        got = (node["status"], (node.get("fault") or {}).get("message"))
        self.checks.equal("fault", got, ("error", fault.strip().rstrip(".")))
        self.cms("vm", "delete", name, "--yes")
        self.checks.equal("the broken one is gone", name in self.servers(), False)

    def foreign_and_delete(self):
        name = f"foreign-{self.args.prefix}"
        server = self.sdk.create_server(name, image=self.args.image, flavor=self.args.flavor,
                                        network=self.args.network, auto_ip=False, wait=True, timeout=120)
        listed = self.cms("vm", "list")["nodes"]
        self.checks.equal("a foreign server is listed", [n["name"] for n in listed if n["id"] == server.id], [name])
        gone = self.cms("vm", "delete", f"{self.args.prefix}-*", "--yes")["nodes"]
        self.checks.equal("deleted", [(n["name"], n["status"]) for n in gone], [(n, "deleted") for n in self.names])
        self.checks.equal("ours after delete", list(self.servers()), [])
        self.checks.equal("the foreign one", self.sdk.compute.get_server(server.id).status, "ACTIVE")
        self.cms("vm", "info", self.names[0], code=4)
        self.cms("vm", "delete", f"{self.args.prefix}-*", "--yes", code=4)
        self.cms("vm", "delete", f"{self.args.prefix}-*", "--yes", "--if-exists")
        self.sdk.delete_server(server.id, wait=True, timeout=120)
        self.cms("vm", "info", server.id, code=4)

    def clear(self):
        """Removes whatever is left of what was made."""
        for server in self.sdk.compute.servers():
            if server.name.endswith(f"-{self.args.prefix}") or server.name.startswith(f"{self.args.prefix}-"):
                self.sdk.delete_server(server.id, wait=True, timeout=120)
        self.sdk.compute.delete_keypair(self.key)
        if group := self.sdk.network.find_security_group(self.group):
            self.sdk.network.delete_security_group(group)


def main():
    args = arguments()
    for name in [name for name in os.environ if name.startswith("OS_")]:
        del os.environ[name]
    os.environ["OS_CLIENT_CONFIG_FILE"] = args.clouds
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    checks = Checks()
    session = Session(args, checks)
    try:
        session.run()
    finally:
        session.clear()
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or not checks.passed else 0)


if __name__ == "__main__":
    main()

"""What the chapters of a session share."""
import pathlib
import time

import yaml

from common.program import Cms

from .witness import STATES, Witness

PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEVtdWxhdGVkQ2xvdWRtZXNoRGVtb0tleTAwMDAwMDAw session"


class Stage:
    """Three servers' names, the program, and the witness."""

    def __init__(self, args, checks):
        self.args, self.checks, self.witness = args, checks, Witness(args)
        self.cms = Cms(args.cms, checks, {"OS_CLIENT_CONFIG_FILE": str(pathlib.Path(args.clouds).resolve())})
        self.sdk = self.witness.sdk
        self.names = [f"{args.prefix}-{number}" for number in (1, 2, 3)]
        self.key = self.group = args.prefix
        self.allocated = set()
        self.entries = self.configure()

    def name(self, end):
        """A name that nobody else uses."""
        return f"{self.args.prefix}-{end}"

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

    def compare(self, step, nodes, names):
        """Compares nodes of `cms` with servers of these names, and their states with the command-line client."""
        servers = self.witness.servers()
        self.checks.equal(f"{step}: names", sorted(node["name"] for node in nodes), sorted(names))
        for node in nodes:
            if node["name"] in servers:
                wanted = self.witness.facts(servers[node["name"]])
                got = {key: node.get(key) for key in wanted}
                got["addresses"] = sorted(node["private_ips"] + node["public_ips"])
                got["secgroups"] = sorted(node["secgroups"])
                self.checks.equal(f"{step}: {node['name']}", got, wanted)
        states = self.witness.client_states()
        for name in names:
            wanted = STATES[servers[name].status] if name in servers else None
            self.checks.equal(f"{step}: `openstack` on {name}", STATES.get(states.get(name)), wanted)

    def look(self, step, *names):
        """These by a listing, or all three."""
        names = list(names) or self.names
        self.compare(step, self.cms("vm", "list", ",".join(names))["nodes"], names)

    def shows_addresses(self, name):
        """Waits until Nova shows on a server what Neutron has attached: it learns it a moment later."""
        for _ in range(60):
            server = self.witness.server(name)
            leading = {address for address, node in self.witness.addresses().items() if node == server.id}
            shown = {entry["addr"] for network in server.addresses.values() for entry in network
                     if entry.get("OS-EXT-IPS:type") == "floating"}
            if leading == shown:
                return
            time.sleep(1)
        self.checks.equal(f"Nova shows the addresses of {name}", shown, leading)

    def boot(self, end, *options):
        """One server more, which runs."""
        name = self.name(end)
        self.compare(f"boot {end}", self.cms("vm", "boot", name, *options)["nodes"], [name])
        return name

    def clear(self):
        """Removes whatever is left of what was made."""
        for server in self.sdk.compute.servers():
            if server.name.endswith(f"-{self.args.prefix}") or server.name.startswith(f"{self.args.prefix}-"):
                self.sdk.delete_server(server.id, wait=True, timeout=120)
        for key in self.sdk.compute.keypairs():
            if key.name.startswith(self.args.prefix):
                self.sdk.compute.delete_keypair(key)
        for group in self.witness.groups().values():
            self.sdk.network.delete_security_group(group)
        for address in self.sdk.network.ips():
            if address.floating_ip_address in self.allocated:
                self.sdk.network.delete_ip(address)

"""What OpenStack's own clients see."""
import json
import os
import pathlib
import subprocess
import sys

import openstack

STATES = {"ACTIVE": "running", "SHUTOFF": "stopped", "ERROR": "error", "BUILD": "pending", "REBOOT": "rebooting",
          "HARD_REBOOT": "rebooting", "SUSPENDED": "suspended", "PAUSED": "suspended", "SHELVED": "stopped",
          "SHELVED_OFFLOADED": "stopped"}


class Witness:
    """openstacksdk as `sdk`, and the `openstack` program; both see what begins with the prefix."""

    def __init__(self, args):
        self.args = args
        self.program = args.command or str(pathlib.Path(sys.executable).parent / "openstack")
        self.sdk = openstack.connect(cloud=args.cloud, **({"auth_url": args.auth_url} if args.auth_url else {}))

    def client(self, *words):
        """What the `openstack` program prints as JSON."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("OS_")}
        environment.update(OS_CLIENT_CONFIG_FILE=self.args.clouds, OS_CLOUD=self.args.cloud)
        if self.args.auth_url:
            environment["OS_AUTH_URL"] = self.args.auth_url
        done = subprocess.run([self.program, *words, "-f", "json"], env=environment, capture_output=True, text=True,
                              timeout=120, check=True)
        return json.loads(done.stdout)

    def servers(self):
        """Our servers by name."""
        return {server.name: server for server in self.sdk.compute.servers() if server.name.startswith(self.args.prefix)
                and server.status != "DELETED"}

    def server(self, name):
        """One server, as it is now."""
        return self.servers()[name]

    def facts(self, server):
        """What `cms` should say of a server."""
        image = server.image.id if server.image else None
        addresses = sorted(entry["addr"] for network in server.addresses.values() for entry in network)
        return {"id": server.id, "name": server.name, "status": STATES[server.status], "vendor_status": server.status,
                "image": image, "flavor": server.flavor.original_name, "key": server.key_name, "addresses": addresses,
                "secgroups": sorted(group["name"] for group in server.security_groups or []),
                "metadata": dict(server.metadata), "zone": server.availability_zone or None}

    def client_states(self):
        """The states that the program lists, by name."""
        return {row["Name"]: row["Status"] for row in self.client("server", "list")}

    def keys(self):
        """Fingerprints by name, from both clients; they must agree."""
        ours = [key for key in self.sdk.compute.keypairs() if key.name.startswith(self.args.prefix)]
        seen = {key.name: key.fingerprint for key in ours}
        told = {row["Name"]: row["Fingerprint"] for row in self.client("keypair", "list")}
        return seen, {name: told.get(name) for name in seen}

    def groups(self):
        """Our security groups by name."""
        return {group.name: group for group in self.sdk.network.security_groups()
                if group.name.startswith(self.args.prefix)}

    def rules(self, name):
        """The rules of a group in the words of `cms`."""
        group = self.groups()[name]
        names = {other.id: other.name for other in self.sdk.network.security_groups()}
        rules = self.sdk.network.security_group_rules(security_group_id=group.id)
        return sorted(rule_word(rule, names) for rule in rules)

    def client_rules(self, name):
        """How many rules the program lists for a group."""
        return len(self.client("security", "group", "rule", "list", self.groups()[name].id))

    def addresses(self):
        """The floating IPs of the project: the server that each leads to, or None."""
        ports = {port.id: port.device_id for port in self.sdk.network.ports()}
        return {ip.floating_ip_address: ports.get(ip.port_id) for ip in self.sdk.network.ips()}

    def client_addresses(self):
        """The floating IPs that the program lists."""
        return sorted(row["Floating IP Address"] for row in self.client("floating", "ip", "list"))


def rule_word(rule, names):
    """A rule of Neutron's as `cms` spells it."""
    protocol, first, last = rule.protocol or "any", rule.port_range_min, rule.port_range_max
    protocol = "icmp" if protocol == "ipv6-icmp" else protocol
    if protocol == "icmp":
        what = "/".join([protocol, *(str(number) for number in (first, last) if number is not None)])
    elif protocol in ("tcp", "udp") and first is None:
        what = f"{protocol}/1-65535"
    elif first is None:
        what = protocol
    else:
        what = f"{protocol}/{first}" if first == last else f"{protocol}/{first}-{last}"
    six = rule.ether_type == "IPv6"
    way = "egress:" if rule.direction == "egress" else ""
    if rule.remote_group_id:
        return f"{way}{'ipv6:' if six else ''}{what}@group:{names[rule.remote_group_id]}"
    prefix = rule.remote_ip_prefix if rule.remote_ip_prefix != "0.0.0.0/0" else None
    end = prefix or ("::/0" if six else "")
    return f"{way}{what}{'@' if end else ''}{end}"

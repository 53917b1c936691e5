"""Groups, addresses, ports and routers with python-openstackclient and openstacksdk."""
from .. import servers
from ..network import ABSENT, Network

TELLING = ("Name", "Status", "status", "name", "description", "protocol", "Direction", "Ethertype", "Port Range",
           "IP Protocol", "IP Range", "direction", "ethertype", "port_range_min", "port_range_max", "tags", "result",
           "admin_state_up", "State", "kinds")
AS_JSON = ("-f", "json")


def named(name):
    """Cuts a listing down to the rows of that name."""
    return lambda rows: [row for row in rows if row["Name"] == name]


def record(to):
    net = Network(to, "clients_network")
    net.clear()
    name = f"{net.prefix}net"

    def run(step, *arguments, **how):
        return to.cli(f"clients_network.{step}", *arguments, telling=TELLING, **how)

    groups(run, name)
    ports(run, name, to.cloud.names["network"])
    addresses(to, net, run, name)
    routers(run, name)
    sdk(to, net, name)
    net.clear()


def groups(run, name):
    def rule(step, *arguments):
        run(f"rule_{step}", "security", "group", "rule", "create", *arguments, name, *AS_JSON)

    run("group_create", "security", "group", "create", "--description", "d", name, *AS_JSON)
    rule("range", "--protocol", "tcp", "--dst-port", "8000:8010", "--remote-ip", "10.0.0.0/8")
    rule("again", "--protocol", "tcp", "--dst-port", "8000:8010", "--remote-ip", "10.0.0.0/8")
    rule("icmp", "--protocol", "icmp", "--icmp-type", "8", "--icmp-code", "0")
    rule("six", "--ethertype", "IPv6", "--egress", "--protocol", "udp", "--dst-port", "53")
    rule("inverted", "--protocol", "tcp", "--dst-port", "90:80")
    rule("group", "--remote-group", name)
    rule("bad_protocol", "--protocol", "carrier-pigeon")
    run("rules", "security", "group", "rule", "list", name, *AS_JSON,
        pick=lambda rows: sorted(rows, key=lambda row: [str(row[key]) for key in ("IP Protocol", "Ethertype",
                                                                                 "Direction", "Port Range")]))
    run("group_set", "security", "group", "set", "--description", "other", "--tag", "a", name)
    run("group_show", "security", "group", "show", name, "-c", "name", "-c", "description", "-c", "tags", *AS_JSON)
    run("group_list", "security", "group", "list", "--tags", "a", *AS_JSON, pick=named(name))
    run("group_unset", "security", "group", "unset", "--all-tag", name)
    run("rule_delete_absent", "security", "group", "rule", "delete", ABSENT)
    run("default_delete", "security", "group", "delete", "default")


def ports(run, name, network):
    run("port_create", "port", "create", "--network", network, "--description", "d", "--security-group", name, name,
        *AS_JSON)
    run("port_set", "port", "set", "--description", "e", "--no-security-group", "--security-group", "default", name)
    run("port_show", "port", "show", name, *AS_JSON)
    run("port_list", "port", "list", "--network", network, *AS_JSON, pick=named(name))
    run("port_bad", "port", "create", "--network", network, "--fixed-ip", "ip-address=10.9.9.9", name)


def addresses(to, net, run, name):
    made = run("ip_create", "floating", "ip", "create", "--description", name, "public", *AS_JSON)
    if made.returncode:
        return
    [row] = [one for one in net.plain("GET", "/floatingips")["floatingips"] if one["description"] == name]
    address = row["floating_ip_address"]
    to.cloud.normal.learn(address, "<ip>")
    run("ip_set", "floating", "ip", "set", "--port", name, address)
    run("ip_show", "floating", "ip", "show", address, *AS_JSON)
    run("ip_unset", "floating", "ip", "unset", "--port", address)
    run("ip_list", "floating", "ip", "list", "--status", "DOWN", *AS_JSON,
        pick=lambda rows: [one for one in rows if one["Floating IP Address"] == address])
    run("ip_inside", "floating", "ip", "create", to.cloud.names["network"])
    server = servers.make(to, "clients_network.server", "net")
    run("server_add", "server", "add", "floating", "ip", server, address)
    run("server_ips", "floating", "ip", "show", address, "-c", "status", "-c", "description", *AS_JSON)
    run("server_remove", "server", "remove", "floating", "ip", server, address)
    run("server_groups", "server", "add", "security", "group", server, name)
    run("ip_delete", "floating", "ip", "delete", address)
    run("ip_delete_again", "floating", "ip", "delete", address)
    to.request("clients_network.server", "DELETE", "compute", f"/servers/{server}")
    servers.settle(to, "clients_network.server", server)
    run("port_delete", "port", "delete", name)
    run("group_delete", "security", "group", "delete", name)
    run("group_delete_again", "security", "group", "delete", name)


def routers(run, name):
    run("net_create", "network", "create", name, *AS_JSON)
    run("subnet_create", "subnet", "create", "--network", name, "--subnet-range", "10.7.0.0/24", name, *AS_JSON)
    run("router_create", "router", "create", name, *AS_JSON)
    run("router_gateway", "router", "set", "--external-gateway", "public", name)
    run("router_add", "router", "add", "subnet", name, name)
    run("router_show", "router", "show", name, *AS_JSON, pick=lambda row: {**row, "revision_number": 0})
    run("router_list", "router", "list", *AS_JSON, pick=named(name))
    run("router_delete_used", "router", "delete", name)
    run("router_remove", "router", "remove", "subnet", name, name)
    run("router_unset", "router", "unset", "--external-gateway", name)
    run("router_delete", "router", "delete", name)
    run("subnet_delete", "subnet", "delete", name)
    run("net_delete", "network", "delete", name)
    run("quota", "quota", "show", "--network", *AS_JSON,
        pick=lambda rows: rows if isinstance(rows, dict) else {"resources": len(rows)})


def sdk(to, net, name):
    def run(step, call, show=lambda one: {key: value for key, value in one.to_dict().items() if key != "location"}):
        return to.sdk(f"clients_network.sdk_{step}", call, telling=TELLING, show=show)

    group = run("group", lambda sdk: sdk.network.create_security_group(name=name))
    run("rule", lambda sdk: sdk.network.create_security_group_rule(
        security_group_id=group.id, direction="ingress", protocol="tcp", port_range_min=22, port_range_max=22))
    run("rules", lambda sdk: list(sdk.network.security_group_rules(security_group_id=group.id, direction="ingress")),
        show=len)
    port = run("port", lambda sdk: sdk.network.create_port(network_id=net.private, name=name))
    address = run("ip", lambda sdk: sdk.network.create_ip(
        floating_network_id=net.public, port_id=port.id, description=name))
    run("find_ip", lambda sdk: sdk.network.find_ip(address.floating_ip_address))
    run("update_ip", lambda sdk: sdk.network.update_ip(address, port_id=None), show=lambda one: {"port": one.port_id})
    run("tags", lambda sdk: sdk.network.set_tags(address, ["x"]), show=lambda one: {"tags": one.tags})
    run("match", lambda sdk: sdk.network.update_ip(address, if_revision=0, description="x"), show=repr)
    run("paged", lambda sdk: {one.name for one in sdk.network.security_groups(limit=1)}, show=lambda all_names: {
        "kinds": sorted(one for one in all_names if one in ("default", name))})
    run("available", lambda sdk: sdk.network.find_available_ip(), show=lambda one: {"kinds": bool(one)})
    run("delete_ip", lambda sdk: sdk.network.delete_ip(address), show=repr)
    run("delete_port", lambda sdk: sdk.network.delete_port(port), show=repr)
    run("delete_group", lambda sdk: sdk.network.delete_security_group(group), show=repr)
    run("absent_ip", lambda sdk: sdk.network.get_ip(ABSENT))
    run("absent_delete", lambda sdk: sdk.network.delete_ip(ABSENT, ignore_missing=False))
    run("router", lambda sdk: sdk.network.find_router("router"), show=lambda one: {"status": one.status})
    run("extension", lambda sdk: sdk.network.find_extension("security-group"), show=lambda one: {"kinds": one.alias})

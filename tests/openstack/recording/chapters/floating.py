"""Floating IPs: each way to make, move and refuse one, and how Nova shows it."""
import time

from .. import servers
from ..network import ABSENT, Network, listed

TELLING = ("status", "description", "revision_number", "tags", "rows", "links", "types")


def record(to):
    net = Network(to, "floating", TELLING)
    net.clear()
    name = f"{net.prefix}floating"
    first = net.make("create", "floatingip", floating_network_id=net.public, description=name)
    refused(net)
    ports = some_ports(net, name)
    moves(net, first, ports)
    lists(net, first, name)
    constrained(net, first)
    with_server(net, name)
    ends(net, first, ports)
    net.clear()


def refused(net):
    net.refuse("floatingip", {
        "no_network": {"floating_network_id": ABSENT},
        "network_word": {"floating_network_id": "public"},
        "network_null": {"floating_network_id": None},
        "network_inside": {"floating_network_id": net.private},
        "own_address": {"floating_ip_address": "203.0.113.77"},
        "address_word": {"floating_ip_address": "lots"},
        "no_port": {"port_id": ABSENT},
        "port_word": {"port_id": "web"},
        "fixed_alone": {"fixed_ip_address": "10.0.0.3"},
        "fixed_word": {"fixed_ip_address": "here"},
        "no_subnet": {"subnet_id": ABSENT},
        "foreign_subnet": {"subnet_id": net.subnet},
        "unknown": {"colour": "blue"},
        "status_set": {"status": "ACTIVE"},
        "tags_set": {"tags": ["a"]},
        "number": {"description": 5},
        "null": {"description": None},
        "long": {"description": "x" * 256},
        "foreign": {"project_id": ABSENT},
        "two_owners": {"project_id": ABSENT, "tenant_id": "other"},
    }, floating_network_id=net.public)
    net.make("nothing", "floatingip")
    for step, body in (("empty", {}), ("other", {"address": {}}), ("list", {"floatingip": []}),
                       ("bulk", {"floatingips": [{"floating_network_id": net.public}]}),
                       ("array", [1])):
        net.ask(step, "POST", "/floatingips", body=body)
    net.ask("garbage", "POST", "/floatingips", raw="{not json")
    net.ask("no_body", "POST", "/floatingips")


def some_ports(net, name):
    """A plain port, one with two addresses, one with none, one that no router leads to."""
    def port(**fields):
        return net.plain("POST", "/ports", {"port": {"name": name, **fields}})["port"]

    alone = net.plain("POST", "/networks", {"network": {"name": name}})["network"]["id"]
    net.plain("POST", "/subnets", {"subnet": {"network_id": alone, "ip_version": 4, "cidr": "10.7.0.0/24"}})
    return {
        "plain": port(network_id=net.private),
        "two": port(network_id=net.private, fixed_ips=[{"subnet_id": net.subnet}] * 2),
        "none": port(network_id=net.private, fixed_ips=[]),
        "alone": port(network_id=alone),
    }


def moves(net, first, ports):
    ident, plain, two = first["id"], ports["plain"], ports["two"]

    def move(step, **fields):
        return net.set(step, "floatingip", ident, fields)

    move("attach", port_id=plain["id"])
    net.ask.get("attached", f"/floatingips/{ident}")
    net.ask.get("port_attached", f"/ports/{plain['id']}")
    move("attach_again", port_id=plain["id"])
    move("describe", description=f"{net.prefix}floating-2")
    move("to_two", port_id=two["id"])
    move("to_two_wrong", port_id=two["id"], fixed_ip_address="10.0.0.250")
    move("to_two_v6", port_id=two["id"], fixed_ip_address="fd00::1")
    move("to_two_right", port_id=two["id"], fixed_ip_address=two["fixed_ips"][1]["ip_address"])
    other = net.make("create_attached", "floatingip", floating_network_id=net.public, port_id=plain["id"],
                     description=f"{net.prefix}other")
    net.make("create_taken", "floatingip", floating_network_id=net.public, port_id=plain["id"])
    move("to_taken", port_id=plain["id"])
    move("to_none", port_id=ports["none"]["id"])
    move("to_alone", port_id=ports["alone"]["id"])
    move("to_absent", port_id=ABSENT)
    move("address", fixed_ip_address="10.0.0.250")
    move("network", floating_network_id=net.private)
    move("unknown_put", colour="blue")
    move("detach", port_id=None)
    net.ask.get("detached", f"/floatingips/{ident}")
    move("attach_more", port_id=two["id"], fixed_ip_address=two["fixed_ips"][0]["ip_address"])
    move("nothing_put")
    net.ask.get("after_nothing", f"/floatingips/{ident}")
    net.ask("empty_put", "PUT", f"/floatingips/{ident}", body={})
    net.set("absent_put", "floatingip", ABSENT, {"port_id": None})
    net.ask("delete_other", "DELETE", f"/floatingips/{other['id']}")


def lists(net, first, name):
    ident = first["id"]
    for step, query in {
        "by_id": f"id={ident}&id={ABSENT}",
        "by_address": f"floating_ip_address={first['floating_ip_address']}",
        "by_port": f"port_id={ABSENT}",
        "by_no_port": "port_id=",
        "by_status": "status=DOWN",
        "by_description": f"description={name}-2",
        "by_network": f"floating_network_id={net.public}",
        "by_router": "router_id=none",
        "by_owner": f"project_id={net.to.cloud.project}",
        "by_other_owner": "tenant_id=none",
        "by_tags": "tags=a",
        "by_revision": "revision_number=1000",
        "by_colour": "colour=blue",
        "by_name": "name=x",
        "by_details": "port_details=x",
        "two_unknown": "colour=blue&name=x",
        "fields": "fields=id&fields=status",
        "no_field": "fields=nothing",
        "sorted": "sort_key=status&sort_dir=desc",
        "sort_alone": "sort_key=id",
        "sort_unknown": "sort_key=colour&sort_dir=asc",
        "sort_way": "sort_key=id&sort_dir=up",
        "limit": "limit=1",
        "limit_zero": "limit=0",
        "limit_many": "limit=1000",
        "limit_negative": "limit=-1",
        "limit_word": "limit=many",
        "reverse": "limit=1&page_reverse=True",
        "after": f"limit=1&marker={ident}",
        "before": f"limit=1&marker={ident}&page_reverse=true",
        "marker_absent": f"limit=1&marker={ABSENT}",
        "marker_alone": f"marker={ident}",
    }.items():
        net.ask.get(f"list_{step}", f"/floatingips?{query}", pick=listed("floatingips", "status", "description", ordered="sort" in query))
    net.ask.get("show_fields", f"/floatingips/{ident}?fields=id&fields=status")
    net.ask.get("absent", f"/floatingips/{ABSENT}")
    net.ask.get("word", "/floatingips/none")


def constrained(net, first):
    path = f"/floatingips/{first['id']}"
    revision = net.plain("GET", path)["floatingip"]["revision_number"]
    for step, wanted in (("old", "revision_number=0"), ("word", "revision_number=x"), ("other", "colour=1"),
                         ("two", "revision_number=1,revision_number=2"), ("right", f"revision_number={revision}")):
        net.set(f"match_{step}", "floatingip", first["id"], {"description": f"{net.prefix}m"},
                headers={"If-Match": wanted})
    net.ask("match_delete", "DELETE", path, headers={"If-Match": "revision_number=0"})


def with_server(net, name):
    """How an address comes to a server and goes again."""
    to = net.to
    server = servers.make(to, "floating.server", "floating")
    port = net.plain("GET", f"/ports?device_id={server}")["ports"][0]
    made = net.make("server_attach", "floatingip", floating_network_id=net.public, port_id=port["id"],
                    description=name)
    net.ask.get("server_port", f"/ports/{port['id']}")
    seen(to, "server_shows", server, 2)
    net.ask("server_delete_address", "DELETE", f"/floatingips/{made['id']}")
    seen(to, "server_alone", server, 1)
    kept = net.make("server_again", "floatingip", floating_network_id=net.public, port_id=port["id"],
                    description=f"{net.prefix}kept")
    to.request("floating.server_gone", "DELETE", "compute", f"/servers/{server}")
    servers.settle(to, "floating.server_gone", server)
    net.ask.get("outlives", f"/floatingips/{kept['id']}")
    net.ask.get("port_gone", f"/ports/{port['id']}")


def seen(to, step, server, count):
    def shown():
        body = to.request(f"floating.{step}", "GET", "compute", f"/servers/{server}").json()
        return sum(len(one) for one in body["server"]["addresses"].values())

    # Nova hears of it from Neutron a moment later.
    for _ in range(100):
        if shown() == count:
            break
        time.sleep(0.1)

    def types(body):
        [addresses] = body["server"]["addresses"].values()
        return {"types": [one["OS-EXT-IPS:type"] for one in addresses], "address": addresses[-1]}

    to.http(f"floating.{step}", "GET", "compute", f"/servers/{server}", pick=types, telling=TELLING)
    to.http(f"floating.{step}_ips", "GET", "compute", f"/servers/{server}/ips",
            pick=lambda body: {"types": [len(one) for one in body["addresses"].values()]}, telling=TELLING)


def ends(net, first, ports):
    net.set("attach_last", "floatingip", first["id"], {"port_id": ports["plain"]["id"]})
    net.ask("port_delete", "DELETE", f"/ports/{ports['plain']['id']}")
    net.ask.get("without_port", f"/floatingips/{first['id']}")
    net.ask("delete_body", "DELETE", f"/floatingips/{first['id']}", body={})
    net.ask("delete", "DELETE", f"/floatingips/{first['id']}")
    net.ask("delete_again", "DELETE", f"/floatingips/{first['id']}")

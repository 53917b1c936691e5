"""Ports that a user makes, changes, gives to a server and takes away."""
from .. import servers
from ..network import ABSENT, Network, listed

TELLING = ("status", "name", "description", "admin_state_up", "port_security_enabled", "device_owner", "tags",
           "revision_number", "rows", "links", "binding:vnic_type")


def record(to):
    net = Network(to, "ports", TELLING)
    net.clear()
    port = net.make("create", "port", network_id=net.private, name=f"{net.prefix}port", description="of the session")
    refused(net)
    made(net)
    changed(net, port["id"])
    bulk(net)
    lists(net, port)
    with_server(net, port["id"])
    net.ask("match_delete", "DELETE", f"/ports/{port['id']}", headers={"If-Match": "revision_number=0"})
    net.ask("delete", "DELETE", f"/ports/{port['id']}")
    net.ask("delete_again", "DELETE", f"/ports/{port['id']}")
    router(net)
    net.clear()


def refused(net):
    net.refuse("port", {
        "no_network": {"network_id": ABSENT}, "network_word": {"network_id": "private"},
        "public": {"network_id": net.public}, "outside": {"fixed_ips": [{"ip_address": "10.9.0.3"}]},
        "no_subnet": {"fixed_ips": [{"subnet_id": ABSENT}]}, "nowhere": {"fixed_ips": [{}]},
        "base": {"fixed_ips": [{"ip_address": "10.0.0.0"}]}, "gateway": {"fixed_ips": [{"ip_address": "10.0.0.1"}]},
        "address_word": {"fixed_ips": [{"ip_address": "x"}]}, "not_list": {"fixed_ips": "x"},
        "twice": {"fixed_ips": [{"ip_address": "10.0.0.77"}] * 2}, "not_dict": {"fixed_ips": ["x"]},
        "no_group": {"security_groups": [ABSENT]}, "group_word": {"security_groups": ["default"]},
        "groups_word": {"security_groups": "default"}, "group_twice": {"security_groups": [ABSENT, ABSENT]},
        "mac_word": {"mac_address": "x"}, "profile": {"binding:profile": {}}, "host": {"binding:host_id": "x"},
        "vnic": {"binding:vnic_type": "odd"}, "status_set": {"status": "ACTIVE"}, "colour": {"colour": "blue"},
        "maybe": {"admin_state_up": "maybe"}, "name_null": {"name": None}, "name_long": {"name": "x" * 256},
        "tags_twice": {"tags": ["a", "a"]}, "foreign": {"project_id": ABSENT},
    }, network_id=net.private)
    net.make("nothing", "port")
    for step, body in (("empty", {}), ("other", {"x": 1}), ("list", {"port": []}), ("bulk_none", {"ports": []})):
        net.ask(step, "POST", "/ports", body=body)
    net.ask("garbage", "POST", "/ports", raw="{not json")
    net.ask("no_body", "POST", "/ports")


def made(net):
    """Each kind of port that there can be."""
    for step, fields in {
        "address": {"fixed_ips": [{"ip_address": "10.0.0.240"}]},
        "two_addresses": {"fixed_ips": [{"subnet_id": net.subnet}] * 2},
        "no_address": {"fixed_ips": []},
        "no_groups": {"security_groups": []},
        "null_groups": {"security_groups": None},
        "unguarded": {"port_security_enabled": False},
        "down": {"admin_state_up": "False"},
        "mac": {"mac_address": "02:00:00:00:00:01"},
        "owner": {"device_owner": "compute:mine", "device_id": "mine"},
        "tagged": {"tags": ["a"]},
    }.items():
        one = net.make(f"create_{step}", "port", network_id=net.private, name=f"{net.prefix}made", **fields)
        net.ask.get(f"show_{step}", f"/ports/{one['id']}")
        if step == "address":
            net.make("create_taken", "port", network_id=net.private, fixed_ips=fields["fixed_ips"])
        net.plain("DELETE", f"/ports/{one['id']}")


def changed(net, ident):
    for step, fields in {
        "names": {"name": f"{net.prefix}new", "description": "new", "device_id": "dev", "admin_state_up": False},
        "no_groups_put": {"security_groups": []}, "bad_group": {"security_groups": [ABSENT]},
        "network_put": {"network_id": ABSENT}, "addresses": {"fixed_ips": [{"ip_address": "10.0.0.241"}]},
        "mac_put": {"mac_address": "02:00:00:00:00:01"}, "unguarded_put": {"port_security_enabled": False},
        "nothing_put": {}, "colour_put": {"colour": "blue"}, "tags_put": {"tags": ["a"]},
        "free": {"device_id": "", "device_owner": "", "admin_state_up": True},
    }.items():
        net.set(step, "port", ident, fields)
    net.ask("empty_put", "PUT", f"/ports/{ident}", body={})
    net.set("absent_put", "port", ABSENT, {"name": "x"})
    net.set("match_old", "port", ident, {"name": "x"}, headers={"If-Match": "revision_number=0"})


def bulk(net):
    one = {"network_id": net.private, "name": f"{net.prefix}bulk"}
    for step, several in (("bulk", [one, one]), ("bulk_bad", [one, {**one, "network_id": ABSENT}]),
                          ("bulk_colour", [one, {**one, "colour": "blue"}])):
        answer = net.ask(step, "POST", "/ports", body={"ports": several})
        for made_one in answer.json().get("ports", []):
            net.plain("DELETE", f"/ports/{made_one['id']}")
    net.ask.get("bulk_left", f"/ports?name={net.prefix}bulk", pick=listed("ports", "name"))


def lists(net, port):
    name = f"name={net.prefix}new"
    for step, query in {
        "name": name, "no_device": "device_id=", "device": "device_id=none", "id": f"id={port['id']}",
        "network": f"network_id={net.private}&{name}", "subnet": f"fixed_ips=subnet_id%3D{net.subnet}&{name}",
        "address": "fixed_ips=ip_address%3D10.0.0.241", "address_part": "fixed_ips=ip_address_substr%3D0.0.241",
        "address_odd": "fixed_ips=10.0.0.241", "status": f"status=DOWN&{name}", "up": f"admin_state_up=true&{name}",
        "maybe": "admin_state_up=maybe", "group": f"security_groups={ABSENT}", "mac": "mac_address=x",
        "owner": "device_owner=none", "host": f"binding:host_id=x&{name}", "colour": "colour=blue",
        "allocation": "ip_allocation=immediate", "description": "description=new", "tags": "tags=a",
        "not_tags": f"not-tags=a&{name}", "fields": f"fields=name&{name}", "page": f"limit=1&{name}",
        "marker": f"limit=1&marker={ABSENT}", "sorted": f"sort_key=name&sort_dir=asc&{name}",
        "sort_addresses": "sort_key=fixed_ips&sort_dir=asc",
    }.items():
        net.ask.get(f"list_{step}", f"/ports?{query}", pick=listed("ports", "name", "status"))
    net.ask.get("show_fields", f"/ports/{port['id']}?fields=name")
    net.ask.get("absent", f"/ports/{ABSENT}")


def with_server(net, ident):
    """A server gets the port; it leaves it behind when it goes."""
    to = net.to
    for step, networks in (("server_absent", [{"port": ABSENT}]), ("server_word", [{"port": "x"}])):
        to.http(f"ports.{step}", "POST", "compute", "/servers", body=servers.wanted(to, "ports", networks=networks))
    server = servers.make(to, "ports.server", "ports", networks=[{"port": ident}])
    net.ask.get("server_port", f"/ports/{ident}")
    to.http("ports.server_taken", "POST", "compute", "/servers",
            body=servers.wanted(to, "ports", networks=[{"port": ident}]))
    to.http("ports.server_interfaces", "GET", "compute", f"/servers/{server}/os-interface", telling=("port_state",))
    to.request("ports.server", "DELETE", "compute", f"/servers/{server}")
    servers.settle(to, "ports.server", server)
    net.ask.get("server_left", f"/ports/{ident}")


def router(net):
    ports = net.plain("GET", "/ports?device_owner=network:router_interface")["ports"]
    net.ask.get("router_port", f"/ports/{ports[0]['id']}")
    net.ask("router_port_delete", "DELETE", f"/ports/{ports[0]['id']}")

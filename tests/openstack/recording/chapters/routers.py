"""Networks, subnets and routers that a user makes."""
from ..network import ABSENT, Network, listed

TELLING = ("status", "name", "description", "admin_state_up", "enable_snat", "rows", "links",
           "ip_version", "enable_dhcp", "mtu", "shared", "router:external", "port_security_enabled")


def record(to):
    net = Network(to, "routers", TELLING)
    net.clear()
    network = networks(net)
    subnet = subnets(net, network)
    ident = routers(net)
    interfaces(net, ident, network, subnet)
    refused(net, ident)
    net.ask("delete", "DELETE", f"/routers/{ident}")
    net.ask("delete_again", "DELETE", f"/routers/{ident}")
    foreign(net)
    net.clear()


def networks(net):
    made = net.make("network", "network", name=f"{net.prefix}net", description="d")
    net.refuse("network", {
        "network_external": {"router:external": True}, "network_shared": {"shared": True},
        "network_provider": {"provider:network_type": "flat"}, "network_mtu": {"mtu": -1},
        "network_mtu_word": {"mtu": "x"}, "network_colour": {"colour": "blue"}, "network_name": {"name": 5},
    })
    path = f"/networks/{made['id']}"
    net.ask.get("network_show", path)
    net.set("network_put", "network", made["id"], {"name": f"{net.prefix}net-2", "admin_state_up": False, "mtu": 1400})
    net.set("network_share", "network", made["id"], {"shared": True})
    net.set("network_match", "network", made["id"], {"name": "x"}, headers={"If-Match": "revision_number=0"})
    net.set("network_absent", "network", ABSENT, {"name": "x"})
    for step, query in {"external": "router:external=True", "external_no": f"router:external=no&id={made['id']}",
                        "external_maybe": "router:external=maybe", "shared": f"shared=false&id={made['id']}",
                        "status": f"status=ACTIVE&id={made['id']}", "mtu": f"mtu=1400&id={made['id']}",
                        "mtu_word": "mtu=x", "default": "is_default=false&router:external=true", "colour": "colour=blue",
                        "tags": "tags=a", "fields": f"id={made['id']}&fields=name&fields=mtu",
                        "subnets": "subnets=x"}.items():
        net.ask.get(f"networks_{step}", f"/networks?{query}", pick=listed("networks", "name", "mtu", "shared"))
    return made["id"]


def subnets(net, network):
    usual = {"network_id": network, "ip_version": 4, "cidr": "10.7.0.0/24"}
    made = net.make("subnet", "subnet", **usual, name=f"{net.prefix}sub", dns_nameservers=["203.0.113.1"])
    net.refuse("subnet", {
        "subnet_network": {"network_id": ABSENT}, "subnet_public": {"network_id": net.public},
        "subnet_overlap": {"cidr": "10.7.0.0/25"}, "subnet_word": {"cidr": "x"},
        "subnet_number": {"ip_version": 5}, "subnet_version": {"ip_version": 6}, "subnet_six": {"cidr": "fd00::/64"},
        "subnet_alone": {"cidr": "10.9.0.0"}, "subnet_server": {"dns_nameservers": ["x"]},
        "subnet_pool": {"cidr": "10.9.0.0/24", "allocation_pools": [{"start": "10.9.0.9", "end": "10.9.0.6"}]},
        "subnet_pool_out": {"cidr": "10.9.0.0/24", "allocation_pools": [{"start": "10.8.0.5", "end": "10.8.0.6"}]},
        "subnet_gateway": {"cidr": "10.9.0.0/24", "gateway_ip": "x"}, "subnet_colour": {"colour": "blue"},
    }, **usual)
    net.ask("subnet_no_cidr", "POST", "/subnets", body={"subnet": {"network_id": network, "ip_version": 4}})
    net.ask("subnet_no_version", "POST", "/subnets", body={"subnet": {"network_id": network, "cidr": "10.9.0.0/24"}})
    other = net.make("subnet_small", "subnet", network_id=network, ip_version=4, cidr="10.8.0.0/24", gateway_ip=None,
                     enable_dhcp=False, allocation_pools=[{"start": "10.8.0.5", "end": "10.8.0.6"}])
    for step in ("full_1", "full_2", "full_3"):
        net.make(step, "port", network_id=network, name=f"{net.prefix}full", fixed_ips=[{"subnet_id": other["id"]}])
    net.ask.get("subnet_show", f"/subnets/{made['id']}")
    net.set("subnet_put", "subnet", made["id"], {"name": f"{net.prefix}sub-2", "description": "d"})
    net.set("subnet_put_cidr", "subnet", made["id"], {"cidr": "10.9.0.0/24"})
    net.ask("subnet_used", "DELETE", f"/subnets/{other['id']}")
    net.ask.get("subnet_public_show", f"/subnets?network_id={net.public}", pick=listed("subnets", "name"))
    for port in net.plain("GET", f"/ports?network_id={network}")["ports"]:
        net.plain("DELETE", f"/ports/{port['id']}")
    net.ask("subnet_delete", "DELETE", f"/subnets/{other['id']}")
    return made["id"]


def routers(net):
    made = net.make("create", "router", name=f"{net.prefix}router", description="d")
    path = f"/routers/{made['id']}"
    net.refuse("router", {
        "inside": {"external_gateway_info": {"network_id": net.private}},
        "absent": {"external_gateway_info": {"network_id": ABSENT}},
        "word": {"external_gateway_info": {"network_id": "x"}}, "keys": {"external_gateway_info": {"colour": 1}},
        "more_keys": {"external_gateway_info": {"network_id": net.public, "colour": 1}},
        "text": {"external_gateway_info": "x"},
        "snat": {"external_gateway_info": {"network_id": net.public, "enable_snat": False}},
        "address": {"external_gateway_info": {"network_id": net.public,
                                              "external_fixed_ips": [{"ip_address": "203.0.113.100"}]}},
        "ha": {"ha": True}, "distributed": {"distributed": True}, "flavor": {"flavor_id": ABSENT},
        "name_null": {"name": None}, "colour": {"colour": "blue"}, "routes": {"routes": []},
    })
    net.ask.get("show", path)
    net.set("gateway", "router", made["id"], {"external_gateway_info": {"network_id": net.public}})
    net.set("gateway_again", "router", made["id"], {"external_gateway_info": {"network_id": net.public}})
    for step, query in {"name": f"name={net.prefix}router", "status": "status=ACTIVE", "colour": "colour=blue",
                        "gateway": "external_gateway_info=x", "up": f"admin_state_up=true&name={net.prefix}router",
                        "fields": f"name={net.prefix}router&fields=name", "page": f"limit=1&name={net.prefix}router",
                        "marker": f"limit=1&marker={ABSENT}&name={net.prefix}router"}.items():
        net.ask.get(f"list_{step}", f"/routers?{query}", pick=listed("routers", "name", "status"))
    net.ask.get("show_absent", f"/routers/{ABSENT}")
    return made["id"]


def interfaces(net, ident, network, subnet):
    def add(step, **body):
        return net.ask(step, "PUT", f"/routers/{ident}/add_router_interface", body=body)

    def remove(step, **body):
        return net.ask(step, "PUT", f"/routers/{ident}/remove_router_interface", body=body)

    add("add_nothing")
    add("add_absent", subnet_id=ABSENT)
    add("add_absent_port", port_id=ABSENT)
    add("add_word", subnet_id="x")
    add("add_both", subnet_id=subnet, port_id=ABSENT)
    add("add", subnet_id=subnet)
    add("add_again", subnet_id=subnet)
    add("add_taken", subnet_id=net.subnet)
    net.ask("add_no_router", "PUT", f"/routers/{ABSENT}/add_router_interface", body={"subnet_id": subnet})
    port = net.plain("POST", "/ports", {"port": {"network_id": network, "name": f"{net.prefix}p"}})["port"]["id"]
    made = net.plain("POST", "/floatingips", {"floatingip": {
        "floating_network_id": net.public, "port_id": port, "description": f"{net.prefix}f"}})["floatingip"]
    remove("remove_needed", subnet_id=subnet)
    net.set("gateway_needed", "router", ident, {"external_gateway_info": None})
    net.set("gateway_needed_empty", "router", ident, {"external_gateway_info": {}})
    net.ask("delete_used", "DELETE", f"/routers/{ident}")
    net.ask("network_used", "DELETE", f"/networks/{network}")
    net.ask("subnet_in_use", "DELETE", f"/subnets/{subnet}")
    net.plain("DELETE", f"/floatingips/{made['id']}")
    for step, routes in (("route", [{"destination": "10.8.0.0/24", "nexthop": "10.7.0.9"}]),
                         ("route_far", [{"destination": "10.8.0.0/24", "nexthop": "10.99.0.9"}]), ("route_none", [])):
        net.set(step, "router", ident, {"routes": routes})
    remove("remove_nothing")
    remove("remove_other", subnet_id=net.subnet)
    remove("remove_absent", port_id=ABSENT)
    remove("remove_not_mine", port_id=port)
    remove("remove", subnet_id=subnet)
    add("add_port", port_id=port)
    net.ask.get("port_on_router", f"/ports/{port}")
    remove("remove_port", port_id=port)


def refused(net, ident):
    net.set("match_old", "router", ident, {"name": "x"}, headers={"If-Match": "revision_number=0"})
    net.set("nothing_put", "router", ident, {})
    net.set("status_put", "router", ident, {"status": "x"})
    net.set("names_put", "router", ident, {"name": f"{net.prefix}router-2", "admin_state_up": False})
    net.set("gateway_off", "router", ident, {"external_gateway_info": None})


def foreign(net):
    """What belongs to the operator, or is needed."""
    net.ask("public_delete", "DELETE", f"/networks/{net.public}")
    net.set("public_put", "network", net.public, {"name": "x"})
    net.ask("private_delete", "DELETE", f"/networks/{net.private}")
    net.ask("private_subnet_delete", "DELETE", f"/subnets/{net.subnet}")

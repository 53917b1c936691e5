"""Rules of security groups: each field's forms, what is the same, many at once; groups in use."""
from .. import servers
from ..network import ABSENT, Network, listed

TELLING = ("name", "description", "direction", "ethertype", "protocol", "port_range_min", "port_range_max",
           "remote_ip_prefix", "normalized_cidr", "stateful", "shared", "revision_number", "rows", "links", "tags")
ENDS = ("port_range_min", "port_range_max")


def record(to):
    net = Network(to, "rules", TELLING)
    net.clear()
    group = net.make("group", "security_group", name=f"{net.prefix}rules", description="of the session")["id"]
    fields(net, group)
    addresses(net, group)
    twins(net, group)
    bulk(net, group)
    lists(net, group)
    groups(net, group)
    used(net, group)
    net.clear()


def each(net, group, table, **usual):
    """Adds each rule, and takes it away again so that none stands in the way of the next."""
    for step, fields in table.items():
        made = net.make(step, "security_group_rule",
                        **{"security_group_id": group, "direction": "ingress", **usual, **fields})
        if made["id"] != ABSENT:
            net.plain("DELETE", f"/security-group-rules/{made['id']}")


def ends(low, high):
    return dict(zip(ENDS, (low, high)))


def fields(net, group):
    each(net, group, {
        "plain": {}, "egress": {"direction": "egress", "protocol": "tcp"}, "sideways": {"direction": "sideways"},
        "no_direction": {"direction": None}, "upper_direction": {"direction": "INGRESS"},
        "v6": {"ethertype": "IPv6"}, "v6_lower": {"ethertype": "ipv6"}, "v5": {"ethertype": "IPv5"},
        "family_number": {"ethertype": 4}, "family_null": {"ethertype": None},
        "unknown": {"colour": "blue"}, "id_set": {"id": ABSENT}, "described": {"description": "why"},
        "description_null": {"description": None}, "description_long": {"description": "x" * 256},
        "no_group": {"security_group_id": ABSENT}, "group_word": {"security_group_id": "default"},
        "group_null": {"security_group_id": None}, "foreign": {"project_id": ABSENT},
        "address_group": {"remote_address_group_id": ABSENT},
    })
    each(net, group, {f"protocol_{number}": {"protocol": given} for number, given in enumerate((
        "tcp", "TCP", "6", 6, "icmp", "1", "icmpv6", "ipv6-icmp", "58", "any", "", "0", 0, "ip", "255", "256", "-1",
        256, "carrier-pigeon", None, "vrrp", "sctp"))})
    each(net, group, {f"protocol6_{number}": {"protocol": given, "ethertype": "IPv6"} for number, given in enumerate((
        "icmp", "1", "icmpv6", "ipv6-icmp", "58", "tcp", "ipv6-frag"))})
    each(net, group, {f"tcp_{number}": {"protocol": "tcp", **given} for number, given in enumerate((
        ends(22, 22), ends(90, 80), ends(22, None), ends(None, 22), ends(0, 22), ends(1, 65535), ends(0, 65535),
        ends(1, 65536), ends("22", "22"), ends("x", 22), ends(-1, 22), ends(22.5, 22.5), ends(True, 22), ends("", 22),
        ends([22], 22), ends(65536, 65537)))})
    each(net, group, {f"ports_{number}": given for number, given in enumerate((
        ends(22, 22), {"protocol": "sctp", **ends(1, 2)}, {"protocol": "132", **ends(1, 2)},
        {"protocol": "gre", **ends(1, 2)}, {"protocol": "112", **ends(1, 2)}, {"protocol": "200", **ends(1, 2)},
        {"protocol": "udplite", **ends(5, 5)}, {"protocol": "vrrp"}, {"protocol": "ip", **ends(1, 2)}))})
    each(net, group, {f"icmp_{number}": {"protocol": "icmp", **given} for number, given in enumerate((
        ends(8, None), ends(8, 0), ends(None, 0), ends(256, None), ends(8, 256), ends(255, 255), ends(3, 1),
        ends(0, 0)))})
    each(net, group, {"icmp6": {"protocol": "icmp", "ethertype": "IPv6", **ends(128, 0)},
                      "icmp6_code": {"protocol": "ipv6-icmp", "ethertype": "IPv6", **ends(None, 0)}})


def addresses(net, group):
    each(net, group, {f"prefix_{number}": {"remote_ip_prefix": given} for number, given in enumerate((
        "10.0.0.0/8", "10.0.0.1", "10.0.0.1/8", "10.0.0.0/255.0.0.0", "10.1/16", "10.0.0.0/33", "everywhere", "",
        "0.0.0.0/0", "10.0.0.0/", "::/0", "2001:db8::/32", None, 5, "10.0.0.0 /8", ["10.0.0.0/8"]))})
    each(net, group, {f"prefix6_{number}": {"remote_ip_prefix": given} for number, given in enumerate((
        "2001:DB8::/32", "2001:db8::1", "2001:db8::1/32", "::/0", "10.0.0.0/8", "::ffff:10.0.0.1"))},
        ethertype="IPv6")
    each(net, group, {
        "remote_group": {"remote_group_id": group},
        "remote_absent": {"remote_group_id": ABSENT},
        "remote_word": {"remote_group_id": "default"},
        "remote_both": {"remote_group_id": group, "remote_ip_prefix": "10.0.0.0/8"},
    })


def twins(net, group):
    """What is the same to Neutron."""
    usual = {"security_group_id": group, "direction": "ingress"}

    def add(step, **fields):
        return net.make(step, "security_group_rule", **usual, **fields)["id"]

    made = [add("twin_first", protocol="tcp", **ends(22, 22))]
    for step, changed in (("same", {}), ("number", {"protocol": "6"}), ("described", {"description": "other"}),
                          ("anywhere", {"remote_ip_prefix": "0.0.0.0/0"}), ("wider", ends(22, 23)),
                          ("family", {"ethertype": "IPv6"}), ("narrow", {"remote_ip_prefix": "10.0.0.0/8"}),
                          ("host_bits", {"remote_ip_prefix": "10.0.0.1/8"})):
        made.append(add(f"twin_{step}", **{"protocol": "tcp", **ends(22, 22), **changed}))
    made.append(add("twin_ip", protocol="ip"))
    made.append(add("twin_zero", protocol="0"))
    made.append(add("twin_none"))
    for ident in made:
        net.plain("DELETE", f"/security-group-rules/{ident}")


def bulk(net, group):
    def rule(port, **changed):
        return {"security_group_id": group, "direction": "ingress", "protocol": "tcp", **ends(port, port), **changed}

    def add(step, *rules):
        answer = net.ask(f"bulk_{step}", "POST", "/security-group-rules", body={"security_group_rules": list(rules)})
        for one in answer.json().get("security_group_rules", []):
            net.plain("DELETE", f"/security-group-rules/{one['id']}")

    other = net.plain("POST", "/security-groups", {"security_group": {"name": f"{net.prefix}rules-2"}})
    other = other["security_group"]["id"]
    add("two", rule(1001), rule(1002))
    add("wrapped", {"security_group_rule": rule(1001)})
    add("none")
    add("twice", rule(1001), rule(1001))
    add("one_bad", rule(1001), rule(1002, protocol="carrier-pigeon"))
    add("one_inverted", rule(1001), rule(1002, port_range_max=1))
    add("one_unknown", rule(1001), rule(1002, colour="blue"))
    add("two_groups", rule(1001), rule(1002, security_group_id=other))
    add("absent_group", rule(1001, security_group_id=ABSENT))
    add("not_dicts", "rule")
    kept = net.make("bulk_kept", "security_group_rule", **rule(1003))["id"]
    add("one_there", rule(1001), rule(1003))
    net.ask.get("bulk_after", f"/security-group-rules?security_group_id={group}",
                pick=listed("security_group_rules", "direction", *ENDS))
    add("too_many", *(rule(port) for port in range(2000, 2100)))
    net.ask("bulk_object", "POST", "/security-group-rules", body={"security_group_rules": {}})
    net.ask("rule_garbage", "POST", "/security-group-rules", raw="{not json")
    net.ask("rule_none", "POST", "/security-group-rules", body={})
    net.ask("rule_match", "DELETE", f"/security-group-rules/{kept}", headers={"If-Match": "revision_number=7"})
    net.ask("rule_delete", "DELETE", f"/security-group-rules/{kept}")
    net.ask("rule_delete_again", "DELETE", f"/security-group-rules/{kept}")


def lists(net, group):
    for step, query in {
        "ours": "", "ingress": "&direction=ingress", "v6": "&ethertype=IPv6", "v6_lower": "&ethertype=ipv6",
        "protocol": "&protocol=TCP", "protocol_bad": "&protocol=pigeon", "port": "&port_range_min=22",
        "port_bad": "&port_range_min=x", "prefix": "&remote_ip_prefix=10.0.0.0/8", "prefix_bad": "&remote_ip_prefix=x",
        "colour": "&colour=blue", "tags": "&tags=a", "fields": "&fields=ethertype", "description": "&description=",
        "sorted": "&sort_key=ethertype&sort_dir=desc", "page": "&limit=1&sort_key=ethertype&sort_dir=asc",
        "marker": f"&limit=1&sort_key=ethertype&sort_dir=asc&marker={ABSENT}",
    }.items():
        net.ask.get(f"list_{step}", f"/security-group-rules?security_group_id={group}{query}",
                    pick=listed("security_group_rules", "ethertype", "direction", ordered="sort" in query))
    net.ask.get("rule_absent", f"/security-group-rules/{ABSENT}")


def groups(net, group):
    path = f"/security-groups/{group}"
    [default] = [one["id"] for one in net.plain("GET", "/security-groups?name=default")["security_groups"]]
    net.refuse("security_group", {
        "named_default": {"name": "default"}, "named_default_upper": {"name": "DEFAULT"},
        "named_null": {"name": None}, "named_number": {"name": 5}, "named_long": {"name": "x" * 256},
        "named_colour": {"name": "x", "colour": "blue"}, "named_stateful": {"name": "x", "stateful": "maybe"},
        "named_rules": {"name": "x", "security_group_rules": []}, "named_tags": {"name": "x", "tags": []},
    })
    net.make("group_stateless", "security_group", name=f"{net.prefix}stateless", stateful="False")
    bulk_made = net.ask("groups_bulk", "POST", "/security-groups", body={"security_groups": [
        {"name": f"{net.prefix}b1"}, {"name": f"{net.prefix}b2"}]})
    for one in bulk_made.json().get("security_groups", []):
        net.plain("DELETE", f"/security-groups/{one['id']}")
    net.set("group_rename", "security_group", group, {"name": f"{net.prefix}rules-x", "description": "other"})
    net.set("group_to_default", "security_group", group, {"name": "default"})
    net.set("group_nothing", "security_group", group, {})
    net.set("group_read_only", "security_group", group, {"security_group_rules": []})
    net.set("group_match", "security_group", group, {"name": "x"}, headers={"If-Match": "revision_number=0"})
    net.set("default_rename", "security_group", default, {"name": "x"})
    net.set("default_describe", "security_group", default, {"description": "Default security group"},
            telling=("name", "description"))
    net.set("group_absent", "security_group", ABSENT, {"name": "x"})
    net.ask("default_delete", "DELETE", f"/security-groups/{default}")
    net.ask.get("default_show", f"/security-groups/{default}", telling=("name", "description"))
    for step, query in {"name": f"name={net.prefix}rules-x", "stateful": "stateful=true", "shared": f"shared=false&name={net.prefix}stateless",
                        "shared_word": "shared=maybe", "fields": f"name={net.prefix}rules-x&fields=name",
                        "page": "limit=1&sort_key=name&sort_dir=asc", "rules": "security_group_rules=x"}.items():
        net.ask.get(f"groups_{step}", f"/security-groups?{query}", pick=listed("security_groups", "shared", "stateful"))
    net.ask.get("group_fields", f"{path}?fields=name")


def used(net, group):
    """A group that a server, a port or a rule needs."""
    port = net.plain("POST", "/ports", {"port": {
        "network_id": net.private, "name": f"{net.prefix}used", "security_groups": [group]}})["port"]
    net.ask("delete_on_port", "DELETE", f"/security-groups/{group}")
    net.set("stateless_on_port", "security_group", group, {"stateful": False})
    net.plain("DELETE", f"/ports/{port['id']}")
    server = servers.make(net.to, "rules.server", "rules", security_groups=[{"name": group}])
    net.ask("delete_on_server", "DELETE", f"/security-groups/{group}")
    net.to.request("rules.server", "DELETE", "compute", f"/servers/{server}")
    servers.settle(net.to, "rules.server", server)
    other = net.plain("POST", "/security-groups", {"security_group": {"name": f"{net.prefix}other"}})["security_group"]
    net.plain("POST", "/security-group-rules", {"security_group_rule": {
        "security_group_id": other["id"], "direction": "ingress", "remote_group_id": group}})
    net.ask("delete_remote", "DELETE", f"/security-groups/{group}")
    net.ask.get("rules_of_other", f"/security-group-rules?security_group_id={other['id']}",
                pick=listed("security_group_rules", "direction", "ethertype"))

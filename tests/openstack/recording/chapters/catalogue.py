"""What there is to build from: flavors, images, networks, security groups, limits."""
from .identity import only


def record(to):
    flavors(to)
    images(to)
    networks(to)
    security_groups(to)
    around(to)


def flavors(to):
    flavor, name = to.cloud.id_of("flavor"), to.cloud.names["flavor"]
    mine = lambda body: only(body, "flavors", name)
    one = lambda body: {"links": body.get("flavors_links", "none"), "count": len(body["flavors"])}
    ask = lambda step, path, **how: to.http(f"flavors.{step}", "GET", "compute", path, **how)
    for version in (None, "2.55", "2.61", "2.90"):
        at = (version or "default").replace(".", "_")
        ask(f"detail_{at}", "/flavors/detail", version=version, pick=mine)
        ask(f"show_{at}", f"/flavors/{flavor}", version=version, telling=("ram", "disk", "vcpus"))
    ask("list", "/flavors", pick=mine)
    ask("first_page", "/flavors?limit=1", pick=one, telling=("count", "rel"))
    ask("min_ram", "/flavors/detail?minRam=999999999", pick=one, telling=("count",))
    ask("unknown", "/flavors/no-such-flavor")
    ask("bad_limit", "/flavors?limit=-1")
    ask("bad_marker", "/flavors?marker=no-such-flavor")
    ask("bad_min_ram", "/flavors?minRam=lots")
    ask("extra_specs", f"/flavors/{flavor}/os-extra_specs")


def images(to):
    image, name = to.cloud.id_of("image"), to.cloud.names["image"]
    mine = lambda body: {**only(body, "images", name), "first": "url", "next": "any"}
    ask = lambda step, path, **how: to.http(f"images.{step}", "GET", "image", path, **how)
    telling = ("status", "visibility", "container_format", "protected", "os_hidden")
    ask("list", "/images", pick=mine, telling=telling)
    ask("by_name", f"/images?name={name}", telling=(*telling, "name"))
    ask("by_name_none", "/images?name=no-such-image")
    ask("first_page", "/images?limit=1",
        pick=lambda body: {"next": body.get("next", ""), "count": len(body["images"])}, telling=("count",))
    ask("limit_zero", "/images?limit=0", pick=lambda body: {"count": len(body["images"])}, telling=("count",))
    ask("show", f"/images/{image}", telling=telling)
    ask("unknown", "/images/00000000-0000-0000-0000-000000000000")
    ask("unknown_word", "/images/no-such-image")
    ask("bad_limit", "/images?limit=-1")
    ask("bad_limit_word", "/images?limit=many")
    ask("bad_marker", "/images?marker=00000000-0000-0000-0000-000000000000")
    ask("bad_sort", "/images?sort_key=beauty")
    ask("no_token", "/images", token=None)
    ask("bad_token", "/images", token="not-a-token")
    ask("unknown_route", "/nothing-here")
    to.http("images.wrong_method", "PUT", "image", "/images", body={})
    to.http("images.delete_foreign", "DELETE", "image", f"/images/{image}")


def networks(to):
    network, name = to.cloud.id_of("network"), to.cloud.names["network"]
    telling = ("status", "admin_state_up", "router:external", "shared")
    ask = lambda step, path, **how: to.http(f"networks.{step}", "GET", "network", path, **how)
    ask("list", "/networks", pick=lambda body: only(body, "networks", name), telling=telling)
    ask("by_name", f"/networks?name={name}", telling=telling)
    ask("by_name_none", "/networks?name=no-such-network")
    ask("some_fields", f"/networks?name={name}&fields=id&fields=name")
    ask("external", "/networks?router:external=true", telling=telling,
        pick=lambda body: {"networks": body["networks"][:1]})
    ask("first_page", "/networks?limit=1", telling=("count", "rel"),
        pick=lambda body: {"links": body.get("networks_links", "none"), "count": len(body["networks"])})
    ask("show", f"/networks/{network}", telling=telling)
    ask("unknown", "/networks/00000000-0000-0000-0000-000000000000")
    ask("bad_limit", "/networks?limit=-1")
    ask("bad_marker", "/networks?marker=00000000-0000-0000-0000-000000000000&limit=1")
    ask("no_token", "/networks", token=None)
    ask("bad_token", "/networks", token="not-a-token")
    ask("unknown_route", "/nothing-here")
    to.http("networks.garbage", "POST", "network", "/networks", raw="{not json")
    ask("subnets", f"/subnets?network_id={network}", telling=("ip_version", "enable_dhcp"),
        pick=lambda body: {"subnets": body["subnets"][:1]})


def security_groups(to):
    names = to.cloud.names
    name = f"{names['prefix']}-group"
    telling = ("name", "description", "direction", "ethertype", "protocol", "port_range_min",
               "port_range_max", "remote_ip_prefix", "stateful", "shared")
    ask = lambda step, method, path, **how: to.http(
        f"groups.{step}", method, "network", path, telling=telling, **how)
    ask("list", "GET", "/security-groups", pick=lambda body: only(body, "security_groups", "default"))
    group = ask("create", "POST", "/security-groups",
                body={"security_group": {"name": name, "description": "of the session"}})
    ident = group.json().get("security_group", {}).get("id", "none")
    ask("create_same_name_by", "GET", f"/security-groups?name={name}")
    rule = {"security_group_rule": {
        "security_group_id": ident, "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp",
        "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "0.0.0.0/0",
    }}
    made = ask("rule_create", "POST", "/security-group-rules", body=rule)
    ask("rule_twice", "POST", "/security-group-rules", body=rule)
    changed = lambda **fields: {"security_group_rule": {**rule["security_group_rule"], **fields}}
    ask("rule_bad_protocol", "POST", "/security-group-rules", body=changed(protocol="carrier-pigeon"))
    ask("rule_bad_range", "POST", "/security-group-rules", body=changed(port_range_min=90, port_range_max=80))
    ask("rule_bad_cidr", "POST", "/security-group-rules", body=changed(remote_ip_prefix="everywhere"))
    ask("rule_bad_direction", "POST", "/security-group-rules", body=changed(direction="sideways"))
    ask("rule_unknown_group", "POST", "/security-group-rules",
        body=changed(security_group_id="00000000-0000-0000-0000-000000000000"))
    ask("rules", "GET", f"/security-group-rules?security_group_id={ident}")
    ask("show", "GET", f"/security-groups/{ident}")
    rule_id = made.json().get("security_group_rule", {}).get("id", "none")
    ask("rule_delete", "DELETE", f"/security-group-rules/{rule_id}")
    ask("rule_delete_again", "DELETE", f"/security-group-rules/{rule_id}")
    ask("default_name", "POST", "/security-groups", body={"security_group": {"name": "default"}})
    ask("no_name", "POST", "/security-groups", body={"security_group": {"description": "nameless"}})
    ask("delete", "DELETE", f"/security-groups/{ident}")
    ask("delete_again", "DELETE", f"/security-groups/{ident}")
    ask("unknown", "GET", f"/security-groups/{ident}")


def around(to):
    ask = lambda step, path, **how: to.http(f"around.{step}", "GET", "compute", path, **how)
    ask("limits", "/limits")
    ask("zones", "/os-availability-zone", telling=("available",))
    ask("quota", f"/os-quota-sets/{to.cloud.project}")
    ask("extensions", "/extensions", pick=lambda body: {"extensions": body["extensions"][:1]})
    to.http("around.floating_ips", "GET", "network", "/floatingips")
    to.http("around.ports", "GET", "network", "/ports", pick=lambda body: {"keys": sorted(body)},
            telling=("keys",))

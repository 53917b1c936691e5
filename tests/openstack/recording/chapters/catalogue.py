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
    ask = to.at("flavors", "compute").get

    def mine(body):
        return only(body, "flavors", name)

    def one(body):
        return {"links": body.get("flavors_links", "none"), "count": len(body["flavors"])}

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
    ask = to.at("images", "image").get
    telling = ("status", "visibility", "container_format", "protected", "os_hidden")

    def mine(body):
        return {**only(body, "images", name), "first": "url", "next": "any"}

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
    ask = to.at("networks", "network").get
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
    name = f"{to.cloud.names['prefix']}-group"
    ask = to.at("groups", "network", telling=(
        "name", "description", "direction", "ethertype", "protocol", "port_range_min", "port_range_max",
        "remote_ip_prefix", "stateful", "shared"))
    ask.get("list", "/security-groups", pick=lambda body: only(body, "security_groups", "default"))
    made = ask("create", "POST", "/security-groups",
               body={"security_group": {"name": name, "description": "of the session"}})
    group = ident(made, "security_group")
    ask.get("by_name", f"/security-groups?name={name}")
    rules(ask, group)
    ask("default_name", "POST", "/security-groups", body={"security_group": {"name": "default"}})
    nameless = ask("no_name", "POST", "/security-groups", body={"security_group": {"description": "nameless"}})
    to.request("groups.tidy", "DELETE", "network", f"/security-groups/{ident(nameless, 'security_group')}")
    ask("delete", "DELETE", f"/security-groups/{group}")
    ask("delete_again", "DELETE", f"/security-groups/{group}")
    ask.get("unknown", f"/security-groups/{group}")


def rules(ask, group):
    plain = {"security_group_id": group, "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp",
             "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "0.0.0.0/0"}

    def create(step, **changed):
        return ask(step, "POST", "/security-group-rules", body={"security_group_rule": {**plain, **changed}})

    rule = ident(create("rule_create"), "security_group_rule")
    create("rule_twice")
    create("rule_bad_protocol", protocol="carrier-pigeon")
    create("rule_bad_range", port_range_min=90, port_range_max=80)
    create("rule_bad_cidr", remote_ip_prefix="everywhere")
    create("rule_bad_direction", direction="sideways")
    create("rule_unknown_group", security_group_id="00000000-0000-0000-0000-000000000000")
    ask.get("rules", f"/security-group-rules?security_group_id={group}")
    ask.get("show", f"/security-groups/{group}")
    ask("rule_delete", "DELETE", f"/security-group-rules/{rule}")
    ask("rule_delete_again", "DELETE", f"/security-group-rules/{rule}")


def ident(answer, key):
    """The id of what was made, or a word that is no id."""
    return answer.json().get(key, {}).get("id", "none") if answer.status_code < 300 else "none"


def around(to):
    ask = to.at("around", "compute").get
    ask("limits", "/limits")
    ask("zones", "/os-availability-zone", telling=("available",))
    ask("quota", f"/os-quota-sets/{to.cloud.project}")
    ask("extensions", "/extensions", pick=lambda body: {"extensions": body["extensions"][:1]})
    to.http("around.floating_ips", "GET", "network", "/floatingips")
    to.http("around.ports", "GET", "network", "/ports", pick=lambda body: {"keys": sorted(body)},
            telling=("keys",))

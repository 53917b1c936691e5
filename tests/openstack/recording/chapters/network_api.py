"""What is true of all of Neutron: extensions, quotas, tags, routes that are none, limits."""
from ..network import ABSENT, Network

TELLING = ("aliases", "tags", "quota", "limit", "used", "reserved", "names", "resources")

# The extensions that clients of servers ask for.
KNOWN = {
    "availability_zone", "empty-string-filtering", "ext-gw-mode", "external-net", "extraroute", "filter-validation",
    "fip-port-details", "ip-substring-filtering", "net-mtu", "net-mtu-writable", "pagination", "port-security",
    "project-id", "quota_details", "quotas", "revision-if-match", "router", "security-group",
    "security-groups-normalized-cidr", "sorting", "standard-attr-description", "standard-attr-revisions",
    "standard-attr-tag", "standard-attr-timestamp", "stateful-security-group",
}


def record(to):
    net = Network(to, "network_api", TELLING)
    net.clear()
    about(net)
    quotas(net)
    tags(net)
    routes(net)
    exhausted(net)
    net.clear()


def about(net):
    net.ask.get("extensions", "/extensions", pick=lambda body: {
        "aliases": sorted(KNOWN & {one["alias"] for one in body["extensions"]}),
        "extensions": [one for one in body["extensions"] if one["alias"] == "router"]})
    net.ask.get("extension", "/extensions/router", telling=("alias",))
    net.ask.get("extension_absent", "/extensions/none")
    net.ask.get("index", "/")
    net.ask.get("zones", "/availability_zones")
    net.ask.get("agents", "/agents")
    net.ask.get("availability", "/network-ip-availabilities")
    net.ask.get("pools", "/subnetpools")
    net.ask.get("groups_of_addresses", "/address-groups")
    net.ask.get("rbac", "/rbac-policies")


def quotas(net):
    project = net.to.cloud.project
    for step, path in (("mine", f"/{project}"), ("default", f"/{project}/default"), ("other", f"/{ABSENT}"),
                       ("all", ""), ("tenant", "/tenant"), ("project", "/project")):
        net.ask.get(f"quota_{step}", f"/quotas{path}")
    net.ask.get("quota_details", f"/quotas/{project}/details",
                pick=lambda body: {"quota": {key: one["limit"] for key, one in body["quota"].items()},
                                   "one": body["quota"]["router"]})
    net.ask("quota_put", "PUT", f"/quotas/{project}", body={"quota": {"port": 1}})
    net.ask("quota_delete", "DELETE", f"/quotas/{project}")


def tags(net):
    group = net.plain("POST", "/security-groups", {"security_group": {"name": f"{net.prefix}tags"}})
    address = net.plain("POST", "/floatingips", {"floatingip": {
        "floating_network_id": net.public, "description": f"{net.prefix}tags"}})
    port = net.plain("POST", "/ports", {"port": {"network_id": net.private, "name": f"{net.prefix}tags"}})
    for kind, ident in (("security-groups", group["security_group"]["id"]),
                        ("floatingips", address["floatingip"]["id"]), ("ports", port["port"]["id"])):
        path = f"/{kind}/{ident}/tags"
        each(net, kind, path)
        plural = kind.replace("-", "_")
        net.plain("PUT", path, {"tags": ["a", "b"]})
        for step, query in (("all", "tags=a,b"), ("all_not", "tags=a,c"), ("any", "tags-any=a,c"),
                            ("not", "not-tags=a,c"), ("not_any", "not-tags-any=a,c")):
            net.ask.get(f"{plural}_{step}", f"/{kind}?id={ident}&{query}",
                        pick=lambda body: {"tags": [one["tags"] for one in body[plural]]})
    net.ask.get("tags_absent", f"/ports/{ABSENT}/tags")
    net.ask("tags_absent_put", "PUT", f"/floatingips/{ABSENT}/tags/a")
    net.ask("tags_network", "PUT", f"/networks/{net.public}/tags/a")
    net.ask("tags_network_remove", "DELETE", f"/networks/{net.public}/tags/a")


def each(net, kind, path):
    def ask(step, method, rest="", **how):
        net.ask(f"tags_{kind}_{step}", method, path + rest, **how)

    ask("none", "GET")
    ask("set", "PUT", body={"tags": ["a", "b"]})
    ask("twice", "PUT", body={"tags": ["a", "a"]})
    ask("no_list", "PUT", body={"tags": "a"})
    ask("no_tags", "PUT", body={"x": 1})
    ask("long", "PUT", body={"tags": ["x" * 256]})
    ask("number", "PUT", body={"tags": [5]})
    ask("add", "PUT", "/c")
    ask("add_again", "PUT", "/c")
    ask("has", "GET", "/c")
    ask("has_not", "GET", "/d")
    ask("some", "GET")
    ask("remove", "DELETE", "/c")
    ask("remove_again", "DELETE", "/c")
    ask("post", "POST", body={"tags": ["a"]})
    ask("remove_all", "DELETE")


def routes(net):
    """Paths and methods that there are not."""
    for kind, one in (("ports", "port"), ("floatingips", "floatingip"), ("security-groups", "security_group"),
                      ("routers", "router"), ("networks", "network")):
        for step, method, path, body in (
                ("patch", "PATCH", "/x", {one: {}}), ("put_all", "PUT", "", {one: {}}), ("delete_all", "DELETE", "", None),
                ("post_one", "POST", "/x", {one: {}}), ("deeper", "GET", "/x/y", None), ("slash", "HEAD", "", None)):
            net.ask(f"{kind}_{step}", method, f"/{kind}{path}", body=body)
    net.ask("nothing", "GET", "/nothing")
    net.ask("nothing_post", "POST", "/nothing", body={})
    net.ask("no_token", "GET", "/floatingips", token=None)
    net.ask("bad_token", "POST", "/floatingips", token="none", body={})


def exhausted(net):
    """One more than there may be."""
    body = {"security_group": {"name": f"{net.prefix}quota"}}
    for _ in range(20):
        if net.to.request("network_api.quota", "POST", "network", "/security-groups", body=body).status_code != 201:
            break
    net.ask("quota_groups", "POST", "/security-groups", body=body)
    net.ask("quota_groups_bulk", "POST", "/security-groups", body={"security_groups": [body["security_group"]]})
    net.ask("quota_bad_first", "POST", "/security-groups", body={"security_group": {"colour": "blue"}})
    body = {"floatingip": {"floating_network_id": net.public, "description": f"{net.prefix}quota"}}
    for _ in range(60):
        if net.to.request("network_api.quota", "POST", "network", "/floatingips", body=body).status_code != 201:
            break
    net.ask("quota_addresses", "POST", "/floatingips", body=body)
    net.ask("quota_absent_network", "POST", "/floatingips", body={"floatingip": {"floating_network_id": ABSENT}})

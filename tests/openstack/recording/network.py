"""What the chapters about the network share: short requests, what they make, how it goes away."""
ABSENT = "00000000-0000-0000-0000-000000000000"

# What is taken away first, and how its things are known.
KINDS = (
    ("floatingips", "description"),
    ("ports", "name"),
    ("routers", "name"),
    ("networks", "name"),
    ("security_groups", "name"),
)


class Network:
    """Makes one chapter's requests to Neutron, knows the two networks, takes away what it made."""

    def __init__(self, to, chapter, telling=()):
        self.to = to
        self.chapter = chapter
        self.prefix = to.cloud.names["prefix"] + "-"
        self.ask = to.at(chapter, "network", telling=telling)
        self.private = to.cloud.id_of("network")
        [self.subnet] = self.plain("GET", f"/networks/{self.private}")["network"]["subnets"]
        self.public = self.plain("GET", "/networks?router:external=true")["networks"][0]["id"]

    def plain(self, method, path, body=None):
        """A request that leaves no facts."""
        answer = self.to.request(f"{self.chapter}.plain", method, "network", path, body=body)
        return answer.json() if answer.content else {}

    def make(self, step, kind, **fields):
        """Makes one and records it; gives what was made, or a thing without an id."""
        path = "/" + kind.replace("_", "-") + "s"
        answer = self.ask(step, "POST", path, body={kind: fields})
        return answer.json()[kind] if answer.status_code == 201 else {"id": ABSENT}

    def refuse(self, kind, table, **usual):
        """What each step sends in addition to the usual."""
        for step, fields in table.items():
            self.make(step, kind, **{**usual, **fields})

    def set(self, step, kind, ident, fields, **how):
        return self.ask(step, "PUT", f"/{kind.replace('_', '-')}s/{ident}", body={kind: fields}, **how)

    def clear(self):
        for kind, key in KINDS:
            path = "/" + kind.replace("_", "-")
            for one in self.plain("GET", path)[kind]:
                if one[key].startswith(self.prefix):
                    self.remove(path, one)

    def remove(self, path, one):
        if path == "/routers":
            for port in self.plain("GET", f"/ports?device_id={one['id']}")["ports"]:
                self.plain("PUT", f"/routers/{one['id']}/remove_router_interface", {"port_id": port["id"]})
        self.plain("DELETE", f"{path}/{one['id']}")


def listed(kind, *keys, ordered=False):
    """Cuts a list down to these attributes of its entries and the kinds of its links."""
    def pick(body):
        links = [link["rel"] for link in body.get(f"{kind}_links", [])]
        rows = [[one.get(key, "absent") for key in keys] for one in body[kind]]
        return {"rows": rows if ordered else sorted(rows, key=str), "links": links}
    return pick

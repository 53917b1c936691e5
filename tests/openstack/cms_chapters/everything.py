"""A server with all that can be asked for."""


def record(stage):
    data = stage.cms.write("everything.sh", "#!/bin/sh\necho relativity-1905\n")
    name, groups = stage.name("all"), [stage.group, "default"]
    asked = ["--image", stage.args.image, "--size", stage.args.flavor, "--key", stage.key, "--network",
             stage.args.network, "--zone", "nova", "--group", "lab", "--username", "albert", "--user", "mileva",
             "--user-data", data, "--meta", "course=e516", "--meta", "term=fall", "--public",
             *(word for group in groups for word in ("--secgroup", group))]
    stage.checks.equal("plan of it all", stage.cms.planned("vm", "boot", name, *asked), [("create", name)])
    stage.checks.equal("after the plan", name in stage.witness.servers(), False)
    made = stage.cms("vm", "boot", name, *asked)
    stage.shows_addresses(name)
    stage.look("it all", name)
    server = stage.witness.server(name)
    marks = {"course": "e516", "term": "fall", "cm-name": name, "cm-group": "lab", "cm-user": "mileva",
             "cm-username": "albert"}
    stage.checks.equal("marks", {key: server.metadata.get(key) for key in marks}, marks)
    stage.checks.equal("groups", sorted(group["name"] for group in server.security_groups), sorted(groups))
    stage.checks.equal("zone and key", (server.availability_zone, server.key_name), ("nova", stage.key))
    stage.checks.equal("user data is shown", "relativity" in str(made), False)
    again = stage.cms("vm", "boot", name, *asked, "--if-not-exists")
    stage.checks.equal("once more", [node["id"] for node in again["nodes"]], [server.id])
    own = {address for address, node in stage.witness.addresses().items() if node == server.id}
    stage.cms("vm", "delete", name, "--yes")
    stage.checks.equal("its address, before and after", (len(own), own & set(stage.witness.addresses())), (1, set()))
    disk(stage)
    many(stage)


def disk(stage):
    """A disk of another size needs a block storage service, and its lack is said."""
    if stage.sdk.has_service("block-storage"):
        return
    stage.cms.refused("vm", "boot", stage.name("disk"), "--disk", "5", code=1, told="disk")
    stage.checks.equal("no server without its disk", stage.name("disk") in stage.witness.servers(), False)


def many(stage):
    """Six at once, and all of them gone at once."""
    names = [stage.name(f"many-{number}") for number in range(1, 7)]
    pattern = f"{stage.args.prefix}-many-[1-6]"
    stage.compare("many", stage.cms("vm", "boot", pattern, "--group", "many")["nodes"], names)
    gone = stage.cms("vm", "delete", pattern, "--yes")["nodes"]
    stage.checks.equal("many gone", sorted(node["name"] for node in gone), names)
    stage.checks.equal("none left", [name for name in stage.witness.servers() if name in names], [])

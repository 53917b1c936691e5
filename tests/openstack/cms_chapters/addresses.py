"""Public addresses."""


def agree(stage, step):
    """Both clients and `cms` see the same addresses, and where they lead; returns them."""
    seen = stage.witness.addresses()
    stage.checks.equal(f"{step}: `openstack` on addresses", stage.witness.client_addresses(), sorted(seen))
    listed = stage.cms("ip", "list")["addresses"]
    stage.checks.equal(f"{step}: cms ip list", {ip["address"]: ip["node_id"] for ip in listed}, seen)
    return seen


def record(stage):
    one, other = (stage.boot(end) for end in ("ip-1", "ip-2"))
    addresses = allocate(stage)
    attach(stage, addresses, one, other)
    assign(stage, other)
    at_boot(stage)
    stage.cms("vm", "delete", one, other, "--yes")
    free = sorted(stage.allocated & set(agree(stage, "servers gone")))
    done = stage.cms.outcomes("ip", "delete", *free, "--yes")
    stage.checks.equal("released", done, dict.fromkeys(free, "released"))
    stage.checks.equal("addresses left", stage.allocated & set(agree(stage, "released")), set())


def allocate(stage):
    before = agree(stage, "before addresses")
    stage.checks.equal("plan", [step for step, _ in stage.cms.planned("ip", "create", "--n", "2")],
                       ["create_public_ip"] * 2)
    stage.checks.equal("addresses after a dry run", agree(stage, "dry run"), before)
    made = list(stage.cms.outcomes("ip", "create", "--n", "2"))
    stage.allocated.update(made)
    after = agree(stage, "allocated")
    stage.checks.equal("new addresses", sorted(set(after) - set(before)), sorted(made))
    stage.cms.refused("ip", "create", "--pool", stage.name("none"), code=1, told=stage.name("none"))
    return made


def attach(stage, addresses, one, other):
    address, second = addresses
    ids = {name: stage.witness.server(name).id for name in (one, other)}
    for outcome in ("attached", "attached already"):
        stage.checks.equal(outcome, stage.cms.outcomes("ip", "attach", one, address), {address: outcome})
        stage.checks.equal("where it leads", agree(stage, outcome)[address], ids[one])
    stage.shows_addresses(one)
    stage.look("a public address", one)
    node = stage.cms("vm", "ip", "show", one)["nodes"][0]
    stage.checks.equal("cms vm ip show", node["public_ips"], [address])
    stage.cms.refused("ip", "attach", other, address, code=1, told="leads to")
    stage.cms.refused("ip", "delete", address, "--yes", code=1, told="leads to")
    stage.cms("ip", "attach", other, "198.51.100.77", code=4)
    stage.checks.equal("after refusals", agree(stage, "refusals")[address], ids[one])
    for outcome in ("detached", "free already"):
        stage.checks.equal(outcome, stage.cms.outcomes("ip", "detach", address), {address: outcome})
        stage.checks.equal("where it leads", agree(stage, outcome)[address], None)
    stage.cms.outcomes("ip", "delete", second, "--yes")
    stage.checks.equal("one address less", second in agree(stage, "one less"), False)
    stage.cms("ip", "delete", second, "--yes", code=4)


def assign(stage, name):
    """A free one first, then it stays."""
    before = agree(stage, "before assign")
    node = stage.cms("vm", "ip", "assign", name)["nodes"][0]
    address = node["public_ips"][0]
    stage.allocated.add(address)
    stage.checks.equal("a free address is taken first", before.get(address, "none"), None)
    stage.shows_addresses(name)
    stage.cms("vm", "ip", "assign", name)
    after = agree(stage, "assigned")
    stage.checks.equal("assigned", (after[address], sorted(after)), (node["id"], sorted(before)))
    stage.cms("ip", "detach", name)
    stage.checks.equal("detached by the server's name", agree(stage, "detached")[address], None)


def at_boot(stage):
    """An address that came with a server goes with it; one of the user's stays."""
    before = agree(stage, "before boot")
    name = stage.name("public")
    stage.cms("vm", "boot", name, "--public")
    stage.shows_addresses(name)
    stage.look("public", name)
    server = stage.witness.server(name)
    own = [address for address, node in agree(stage, "public").items() if node == server.id]
    stage.checks.equal("the public address", (len(own), set(own) & set(before)), (1, set()))
    shown = stage.cms("vm", "info", name)["nodes"][0]["public_ips"]
    stage.checks.equal("shown", shown, own)
    stage.cms("vm", "delete", name, "--yes")
    stage.checks.equal("released with its server", set(own) & set(agree(stage, "public gone")), set())
    mine = next(iter(stage.cms.outcomes("ip", "create")))
    stage.allocated.add(mine)
    name = stage.name("mine")
    stage.cms("vm", "boot", name, "--ip", mine)
    stage.shows_addresses(name)
    stage.look("mine", name)
    stage.checks.equal("the address asked for", agree(stage, "mine")[mine], stage.witness.server(name).id)
    stage.cms("vm", "delete", name, "--yes")
    stage.checks.equal("kept", agree(stage, "mine kept").get(mine, "gone"), None)

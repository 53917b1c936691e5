"""Security groups and their rules."""

#: Rules that differ in everything in which rules can differ.
RULES = ["tcp/22@10.0.0.0/8", "tcp/8000-8010", "udp/53@192.0.2.0/24", "egress:udp/53@::/0", "icmp", "icmp/3/4",
         "icmp/128@::/0", "tcp/443@2001:db8::/32", "sctp/5000-5010", "vrrp", "egress:tcp/22@10.0.0.0/8"]
#: What Neutron gives to each new group.
FIRST = ["egress:any", "egress:any@::/0"]


def agree(stage, step, group, wanted):
    """Both clients and `cms` see exactly these rules in a group."""
    wanted = sorted(wanted)
    stage.checks.equal(f"{step}: rules", stage.witness.rules(group), wanted)
    stage.checks.equal(f"{step}: `openstack` on rules", stage.witness.client_rules(group), len(wanted))
    listed = stage.cms("sec", "rule", "list", group)["rules"]
    stage.checks.equal(f"{step}: cms sec rule list", sorted(rule["rule"] for rule in listed), wanted)


def record(stage):
    in_the_cloud(stage)
    bad_rules(stage)
    from_the_library(stage)
    in_use(stage)


def in_the_cloud(stage):
    group, other = stage.name("web"), stage.name("db")
    plan = stage.cms.planned("sec", "group", "add", group, *RULES[:2])
    stage.checks.equal("plan of a group", plan[0], ("add_secgroup", group))
    stage.checks.equal("groups after a dry run", group in stage.witness.groups(), False)
    stage.cms("sec", "group", "add", group, *RULES[:2], "--description", "of the session")
    stage.checks.equal("description", stage.witness.groups()[group].description, "of the session")
    agree(stage, "new group", group, FIRST + RULES[:2])
    stage.cms("sec", "group", "add", group, code=1)
    for step in ("rules", "the same rules again"):
        stage.cms("sec", "rule", "add", *RULES[2:], "--group", group)
        agree(stage, step, group, FIRST + RULES)
    stage.cms("sec", "group", "add", other)
    about = f"tcp/5432@group:{group}"
    stage.cms("sec", "rule", "add", about, "--group", other)
    agree(stage, "a rule about a group", other, FIRST + [about])
    stage.cms("sec", "rule", "delete", RULES[0], "--group", group, "--yes")
    agree(stage, "a rule less", group, FIRST + RULES[1:])
    before = stage.witness.rules(group)
    stage.cms("sec", "group", "clear", group, "--dry-run")
    stage.checks.equal("rules after a dry run", stage.witness.rules(group), before)
    stage.cms("sec", "group", "clear", group, "--yes")
    agree(stage, "cleared", group, [])
    listed = stage.cms("sec", "group", "list", f"{stage.args.prefix}*")["secgroups"]
    seen = {name: found.id for name, found in stage.witness.groups().items()}
    stage.checks.equal("groups", {found["name"]: found["id"] for found in listed}, seen)
    told = {row["Name"]: row["ID"] for row in stage.witness.client("security", "group", "list") if row["Name"] in seen}
    stage.checks.equal("`openstack` on groups", told, seen)


def bad_rules(stage):
    group = stage.name("web")
    table = {"tcp/90-80": "write `tcp/80-90`", "tcp/0-80": "there is no port 0", "tcp/22@10.0.0.0/99": "is no network",
             "tcp/22@10.1.2.3/8": "write `10.0.0.0/8`", "ipv4:tcp/22@::/0": "is a network of IPv6 in a rule for IPv4",
             "tpc/22": "there is no protocol `tpc`", "icmp/300": "is no ICMP type", "gre/22": "has no ports"}
    for rule, told in table.items():
        stage.cms.refused("sec", "rule", "add", rule, "--group", group, code=2, told=told)
    stage.cms("sec", "rule", "add", "tcp/22", "--group", stage.name("none"), code=4)
    agree(stage, "after bad rules", group, [])


def from_the_library(stage):
    group = stage.name("lib")
    stage.cms("sec", "group", "add", group, "ssh", "icmp", "tcp/8080@10.0.0.0/8", "--local")
    for _ in range(2):
        stage.cms("sec", "group", "load", group)
        agree(stage, "loaded", group, FIRST + ["tcp/22", "icmp", "tcp/8080@10.0.0.0/8"])
    stage.cms("sec", "rule", "add", "udp/1194", "--group", group)
    stage.cms("sec", "group", "load", group)
    agree(stage, "loaded beside another rule", group, FIRST + ["tcp/22", "icmp", "tcp/8080@10.0.0.0/8", "udp/1194"])
    stage.cms("sec", "group", "load", group, "--exact", "--yes")
    agree(stage, "loaded over another rule", group, FIRST + ["tcp/22", "icmp", "tcp/8080@10.0.0.0/8"])
    stage.cms("sec", "group", "delete", group, "--local", "--yes")
    stage.cms("sec", "group", "list", group, "--local", code=4)


def in_use(stage):
    group = stage.name("web")
    name = stage.boot("worn", "--secgroup", group)
    stage.cms.refused("sec", "group", "delete", group, "--yes", code=1, told=group)
    stage.checks.equal("a group in use", group in stage.witness.groups(), True)
    stage.cms("vm", "delete", name, "--yes")
    names = [stage.name(end) for end in ("db", "web", "lib")]
    done = stage.cms.outcomes("sec", "group", "delete", *names, "--yes")
    stage.checks.equal("deleted groups", done, dict.fromkeys(names, "deleted"))
    stage.checks.equal("groups after deletes", list(stage.witness.groups()), [stage.group])
    stage.cms("sec", "group", "delete", group, "--yes", code=4)

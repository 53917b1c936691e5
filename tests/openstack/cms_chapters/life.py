"""The life of three servers."""
import json

from .stage import PUBLIC_KEY

NO_ID = "00000000-0000-4000-8000-000000000000"
USER_DATA = "#!/bin/sh\necho relativity-1905\n"


def prepare(stage):
    stage.sdk.compute.create_keypair(name=stage.key, public_key=PUBLIC_KEY)
    stage.sdk.network.create_security_group(name=stage.group)


def boot(stage):
    data = stage.cms.write("first-boot.sh", USER_DATA)
    made = stage.cms("vm", "boot", f"{stage.args.prefix}-[1-3]", "--image", stage.args.image, "--size",
                    stage.args.flavor, "--key", stage.key, "--secgroup", stage.group, "--network", stage.args.network,
                    "--group", "session", "--meta", "course=e516", "--user-data", data)
    stage.compare("boot", made["nodes"], stage.names)
    for server in stage.witness.servers().values():
        marks = {"course": "e516", "cm-name": server.name, "cm-group": "session"}
        stage.checks.equal(f"metadata of {server.name}", {key: server.metadata.get(key) for key in marks}, marks)
        stage.checks.equal(f"key of {server.name}", server.key_name, stage.key)
        stage.checks.equal(f"image of {server.name}", server.image.id,
                          stage.sdk.image.find_image(stage.args.image).id)
    raw = stage.cms("vm", "info", stage.names[0], "--raw")
    stage.compare("info", raw["nodes"], stage.names[:1])
    stage.checks.equal("the raw record", raw["nodes"][0]["raw"]["id"], raw["nodes"][0]["id"])
    stage.checks.equal("user data is shown", "relativity" in json.dumps(raw), False)
    stage.compare("status", stage.cms("vm", "status", f"{stage.args.prefix}-*")["nodes"], stage.names)
    stage.cms("vm", "boot", stage.names[0], code=1)
    stage.checks.holds("boot of a name that exists", stage.cms.said, "there is a node")
    stage.checks.equal("servers of one name", len(list(stage.sdk.compute.servers(name=f"^{stage.names[0]}$"))), 1)


def every_sign_in(stage):
    for cloud in stage.entries:
        nodes = stage.cms("vm", "list", f"{stage.args.prefix}-*", "--cloud", cloud)["nodes"]
        stage.compare(f"list by {cloud}", nodes, stage.names)
    images = stage.cms("image", "list", stage.args.image)["images"]
    stage.checks.equal("image", [image["id"] for image in images], [stage.sdk.image.find_image(stage.args.image).id])
    flavor = stage.cms("flavor", "info", stage.args.flavor)["flavors"][0]
    seen = stage.sdk.compute.find_flavor(stage.args.flavor)
    got = (flavor["id"], flavor["vcpus"], flavor["memory_mb"], flavor["disk_gb"])
    stage.checks.equal("flavor", got, (seen.id, seen.vcpus, seen.ram, seen.disk))


def power(stage):
    for verb in ("stop", "stop", "start", "start"):
        stage.compare(verb, stage.cms("vm", verb, stage.names[0])["nodes"], stage.names[:1])
        stage.look(f"after {verb}")


def reboots(stage):
    for name, how in ((stage.names[1], []), (stage.names[2], ["--hard"])):
        stage.cms("vm", "reboot", name, *how)
        stage.compare("wait", stage.cms("vm", "wait", name)["nodes"], [name])
    stage.look("after reboots")


def dry_run(stage):
    before = {name: stage.witness.facts(server) for name, server in stage.witness.servers().items()}
    plan = stage.cms("vm", "boot", f"{stage.args.prefix}-9", "--dry-run")["plan"]
    stage.checks.equal("plan", [step["operation"] for step in plan], ["create"])
    for verb in ("stop", "reboot", "delete"):
        plan = stage.cms("vm", verb, f"{stage.args.prefix}-*", "--dry-run")["plan"]
        stage.checks.equal(f"plan of {verb}", sorted(step["subject"] for step in plan), stage.names)
    after = {name: stage.witness.facts(server) for name, server in stage.witness.servers().items()}
    stage.checks.equal("servers after dry runs", after, before)


def refusals(stage):
    stage.cms("vm", "list", "--cloud", "wrong", code=5)
    stage.checks.equal("the wrong password is shown", "ether-wind" in stage.cms.said, False)
    stage.cms("vm", "info", NO_ID, code=4)
    stage.cms("vm", "stop", f"{stage.args.prefix}-none", code=4)
    for option in ("--image", "--size", "--network", "--key", "--secgroup"):
        stage.cms("vm", "boot", f"{stage.args.prefix}-bad", option, "no-such-thing", code=1)
    stage.cms("vm", "delete", f"{stage.args.prefix}-*", code=2)
    stage.look("after refusals")
    stage.checks.equal("servers after refusals", sorted(stage.witness.servers()), stage.names)


def broken(stage):
    name = f"{stage.args.prefix}-huge"
    stage.cms("vm", "boot", name, "--size", stage.args.huge, code=6)
    stage.checks.holds("ERROR", stage.cms.said, "No valid host")
    stage.checks.equal("what never ran is removed again", name in stage.witness.servers(), False)
    stage.cms("vm", "boot", name, "--size", stage.args.huge, "--no-wait")
    stage.cms("vm", "wait", name, code=6)
    node = stage.cms("vm", "info", name)["nodes"][0]
    fault = stage.sdk.compute.get_server(node["id"]).fault["message"]
    got = (node["status"], (node.get("fault") or {}).get("message"))
    stage.checks.equal("fault", got, ("error", fault.strip().rstrip(".")))
    stage.cms("vm", "delete", name, "--yes")
    stage.checks.equal("the broken one is gone", name in stage.witness.servers(), False)


def foreign_and_delete(stage):
    name = f"foreign-{stage.args.prefix}"
    server = stage.sdk.create_server(name, image=stage.args.image, flavor=stage.args.flavor,
                                    network=stage.args.network, auto_ip=False, wait=True, timeout=120)
    listed = stage.cms("vm", "list")["nodes"]
    stage.checks.equal("a foreign server is listed", [n["name"] for n in listed if n["id"] == server.id], [name])
    gone = stage.cms("vm", "delete", f"{stage.args.prefix}-*", "--yes")["nodes"]
    stage.checks.equal("deleted", [(n["name"], n["status"]) for n in gone], [(n, "deleted") for n in stage.names])
    stage.checks.equal("ours after delete", list(stage.witness.servers()), [])
    stage.checks.equal("the foreign one", stage.sdk.compute.get_server(server.id).status, "ACTIVE")
    stage.cms("vm", "info", stage.names[0], code=4)
    stage.cms("vm", "delete", f"{stage.args.prefix}-*", "--yes", code=4)
    stage.cms("vm", "delete", f"{stage.args.prefix}-*", "--yes", "--if-exists")
    stage.sdk.delete_server(server.id, wait=True, timeout=120)
    stage.cms("vm", "info", server.id, code=4)


def record(stage):
    for step in (boot, every_sign_in, power, reboots, dry_run, refusals, broken, foreign_and_delete):
        step(stage)

"""What servers show, as whom one signs in, calls in OpenStack's own words, and what is left behind."""
import json


def record(stage):
    name = stage.boot("reach", "--username", "albert")
    screens(stage, name)
    username(stage, name)
    calls(stage, name)
    left_behind(stage)
    stage.cms("vm", "delete", name, "--yes")


def screens(stage, name):
    text = stage.sdk.compute.get_server_console_output(stage.witness.server(name))["output"]
    stage.checks.equal("cms vm log", stage.cms("vm", "log", name)["logs"][0]["text"], text)
    tail = stage.cms("vm", "log", name, "--tail", "1")["logs"][0]["text"]
    stage.checks.equal("cms vm log --tail 1", tail.splitlines(), text.splitlines()[-1:])
    shown = stage.cms("vm", "console", name)["consoles"][0]["text"]
    stage.checks.equal("a console is shown", bool(shown.strip()), True)
    stage.cms("vm", "log", stage.name("none"), code=4)


def username(stage, name):
    row = stage.cms("vm", "username", name)["usernames"][0]
    stage.checks.equal("login name", (row["username"], row["source"]), ("albert", "cm-username"))
    stage.checks.equal("the mark", stage.witness.server(name).metadata["cm-username"], "albert")
    stage.cms("vm", "username", name, "--set", "mileva")
    stage.checks.equal("the new mark", stage.witness.server(name).metadata["cm-username"], "mileva")


def calls(stage, name):
    server = stage.witness.server(name)
    told = stage.cms("api", "password", "GET", f"compute/servers/{server.id}")
    stage.checks.equal("api GET", told["server"]["id"], server.id)
    networks = stage.cms("api", "password", "GET", "/network/v2.0/networks?name=" + stage.args.network)["networks"]
    stage.checks.equal("api GET of networks", [found["name"] for found in networks], [stage.args.network])
    body = json.dumps({"security_group": {"name": stage.name("raw")}})
    stage.cms("api", "password", "POST", "network/v2.0/security-groups", "--data", body, "--dry-run")
    stage.checks.equal("after a dry call", stage.name("raw") in stage.witness.groups(), False)
    made = stage.cms("api", "password", "POST", "network/v2.0/security-groups", "--data", body)["security_group"]
    stage.checks.equal("api POST", stage.witness.groups()[stage.name("raw")].id, made["id"])
    stage.cms.text("api", "password", "DELETE", f"network/v2.0/security-groups/{made['id']}")
    stage.checks.equal("api DELETE", stage.name("raw") in stage.witness.groups(), False)
    stage.cms("api", "password", "GET", f"compute/servers/{made['id']}", code=4)
    stage.cms("api", "password", "GET", "weather/tomorrow", code=1)


def left_behind(stage):
    """Only what this session left is removed: the account may be others' too."""
    before = stage.cms("gc", "list")["leftovers"]
    address = next(iter(stage.cms.outcomes("ip", "create")))
    stage.allocated.add(address)
    listed = [found for found in stage.cms("gc", "list")["leftovers"] if found not in before]
    seen = stage.sdk.network.find_ip(address)
    stage.checks.equal("cms gc list", [found["id"] for found in listed], [seen.id])
    plan = stage.cms.planned("gc", "remove")
    stage.checks.equal("plan of gc", [operation for operation, _ in plan], ["remove_leftover"] * (len(before) + 1))
    stage.checks.equal("after a dry gc", address in stage.witness.addresses(), True)
    stage.cms("gc", "remove", code=2)
    if before:
        stage.cms("ip", "delete", address, "--yes")
    else:
        stage.cms("gc", "remove", "--yes")
    stage.checks.equal("after gc", address in stage.witness.addresses(), False)
    stage.checks.equal("leftovers", stage.cms("gc", "list")["leftovers"], before)

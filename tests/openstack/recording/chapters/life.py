"""One server from create to gone, seen through several microversions."""
from .. import servers
from ..servers import USER_DATA, wanted, watch
from .keypairs import PUBLIC

TELLING = ("status", "OS-EXT-STS:vm_state", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state", "metadata",
           "OS-DCF:diskConfig", "config_drive", "progress", "version", "OS-EXT-IPS:type", "key_name",
           "security_groups", "locked", "locked_reason", "description", "tags", "rel", "accessIPv4")
VERSIONS = (None, "2.3", "2.9", "2.16", "2.19", "2.26", "2.47", "2.63", "2.71", "2.73", "2.79", "2.90")


def record(to):
    prefix = to.cloud.names["prefix"]
    to.request("life.key", "POST", "compute", "/os-keypairs",
               body={"keypair": {"name": f"{prefix}-life", "public_key": PUBLIC}})
    to.request("life.group", "POST", "network", "/security-groups",
               body={"security_group": {"name": f"{prefix}-life"}})
    answer = to.http("life.create", "POST", "compute", "/servers", body=wanted(
        to, "life", key_name=f"{prefix}-life", security_groups=[{"name": f"{prefix}-life"}],
        metadata={"cm-name": "life", "empty": ""}, user_data=USER_DATA), telling=TELLING)
    ident = answer.json()["server"]["id"]
    watch(to, "life.created", ident, "create")
    seen(to, ident)
    changes(to, ident)
    actions(to, ident)
    to.http("life.delete", "DELETE", "compute", f"/servers/{ident}")
    watch(to, "life.deleted", ident, "delete")
    to.http("life.after", "GET", "compute", f"/servers/{ident}")
    to.http("life.delete_again", "DELETE", "compute", f"/servers/{ident}")
    later(to)
    servers.clear(to)


def seen(to, ident):
    def mine(body):
        return {**body, "servers": [one for one in body["servers"] if one["id"] == ident]}

    ask = to.at("life", "compute", telling=TELLING).get
    for version in VERSIONS:
        at = (version or "default").replace(".", "_")
        ask(f"show_{at}", f"/servers/{ident}", version=version)
        ask(f"detail_{at}", "/servers/detail", version=version, pick=mine)
    ask("list", "/servers", pick=mine)
    ask("addresses", f"/servers/{ident}/ips")
    ask("addresses_of_network", f"/servers/{ident}/ips/{to.cloud.names['network']}")
    ask("interfaces", f"/servers/{ident}/os-interface")
    ask("groups", f"/servers/{ident}/os-security-groups", pick=lambda body: {
        "security_groups": [{**one, "rules": []} for one in body["security_groups"]]})
    ask("events", f"/servers/{ident}/os-instance-actions")
    to.http("life.ports", "GET", "network", f"/ports?device_id={ident}",
            telling=("status", "device_owner", "admin_state_up"))


def changes(to, ident):
    def ask(step, method, path, body=None):
        to.http(f"life.{step}", method, "compute", f"/servers/{ident}{path}", body=body, telling=TELLING)

    ask("rename", "PUT", "", {"server": {"name": f"{to.cloud.names['prefix']}-renamed"}})
    ask("metadata", "GET", "/metadata")
    ask("metadata_merge", "POST", "/metadata", {"metadata": {"colour": "blue"}})
    ask("metadata_replace", "PUT", "/metadata", {"metadata": {"colour": "red", "shape": "round"}})
    ask("metadata_item", "GET", "/metadata/colour")
    ask("metadata_item_set", "PUT", "/metadata/colour", {"meta": {"colour": "green"}})
    ask("metadata_item_delete", "DELETE", "/metadata/shape")
    ask("metadata_left", "GET", "/metadata")
    ask("metadata_bad_key", "POST", "/metadata", {"metadata": {"no/slash": "x"}})
    ask("console", "POST", "/action", {"os-getConsoleOutput": {"length": 5}})
    ask("group_add", "POST", "/action", {"addSecurityGroup": {"name": "default"}})
    ask("group_remove", "POST", "/action", {"removeSecurityGroup": {"name": "default"}})


ACTIONS = (
    ("stop", {"os-stop": None}, "stop"),
    ("start", {"os-start": None}, "start"),
    ("reboot_soft", {"reboot": {"type": "SOFT"}}, "reboot"),
    ("reboot_hard", {"reboot": {"type": "HARD"}}, "hard reboot"),
    ("paused", {"pause": None}, "pause"),
    ("unpause", {"unpause": None}, "unpause"),
    ("suspended", {"suspend": None}, "suspend"),
    ("resume", {"resume": None}, "resume"),
    ("stop_to_reboot", {"os-stop": None}, "stop"),
    ("reboot_hard_stopped", {"reboot": {"type": "HARD"}}, "hard reboot"),
)


def actions(to, ident):
    for step, body, course in ACTIONS:
        act(to, ident, step, body, course)
        to.http(f"life.{step}_server", "GET", "compute", f"/servers/{ident}", telling=TELLING)
    act(to, ident, "resize", {"resize": {"flavorRef": to.cloud.sdk.compute.find_flavor(
        to.cloud.names["larger"], ignore_missing=False).id}}, "resize")
    act(to, ident, "resize_confirm", {"confirmResize": None}, "confirm")


def act(to, ident, step, body, course):
    to.http(f"life.{step}", "POST", "compute", f"/servers/{ident}/action", body=body)
    watch(to, f"life.{step}_done", ident, course)


def later(to):
    """Creates in the newer dialects: no networks wanted, tags, a description."""
    for version, fields in (("2.37", {"networks": "none"}),
                            ("2.90", {"networks": "auto", "tags": ["a"], "description": "of the session",
                                      "hostname": "own-host-name"})):
        at = version.replace(".", "_")
        answer = to.http(f"life.create_{at}", "POST", "compute", "/servers", version=version,
                         body=wanted(to, f"later-{at}", **fields), telling=TELLING)
        if answer.status_code != 202:
            continue
        ident = answer.json()["server"]["id"]
        watch(to, f"life.created_{at}", ident, "create")
        to.http(f"life.created_show_{at}", "GET", "compute", f"/servers/{ident}", version=version,
                telling=(*TELLING, "addresses", "OS-EXT-SRV-ATTR:hostname"))
        to.http(f"life.delete_{at}", "DELETE", "compute", f"/servers/{ident}")
        watch(to, f"life.deleted_{at}", ident, "delete")

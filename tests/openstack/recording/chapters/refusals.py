"""Requests that nova must refuse, and the words in which it does."""
from ..servers import make, settle, wanted

ABSENT = "00000000-0000-0000-0000-000000000000"


def record(to):
    creates(to)
    requests(to)
    queries(to)
    two_networks(to)
    on_a_server(to)
    faulty(to)


def creates(to):
    def ask(step, version=None, **fields):
        tidy(to, to.http(f"refused.{step}", "POST", "compute", "/servers",
                         body=wanted(to, "refused", **fields), version=version))

    ask("no_name", name=None)
    ask("empty_name", name="")
    ask("blank_name", name="   ")
    ask("long_name", name="n" * 256)
    ask("number_name", name=7)
    ask("no_flavor", flavorRef=None)
    ask("unknown_flavor", flavorRef="no-such-flavor")
    ask("no_image", imageRef=None)
    ask("empty_image", imageRef="")
    ask("unknown_image", imageRef=ABSENT)
    ask("bad_image", imageRef="no-such-image")
    ask("unknown_network", networks=[{"uuid": ABSENT}])
    ask("bad_network", networks=[{"uuid": "no-such-network"}])
    ask("network_word_2_37", networks="private", version="2.37")
    ask("no_networks_2_37", networks=None, version="2.37")
    ask("unknown_key", key_name="no-such-key")
    ask("unknown_group", security_groups=[{"name": "no-such-group"}])
    ask("bad_metadata_key", metadata={"no/slash": "x"})
    ask("long_metadata_key", metadata={"k" * 256: "x"})
    ask("long_metadata_value", metadata={"k": "x" * 256})
    ask("number_metadata_value", metadata={"k": 1})
    ask("too_much_metadata", metadata={f"k{number}": "x" for number in range(129)})
    ask("bad_user_data", user_data="not base64!")
    ask("long_user_data", user_data="A" * 65536)
    ask("min_over_max", min_count=3, max_count=2)
    ask("zero_count", min_count=0)
    ask("over_port_quota", min_count=100000)
    ask("over_quota", min_count=instances_left(to) + 1, networks="none", version="2.37")
    ask("unknown_zone", availability_zone="nowhere")
    ask("unknown_field", colour="blue")
    ask("tags_too_early", tags=["a"])
    ask("bad_disk_config", **{"OS-DCF:diskConfig": "SOMEHOW"})


def instances_left(to):
    limits = to.request("refused.limits", "GET", "compute", "/limits").json()["limits"]["absolute"]
    return limits["maxTotalInstances"] - limits["totalInstancesUsed"]


def tidy(to, answer):
    """Takes away what a create made that should have been refused."""
    if answer.status_code == 202:
        ident = answer.json()["server"]["id"]
        settle(to, "refused.tidy", ident)
        to.request("refused.tidy", "DELETE", "compute", f"/servers/{ident}")


def requests(to):
    ask = to.at("refused", "compute")
    ask("garbage", "POST", "/servers", raw="{not json")
    ask("html_body", "POST", "/servers", raw="<html/>", headers={"Content-Type": "text/html"})
    ask("no_body", "POST", "/servers")
    ask("empty_object", "POST", "/servers", body={})
    ask("server_is_list", "POST", "/servers", body={"server": []})
    ask("unknown_route", "GET", "/nothing-here")
    ask("wrong_method", "PUT", "/servers", body={})
    ask("no_token", "GET", "/servers", token=None)
    ask("bad_token", "GET", "/servers", token="not-a-token")
    ask("version_too_high", "GET", "/servers", version="2.999")
    ask("version_too_low", "GET", "/servers", version="2.0")
    ask("version_garbage", "GET", "/servers", version="new")
    ask("version_latest", "GET", f"/servers/{ABSENT}", version="latest")
    ask("version_old_header", "GET", f"/servers/{ABSENT}", headers={"X-OpenStack-Nova-API-Version": "2.10"})
    ask("unknown", "GET", f"/servers/{ABSENT}")
    ask("unknown_word", "GET", "/servers/no-such-server")
    ask("delete_unknown", "DELETE", f"/servers/{ABSENT}")
    ask("rename_unknown", "PUT", f"/servers/{ABSENT}", body={"server": {"name": "x"}})
    ask("start_unknown", "POST", f"/servers/{ABSENT}/action", body={"os-start": None})
    ask("metadata_unknown", "GET", f"/servers/{ABSENT}/metadata")


def queries(to):
    def ask(step, query, **how):
        to.http(f"refused.{step}", "GET", "compute", f"/servers/detail?{query}", **how)

    ask("negative_limit", "limit=-1")
    ask("word_limit", "limit=many")
    ask("bad_marker", "marker=no-such-marker")
    ask("unknown_marker", f"marker={ABSENT}")
    ask("bad_sort_key", "sort_key=beauty")
    ask("bad_sort_dir", "sort_key=created_at&sort_dir=sideways")
    ask("bad_regex", "name=%5B")
    ask("bad_changes_since", "changes-since=yesterday")
    ask("bad_status", "status=SOMEHOW")
    ask("bad_ip_regex", "ip=%5B")
    ask("all_tenants", "all_tenants=1")
    ask("unknown_filter_2_75", "colour=blue", version="2.75")
    ask("deleted", "deleted=true", pick=lambda body: {"keys": sorted(body)}, telling=("keys",))


def two_networks(to):
    """Nova will not choose between two networks."""
    name = f"{to.cloud.names['prefix']}-second"
    made = to.http("refused.second_network", "POST", "network", "/networks", body={"network": {"name": name}},
                   telling=("status", "admin_state_up", "shared"))
    if made.status_code != 201:
        return
    ident = made.json()["network"]["id"]
    subnet = {"network_id": ident, "ip_version": 4, "cidr": "10.99.0.0/24"}
    to.http("refused.second_subnet", "POST", "network", "/subnets", body={"subnet": subnet},
            telling=("ip_version", "enable_dhcp"))
    tidy(to, to.http("refused.ambiguous_network", "POST", "compute", "/servers",
                     body=wanted(to, "refused", networks=None)))
    to.http("refused.second_network_delete", "DELETE", "network", f"/networks/{ident}")


def on_a_server(to):
    ident = make(to, "refused.make", "steady")

    def act(step, body):
        to.http(f"refused.{step}", "POST", "compute", f"/servers/{ident}/action", body=body)

    act("start_running", {"os-start": None})
    act("resume_running", {"resume": None})
    act("unpause_running", {"unpause": None})
    act("unshelve_running", {"unshelve": None})
    act("confirm_nothing", {"confirmResize": None})
    act("resize_same", {"resize": {"flavorRef": to.cloud.id_of("flavor")}})
    act("resize_unknown", {"resize": {"flavorRef": "no-such-flavor"}})
    act("reboot_no_type", {"reboot": {}})
    act("reboot_bad_type", {"reboot": {"type": "GENTLE"}})
    act("unknown_action", {"levitate": None})
    act("two_actions", {"os-start": None, "os-stop": None})
    act("no_action", {})
    act("group_unknown", {"addSecurityGroup": {"name": "no-such-group"}})
    misnamed(to, ident)
    stopped(to, ident, act)
    locked(to, ident, act)
    to.request("refused.clean", "DELETE", "compute", f"/servers/{ident}")
    settle(to, "refused.clean", ident)


def misnamed(to, ident):
    def put(step, path, body):
        to.http(f"refused.{step}", "PUT", "compute", f"/servers/{ident}{path}", body=body)

    put("rename_empty", "", {"server": {"name": ""}})
    put("rename_long", "", {"server": {"name": "n" * 256}})
    put("metadata_key_mismatch", "/metadata/a", {"meta": {"b": "x"}})
    put("metadata_two_keys", "/metadata/a", {"meta": {"a": "x", "b": "y"}})
    to.http("refused.metadata_unknown_key", "GET", "compute", f"/servers/{ident}/metadata/absent")
    to.http("refused.metadata_delete_unknown_key", "DELETE", "compute", f"/servers/{ident}/metadata/absent")


def stopped(to, ident, act):
    to.request("refused.stop", "POST", "compute", f"/servers/{ident}/action", body={"os-stop": None})
    settle(to, "refused.stop", ident)
    act("stop_stopped", {"os-stop": None})
    act("soft_reboot_stopped", {"reboot": {"type": "SOFT"}})
    act("suspend_stopped", {"suspend": None})
    act("pause_stopped", {"pause": None})


def locked(to, ident, act):
    act("lock", {"lock": None})
    act("start_locked", {"os-start": None})
    act("unshelve_locked", {"unshelve": None})
    act("resize_locked", {"resize": {"flavorRef": "no-such-flavor"}})
    act("console_locked", {"os-getConsoleOutput": {"length": 0}})
    to.http("refused.rename_locked", "PUT", "compute", f"/servers/{ident}",
            body={"server": {"name": f"{to.cloud.names['prefix']}-steady"}})
    to.http("refused.metadata_locked", "POST", "compute", f"/servers/{ident}/metadata", body={"metadata": {"a": "b"}})
    to.http("refused.delete_locked", "DELETE", "compute", f"/servers/{ident}")
    act("unlock", {"unlock": None})
    for step, body in (("reason", {"locked_reason": "mine"}), ("reason_empty", {"locked_reason": ""}),
                       ("reason_strange", {"colour": "blue"}), ("null", None)):
        for version in ("2.72", "2.73"):
            to.http(f"refused.lock_{step}_{version.replace('.', '_')}", "POST", "compute",
                    f"/servers/{ident}/action", body={"lock": body}, version=version)
            to.http(f"refused.locked_{step}_{version.replace('.', '_')}", "GET", "compute", f"/servers/{ident}",
                    version=version, telling=("locked", "locked_reason"))
    act("unlock_again", {"unlock": None})
    act("unlock_unlocked", {"unlock": None})


def faulty(to):
    """A server that no host can hold ends in ERROR with a fault."""
    flavor = to.cloud.sdk.compute.find_flavor(to.cloud.names["huge"], ignore_missing=False).id
    answer = to.http("refused.huge", "POST", "compute", "/servers",
                     body=wanted(to, "huge", flavorRef=flavor))
    if answer.status_code != 202:
        return
    ident = answer.json()["server"]["id"]
    settle(to, "refused.huge_settle", ident)
    to.http("refused.huge_server", "GET", "compute", f"/servers/{ident}",
            telling=("status", "code", "message", "OS-EXT-STS:vm_state", "OS-EXT-STS:task_state",
                     "OS-EXT-STS:power_state"))
    to.request("refused.huge_clean", "DELETE", "compute", f"/servers/{ident}")

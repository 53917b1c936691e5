"""Each action in each state: what nova refuses there, and what the way back looks like."""
from ..servers import make, settle, wanted, watch

TELLING = ("status", "OS-EXT-STS:vm_state", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state",
           "OS-EXT-AZ:availability_zone", "hostId", "progress", "locked")


def record(to):
    larger = to.cloud.sdk.compute.find_flavor(to.cloud.names["larger"], ignore_missing=False).id
    resize = {"resize": {"flavorRef": larger}}
    ident = make(to, "states.make", "states", metadata={"kept": "x"})
    active(to, ident)
    through(to, ident, "stopped", {"os-stop": None}, "stop", {"os-start", "shelve", "resize", "hard"})
    through(to, ident, "started", {"os-start": None}, "start", None)
    through(to, ident, "paused", {"pause": None}, "pause", {"unpause", "shelve", "hard"})
    through(to, ident, "unpaused", {"unpause": None}, "unpause", None)
    through(to, ident, "suspended", {"suspend": None}, "suspend", {"resume", "shelve", "hard"})
    through(to, ident, "resumed", {"resume": None}, "resume", None)
    through(to, ident, "shelved", {"shelve": None}, "shelve", {"unshelve"})
    shelf(to)
    through(to, ident, "unshelved", {"unshelve": None}, "unshelve", None)
    shelf(to, "after")
    through(to, ident, "resized", resize, "resize", {"confirmResize", "revertResize"})
    through(to, ident, "reverted", {"revertResize": None}, "revert", None)
    through(to, ident, "resized_again", resize, "resize", None)
    through(to, ident, "confirmed", {"confirmResize": None}, "confirm", None)
    from_stopped(to, ident, resize)
    away(to, "states", ident)
    failed(to)


def actions(to):
    larger = to.cloud.sdk.compute.find_flavor(to.cloud.names["larger"], ignore_missing=False).id
    plain = ("os-start", "os-stop", "pause", "unpause", "suspend", "resume", "shelve", "shelveOffload",
             "unshelve", "confirmResize", "revertResize")
    return {
        **{name: {name: None} for name in plain},
        "resize": {"resize": {"flavorRef": larger}},
        "soft": {"reboot": {"type": "SOFT"}},
        "hard": {"reboot": {"type": "HARD"}},
    }


def refused(to, ident, state, allowed):
    for name, body in actions(to).items():
        if name not in allowed:
            to.http(f"states.{state}_{name}", "POST", "compute", f"/servers/{ident}/action", body=body)
    around(to, ident, state)


def around(to, ident, state):
    """What is no task, and yet asks for a state."""
    def ask(step, method, path, body, **how):
        to.http(f"states.{state}_{step}", method, "compute", f"/servers/{ident}{path}", body=body, **how)

    ask("console", "POST", "/action", {"os-getConsoleOutput": {}})
    ask("remote_console", "POST", "/remote-consoles", {"remote_console": {"protocol": "vnc", "type": "novnc"}},
        version="2.6")
    ask("metadata", "POST", "/metadata", {"metadata": {"state": "any"}})
    ask("metadata_replace", "PUT", "/metadata", {"metadata": {"state": "any", "kept": "x"}})
    ask("metadata_item", "PUT", "/metadata/state", {"meta": {"state": "any"}})
    ask("metadata_delete", "DELETE", "/metadata/state", None)
    if state in ("shelved", "resized"):
        ask("metadata_delete_kept", "DELETE", "/metadata/kept", None)
    ask("rename", "PUT", "", {"server": {"name": f"{to.cloud.names['prefix']}-states"}}, telling=TELLING)


def active(to, ident):
    refused(to, ident, "active", {"os-stop", "pause", "suspend", "shelve", "resize", "soft", "hard"})


def through(to, ident, state, body, course, allowed):
    """Brings the server into a state, looks at it, and tries what cannot be done there."""
    to.http(f"states.{state}", "POST", "compute", f"/servers/{ident}/action", body=body)
    watch(to, f"states.{state}_done", ident, course)
    to.http(f"states.{state}_server", "GET", "compute", f"/servers/{ident}", telling=TELLING)
    if allowed is not None:
        refused(to, ident, state, allowed)


def shelf(to, when="of"):
    """Shelving keeps the server as an image of its own."""
    name = f"{to.cloud.names['prefix']}-states-shelved"
    to.http(f"states.shelf_{when}", "GET", "image", f"/images?name={name}", telling=("visibility",),
            pick=lambda body: {"images": [{key: one[key] for key in ("name", "visibility", "owner")}
                                          for one in body["images"]]})


def from_stopped(to, ident, resize):
    """A server that was stopped is stopped again after all of these."""
    smaller = {"resize": {"flavorRef": to.cloud.id_of("flavor")}}
    for step, body, course in (
        ("stopped_again", {"os-stop": None}, "stop"),
        ("stopped_resize", smaller, "resize"),
        ("stopped_revert", {"revertResize": None}, "revert"),
        ("stopped_resize_back", smaller, "resize"),
        ("stopped_confirm", {"confirmResize": None}, "confirm"),
        ("off_shelve", {"shelve": None}, "shelve"),
        ("off_unshelve", {"unshelve": None}, "unshelve"),
    ):
        through(to, ident, step, body, course, None)
    to.request("states.back", "POST", "compute", f"/servers/{ident}/action", body={"os-stop": None})
    settle(to, "states.back", ident)
    to.request("states.back", "POST", "compute", f"/servers/{ident}/action", body={"shelve": None})
    settle(to, "states.back", ident)
    to.http("states.shelved_reboot", "POST", "compute", f"/servers/{ident}/action",
            body={"reboot": {"type": "HARD"}})


def failed(to):
    """One that no host could hold."""
    huge = to.cloud.sdk.compute.find_flavor(to.cloud.names["huge"], ignore_missing=False).id
    answer = to.request("states.huge", "POST", "compute", "/servers", body=wanted(to, "failed", flavorRef=huge))
    ident = answer.json()["server"]["id"]
    settle(to, "states.huge", ident)
    refused(to, ident, "failed", ())
    away(to, "failed", ident)


def away(to, step, ident):
    to.request(f"states.{step}_clean", "DELETE", "compute", f"/servers/{ident}")
    settle(to, f"states.{step}_clean", ident)

"""What a server printed, and the ways to its screen, which are closed unless an operator opens them."""
from ..servers import make, settle, wanted

ABSENT = "00000000-0000-0000-0000-000000000000"


def lines(body):
    return {"lines": len(body["output"].split("\n")), "empty": not body["output"]}


def record(to):
    ident = make(to, "consoles.make", "consoles")
    output(to, ident)
    remote(to, ident)
    to.request("consoles.clean", "DELETE", "compute", f"/servers/{ident}")
    settle(to, "consoles.clean", ident)
    building(to)


def output(to, ident):
    def ask(step, argument, server=ident, **how):
        to.http(f"consoles.output_{step}", "POST", "compute", f"/servers/{server}/action",
                body={"os-getConsoleOutput": argument}, pick=lines, telling=("lines", "empty"), **how)

    ask("one", {"length": 1})
    ask("two", {"length": 2})
    ask("text", {"length": "2"})
    ask("none", {"length": 0})
    ask("null", None)
    ask("word", {"length": "many"})
    ask("float", {"length": 1.5})
    ask("flag", {"length": True})
    ask("list", {"length": [1]})
    ask("strange", {"length": 1, "colour": "blue"})
    ask("too_negative", {"length": -2})
    ask("unknown", {}, server=ABSENT)


def remote(to, ident):
    def ask(step, console, version="2.8", server=ident):
        to.http(f"consoles.remote_{step}", "POST", "compute", f"/servers/{server}/remote-consoles",
                body=console, version=version)

    def kind(protocol, kind):
        return {"remote_console": {"protocol": protocol, "type": kind}}

    ask("novnc", kind("vnc", "novnc"))
    ask("serial", kind("serial", "serial"))
    ask("spice", kind("spice", "spice-html5"))
    ask("mks", kind("mks", "webmks"))
    ask("mks_2_6", kind("mks", "webmks"), version="2.6")
    ask("mixed", kind("vnc", "serial"))
    ask("bad_type", kind("vnc", "telegraph"))
    ask("bad_protocol", kind("telegraph", "novnc"))
    ask("no_type", {"remote_console": {"protocol": "vnc"}})
    ask("empty", {})
    ask("strange", {"remote_console": {"protocol": "vnc", "type": "novnc", "colour": "blue"}})
    ask("too_old", kind("vnc", "novnc"), version="2.5")
    ask("unknown", kind("vnc", "novnc"), server=ABSENT)
    for name, type_ in (("VNC", "novnc"), ("SPICE", "spice-html5"), ("Serial", "serial"), ("RDP", "rdp-html5")):
        for version in ("2.1", "2.6"):
            to.http(f"consoles.get_{name.lower()}_{version.replace('.', '_')}", "POST", "compute",
                    f"/servers/{ident}/action", body={f"os-get{name}Console": {"type": type_}}, version=version)
    to.http("consoles.get_vnc_bad", "POST", "compute", f"/servers/{ident}/action",
            body={"os-getVNCConsole": {"type": "telegraph"}})


def building(to):
    """A server that no host holds has printed nothing."""
    huge = to.cloud.sdk.compute.find_flavor(to.cloud.names["huge"], ignore_missing=False).id
    answer = to.request("consoles.huge", "POST", "compute", "/servers", body=wanted(to, "consoles", flavorRef=huge))
    ident = answer.json()["server"]["id"]
    settle(to, "consoles.huge", ident)
    to.http("consoles.failed_output", "POST", "compute", f"/servers/{ident}/action", body={"os-getConsoleOutput": {}})
    to.http("consoles.failed_remote", "POST", "compute", f"/servers/{ident}/remote-consoles",
            body={"remote_console": {"protocol": "serial", "type": "serial"}}, version="2.6")
    to.request("consoles.huge", "DELETE", "compute", f"/servers/{ident}")

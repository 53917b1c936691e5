"""Three servers, page by page and filter by filter."""
import datetime
from urllib.parse import parse_qsl, urlsplit

from .. import servers
from ..servers import settle, wanted
from common.shape import shape


def names(to, body):
    """Who is listed and how the next page is asked for, without ids."""
    prefix = to.cloud.names["prefix"] + "-"
    links = [
        {"rel": link["rel"], "path": urlsplit(link["href"]).path.rsplit("/servers", 1)[-1],
         "query": sorted(key for key, _ in parse_qsl(urlsplit(link["href"]).query))}
        for link in body.get("servers_links", [])
    ]
    listed = [one["name"] for one in body["servers"] if one["name"].startswith(prefix)]
    return {"names": [name.removeprefix(prefix) for name in listed], "next": links}


def record(to):
    started = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=2)
    idents = three(to)

    def ask(step, query, path="/servers/detail"):
        to.http(f"listing.{step}", "GET", "compute", f"{path}?{query}", telling=("names", "next"),
                pick=lambda body: names(to, body))

    prefix = to.cloud.names["prefix"]
    ask("all", f"name={prefix}-page")
    ask("plain", f"name={prefix}-page", path="/servers")
    ask("first_page", f"name={prefix}-page&limit=1")
    ask("first_page_plain", f"name={prefix}-page&limit=2", path="/servers")
    ask("after_first", f"name={prefix}-page&limit=1&marker={idents[2]}")
    ask("whole_page", f"name={prefix}-page&limit=3")
    ask("zero_limit", f"name={prefix}-page&limit=0")
    ask("oldest_first", f"name={prefix}-page&sort_key=created_at&sort_dir=asc")
    ask("by_name_down", f"name={prefix}-page&sort_key=display_name&sort_dir=desc")
    ask("name_part", "name=page-2")
    ask("name_exact", f"name=%5E{prefix}-page-2$")
    ask("name_any", f"name={prefix}-page-%5B13%5D")
    ask("name_case", f"name={prefix.upper()}-PAGE-2")
    ask("name_escaped", f"name={prefix}.page.2")
    ask("name_none", "name=no-such-name")
    ask("status", f"name={prefix}-page&status=ACTIVE")
    ask("status_none", f"name={prefix}-page&status=SHUTOFF")
    ask("status_case", f"name={prefix}-page&status=active")
    ask("metadata_ignored", f"name={prefix}-page&metadata=%7B%22no%22%3A%22where%22%7D")
    ask("unknown_filter", f"name={prefix}-page&colour=blue")
    ask("flavor", f"name={prefix}-page&flavor={to.cloud.id_of('flavor')}")
    ask("image", f"name={prefix}-page&image={to.cloud.id_of('image')}")
    ask("image_none", f"name={prefix}-page&image=00000000-0000-0000-0000-000000000000")
    deleted(to, ask, idents, started)
    servers.clear(to)


def three(to):
    """Made one after another: the second of their creation may be the same, the order must not."""
    idents = []
    for number in (1, 2, 3):
        answer = to.request("listing.make", "POST", "compute", "/servers", body=wanted(to, f"page-{number}"))
        idents.append(answer.json()["server"]["id"])
        settle(to, "listing.make", idents[-1])
    return idents


def deleted(to, ask, idents, started):
    since = started.strftime("%Y-%m-%dT%H:%M:%SZ")
    to.request("listing.delete", "DELETE", "compute", f"/servers/{idents[0]}")
    settle(to, "listing.delete", idents[0])
    ask("after_delete", f"name={to.cloud.names['prefix']}-page")
    ask("deleted_ignored", f"name={to.cloud.names['prefix']}-page&deleted=true")
    ask("marker_deleted", f"name={to.cloud.names['prefix']}-page&marker={idents[0]}")
    to.http("listing.changes_since", "GET", "compute",
            f"/servers/detail?name={to.cloud.names['prefix']}-page&changes-since={since}",
            telling=("states",), pick=lambda body: {"states": sorted(
                [one["name"].removeprefix(to.cloud.names["prefix"] + "-"), one["status"]]
                for one in body["servers"])})
    gone = to.request("listing.gone", "GET", "compute",
                      f"/servers/detail?name=page-1&changes-since={since}").json()["servers"]
    telling = ("status", "OS-EXT-STS:vm_state", "OS-EXT-STS:task_state")
    to.note("listing.deleted_server", "http", {"body": shape(gone, to.cloud.normal, telling)})

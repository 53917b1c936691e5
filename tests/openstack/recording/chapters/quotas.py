"""The quotas of a project: what they are, and what is said when one is reached."""
from ..servers import settle, wanted

TELLING = ("instances", "cores", "ram", "key_pairs", "metadata_items", "injected_files", "id")


def record(to):
    ask = to.at("quotas", "compute").get
    project = to.cloud.project
    for version in ("2.1", "2.36", "2.57"):
        at = version.replace(".", "_")
        ask(f"limits_{at}", "/limits", version=version)
        ask(f"show_{at}", f"/os-quota-sets/{project}", version=version)
        ask(f"defaults_{at}", f"/os-quota-sets/{project}/defaults", version=version)
        ask(f"detail_{at}", f"/os-quota-sets/{project}/detail", version=version)
    ask("limits_reserved", "/limits?reserved=1")
    ask("limits_foreign", "/limits?tenant_id=other")
    ask("limits_strange", "/limits?colour=blue", version="2.75")
    ask("foreign", "/os-quota-sets/00000000000000000000000000000000")
    to.http("quotas.update", "PUT", "compute", f"/os-quota-sets/{project}", body={"quota_set": {"instances": 1}})
    to.http("quotas.delete", "DELETE", "compute", f"/os-quota-sets/{project}")
    instances(to)
    metadata(to)
    used(to)


def absolute(to):
    return to.request("quotas.limits", "GET", "compute", "/limits").json()["limits"]["absolute"]


def create(to, step, **fields):
    answer = to.http(f"quotas.{step}", "POST", "compute", "/servers", version="2.37",
                     body=wanted(to, "quota", **{"networks": "none", **fields}))
    if answer.status_code != 202:
        return []
    prefix = f"{to.cloud.names['prefix']}-quota"
    found = to.request("quotas.made", "GET", "compute", f"/servers?name={prefix}").json()["servers"]
    return [one["id"] for one in found]


def away(to, made):
    for ident in made:
        to.request("quotas.clean", "DELETE", "compute", f"/servers/{ident}")
    for ident in made:
        settle(to, "quotas.clean", ident)


def instances(to):
    """The numbers are the cloud's own: what is asked for is chosen so that they come out alike."""
    left = absolute(to)["maxTotalInstances"] - absolute(to)["totalInstancesUsed"]
    away(to, create(to, "over", min_count=left + 1))
    away(to, create(to, "range_over", min_count=left + 1, max_count=left + 3))
    away(to, create(to, "min_over_max", min_count=left + 3, max_count=left + 1))


def used(to):
    """What two servers use."""
    before = absolute(to)
    made = create(to, "two", min_count=2)
    for ident in made:
        settle(to, "quotas.two", ident)
    after = absolute(to)
    to.note("quotas.used", "http", {key: after[key] - before[key] for key in (
        "totalInstancesUsed", "totalCoresUsed", "totalRAMUsed")})
    away(to, made)


def metadata(to):
    most = absolute(to)["maxServerMeta"]
    made = create(to, "metadata_full", metadata={f"k{number}": "x" for number in range(most)})
    ident = made[0]
    settle(to, "quotas.metadata", ident)

    def ask(step, method, path, body):
        to.http(f"quotas.metadata_{step}", method, "compute", f"/servers/{ident}/metadata{path}", body=body,
                pick=lambda body: {"count": len(body.get("metadata", body.get("meta")))}, telling=("count",))

    ask("one_more", "POST", "", {"metadata": {"more": "x"}})
    ask("item_more", "PUT", "/more", {"meta": {"more": "x"}})
    ask("replace_more", "PUT", "", {"metadata": {f"k{number}": "x" for number in range(most + 1)}})
    ask("same", "POST", "", {"metadata": {"k1": "y"}})
    ask("longest", "POST", "", {"metadata": {"k1": "y" * 255}})
    ask("too_long", "POST", "", {"metadata": {"k1": "y" * 256}})
    ask("key_too_long", "POST", "", {"metadata": {"k" * 256: "y"}})
    ask("empty_key", "POST", "", {"metadata": {"": "y"}})
    ask("empty_value", "POST", "", {"metadata": {"k1": ""}})
    ask("number", "POST", "", {"metadata": {"k1": 1}})
    ask("null", "POST", "", {"metadata": {"k1": None}})
    ask("nothing", "POST", "", {"metadata": {}})
    ask("replace_nothing", "PUT", "", {"metadata": {}})
    ask("no_body", "POST", "", None)
    ask("wrong_word", "POST", "", {"meta": {"a": "b"}})
    ask("strange", "POST", "", {"metadata": {"a": "b"}, "colour": "blue"})
    ask("unicode", "POST", "", {"metadata": {"k1": "grün"}})
    ask("unicode_key", "POST", "", {"metadata": {"grün": "x"}})
    away(to, made)

"""Changing servers: metadata, name, size, rest."""


def record(stage):
    name = stage.boot("change", "--meta", "course=e516")
    metadata(stage, name)
    name = rename(stage, name)
    resize(stage, name)
    rest(stage, name)
    found_at_rest(stage, name)
    stage.cms("vm", "delete", name, "--yes")


def own(stage, name):
    """The metadata without our marks."""
    return {key: value for key, value in stage.witness.server(name).metadata.items() if not key.startswith("cm-")}


def metadata(stage, name):
    marks = {key: value for key, value in stage.witness.server(name).metadata.items() if key.startswith("cm-")}
    plan = stage.cms.planned("vm", "meta", "set", name, "owner=albert")
    stage.checks.equal("plan of metadata", plan, [("set_server_metadata", name)])
    stage.checks.equal("metadata after a dry run", own(stage, name), {"course": "e516"})
    stage.cms("vm", "meta", "set", name, "owner=albert", "course=e517", "text=a=b c")
    stage.checks.equal("metadata", own(stage, name), {"course": "e517", "owner": "albert", "text": "a=b c"})
    listed = {pair["key"]: pair["value"] for pair in stage.cms("vm", "meta", "list", name)["metadata"]}
    seen = stage.witness.client("server", "show", name)["properties"]
    stage.checks.equal("cms vm meta list", listed, seen)
    stage.cms("vm", "meta", "delete", name, "owner", "text", "never-there")
    stage.checks.equal("metadata left", own(stage, name), {"course": "e517"})
    stage.cms("vm", "meta", "set", name, f"long={'x' * 256}", code=1)
    left = {key: value for key, value in stage.witness.server(name).metadata.items() if key.startswith("cm-")}
    stage.checks.equal("marks", left, marks)
    stage.look("metadata", name)


def rename(stage, name):
    new, before = stage.name("renamed"), stage.witness.facts(stage.witness.server(name))
    stage.checks.equal("plan of a name", stage.cms.planned("vm", "rename", name, new), [("rename", name)])
    stage.cms("vm", "rename", name, new)
    after = stage.witness.facts(stage.witness.server(new))
    stage.checks.equal("renamed", after, {**before, "name": new})
    stage.look("renamed", new)
    stage.cms("vm", "info", name, code=4)
    return new


def resize(stage, name):
    before = stage.witness.facts(stage.witness.server(name))
    stage.checks.equal("plan of a size", stage.cms.planned("vm", "resize", name, "--size", stage.args.larger),
                       [("resize", name)])
    stage.cms("vm", "resize", name, "--size", stage.args.larger)
    stage.cms("vm", "wait", name)
    after = stage.witness.facts(stage.witness.server(name))
    stage.checks.equal("resized", after, {**before, "flavor": stage.args.larger})
    stage.look("resized", name)
    stage.cms("vm", "resize", name, "--size", "no-such-size", code=1)
    stage.cms("vm", "stop", name)
    stage.cms("vm", "resize", name, "--size", stage.args.flavor)
    stage.cms("vm", "wait", name, "--for", "stopped")
    stage.checks.equal("resized while stopped", stage.witness.server(name).flavor.original_name, stage.args.flavor)
    stage.look("resized while stopped", name)
    stage.cms("vm", "start", name)


def rest(stage, name):
    stage.checks.equal("plan of a rest", stage.cms.planned("vm", "suspend", name), [("suspend", name)])
    for verb in ("suspend", "suspend", "resume", "resume"):
        stage.compare(verb, stage.cms("vm", verb, name)["nodes"], [name])
    stage.cms("vm", "stop", name)
    stage.cms("vm", "suspend", name, code=1)
    stage.cms("vm", "resume", name, code=1)
    stage.look("stopped", name)
    stage.cms("vm", "start", name)


def found_at_rest(stage, name):
    """What others paused or shelved is understood, and goes on."""
    server = stage.witness.server(name)
    for rest, states, verb in (("pause_server", ["PAUSED"], "resume"),
                               ("shelve_server", ["SHELVED", "SHELVED_OFFLOADED"], "start")):
        getattr(stage.sdk.compute, rest)(server)
        for status in states[-1:]:
            stage.sdk.compute.wait_for_server(stage.sdk.compute.get_server(server.id), status=status, wait=120)
        stage.look(rest, name)
        stage.compare(verb, stage.cms("vm", verb, name)["nodes"], [name])

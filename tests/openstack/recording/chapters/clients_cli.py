"""The same day with python-openstackclient, as a person at a terminal has it."""
from .. import servers
from .keypairs import PUBLIC

TELLING = ("Name", "Status", "status", "name", "Networks", "OS-EXT-STS:vm_state", "OS-EXT-STS:power_state",
           "properties", "Visibility", "Interface")


def record(to):
    names = to.cloud.names
    prefix = names["prefix"]
    run = lambda step, *arguments, **how: to.cli(f"cli.{step}", *arguments, telling=TELLING, **how)
    listed = lambda key, name: lambda rows: [row for row in rows if row[key] == name]
    as_json = ("-f", "json")
    run("token", "token", "issue", *as_json)
    run("catalog", "catalog", "list", *as_json, pick=lambda rows: sorted(
        {row["Type"] for row in rows} & {"identity", "compute", "image", "network"}))
    run("flavors", "flavor", "list", *as_json, pick=listed("Name", names["flavor"]))
    run("flavor", "flavor", "show", names["flavor"], *as_json)
    run("images", "image", "list", *as_json, pick=listed("Name", names["image"]))
    run("image", "image", "show", names["image"], *as_json)
    run("networks", "network", "list", *as_json, pick=listed("Name", names["network"]))
    run("network", "network", "show", names["network"], *as_json)
    keys(to, run, f"{prefix}-cli", as_json)
    server(to, run, f"{prefix}-cli", as_json)
    refused(to, run, f"{prefix}-cli", as_json)
    run("key_delete", "keypair", "delete", f"{prefix}-cli")
    run("group_delete", "security", "group", "delete", f"{prefix}-cli")
    servers.clear(to)


def keys(to, run, name, as_json):
    import tempfile
    with tempfile.NamedTemporaryFile("w", suffix=".pub") as file:
        file.write(PUBLIC + "\n")
        file.flush()
        to.cloud.normal.learn(file.name, "<file>")
        run("key_create", "keypair", "create", "--public-key", file.name, name, *as_json)
    mine = lambda rows: [row for row in rows if row["Name"] == name]
    run("keys", "keypair", "list", *as_json, pick=mine)
    run("key", "keypair", "show", name, *as_json)
    run("group_create", "security", "group", "create", name, *as_json)
    run("group_rule", "security", "group", "rule", "create", "--protocol", "tcp", "--dst-port", "22", name, *as_json)
    run("groups", "security", "group", "list", *as_json, pick=mine)
    run("group_rules", "security", "group", "rule", "list", name, *as_json)


def server(to, run, name, as_json):
    names = to.cloud.names
    mine = lambda rows: [row for row in rows if row["Name"] == name]
    run("create", "server", "create", "--flavor", names["flavor"], "--image", names["image"],
        "--network", names["network"], "--key-name", name, "--security-group", name,
        "--property", "colour=blue", "--wait", name, *as_json)
    run("list", "server", "list", *as_json, pick=mine)
    run("list_long", "server", "list", "--long", *as_json, pick=mine)
    run("list_by_name", "server", "list", "--name", f"^{name}$", *as_json)
    run("show", "server", "show", name, *as_json)
    ident = to.cloud.sdk.compute.find_server(name, ignore_missing=False).id
    run("start_running", "server", "start", name)
    for step, arguments, telling in (
        ("stop", ("stop", name), "SHUTOFF"),
        ("start", ("start", name), "ACTIVE"),
        ("reboot_soft", ("reboot", "--soft", "--wait", name), "ACTIVE"),
        ("reboot_hard", ("reboot", "--hard", "--wait", name), "ACTIVE"),
    ):
        run(step, "server", *arguments)
        servers.settle(to, f"cli.{step}", ident)
        run(f"{step}_show", "server", "show", ident, "-c", "status", "-c", "OS-EXT-STS:vm_state", *as_json)
    run("set", "server", "set", "--property", "shape=round", "--name", f"{name}-2", name)
    run("unset", "server", "unset", "--property", "colour", f"{name}-2")
    run("set_show", "server", "show", f"{name}-2", "-c", "name", "-c", "properties", *as_json)
    run("stop_again_1", "server", "stop", ident)
    servers.settle(to, "cli.stop_again", ident)
    run("stop_stopped", "server", "stop", ident)
    run("delete", "server", "delete", "--wait", ident)
    run("gone", "server", "show", ident)
    run("gone_by_name", "server", "show", f"{name}-2")
    run("gone_list", "server", "list", *as_json, pick=lambda rows: [row for row in rows if row["ID"] == ident])


def refused(to, run, name, as_json):
    names = to.cloud.names
    create = lambda step, **changed: run(step, "server", "create", *(
        word for option in {"flavor": names["flavor"], "image": names["image"],
                            "network": names["network"], **changed}.items()
        for word in (f"--{option[0].replace('_', '-')}", option[1])), f"{name}-refused", *as_json)
    create("create_bad_flavor", flavor="no-such-flavor")
    create("create_bad_image", image="no-such-image")
    create("create_bad_network", network="no-such-network")
    create("create_bad_key", key_name="no-such-key")
    create("create_bad_group", security_group="no-such-group")
    wrong_password(to, run)
    run("wrong_id", "server", "show", "00000000-0000-0000-0000-000000000000")
    run("delete_wrong_id", "server", "delete", "00000000-0000-0000-0000-000000000000")
    run("image_wrong", "image", "show", "no-such-image")
    run("flavor_wrong", "flavor", "show", "no-such-flavor")


def wrong_password(to, run):
    """Everything by `OS_*`, as clouds.yaml has the right one."""
    auth = to.cloud.auth
    run("wrong_password", "--os-cloud", "", "token", "issue", env={
        "OS_CLOUD": "", "OS_AUTH_URL": auth["auth_url"], "OS_USERNAME": auth["username"],
        "OS_PASSWORD": "not-this-one", "OS_PROJECT_NAME": auth["project_name"],
        "OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_DOMAIN_NAME": "Default",
    })

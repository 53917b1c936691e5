"""The same day with python-openstackclient, as a person at a terminal has it."""
import tempfile

from .. import servers
from .keypairs import PUBLIC

TELLING = ("Name", "Status", "status", "name", "Networks", "OS-EXT-STS:vm_state", "OS-EXT-STS:power_state",
           "properties", "Visibility", "types")


AS_JSON = ("-f", "json")


def named(name):
    """Cuts a listing down to the rows of that name."""
    return lambda rows: [row for row in rows if row["Name"] == name]


def record(to):
    names = to.cloud.names
    prefix = names["prefix"]

    def run(step, *arguments, **how):
        return to.cli(f"cli.{step}", *arguments, telling=TELLING, **how)

    run("token", "token", "issue", *AS_JSON, pick=lambda row: {**row, "id": "any"})
    run("catalog", "catalog", "list", *AS_JSON, pick=lambda rows: {"types": sorted(
        {row["Type"] for row in rows} & {"identity", "compute", "image", "network"})})
    run("flavors", "flavor", "list", *AS_JSON, pick=named(names["flavor"]))
    run("flavor", "flavor", "show", names["flavor"], *AS_JSON)
    run("images", "image", "list", *AS_JSON, pick=named(names["image"]))
    run("image", "image", "show", names["image"], *AS_JSON)
    run("networks", "network", "list", *AS_JSON, pick=named(names["network"]))
    run("network", "network", "show", names["network"], *AS_JSON)
    keys(to, run, f"{prefix}-cli")
    server(to, run, f"{prefix}-cli")
    refused(to, run, f"{prefix}-cli")
    run("key_delete", "keypair", "delete", f"{prefix}-cli")
    run("group_delete", "security", "group", "delete", f"{prefix}-cli")
    servers.clear(to)


def keys(to, run, name):
    with tempfile.NamedTemporaryFile("w", suffix=".pub") as file:
        file.write(PUBLIC + "\n")
        file.flush()
        to.cloud.normal.learn(file.name, "<file>")
        run("key_create", "keypair", "create", "--public-key", file.name, name, *AS_JSON)
    mine = named(name)
    run("keys", "keypair", "list", *AS_JSON, pick=mine)
    run("key", "keypair", "show", name, *AS_JSON)
    run("group_create", "security", "group", "create", name, *AS_JSON)
    run("group_rule", "security", "group", "rule", "create", "--protocol", "tcp", "--dst-port", "22", name, *AS_JSON)
    run("groups", "security", "group", "list", *AS_JSON, pick=mine)
    run("group_rules", "security", "group", "rule", "list", name, *AS_JSON)


def server(to, run, name):
    names = to.cloud.names
    mine = named(name)
    run("create", "server", "create", "--flavor", names["flavor"], "--image", names["image"],
        "--network", names["network"], "--key-name", name, "--security-group", name,
        "--property", "colour=blue", "--wait", name, *AS_JSON)
    run("list", "server", "list", *AS_JSON, pick=mine)
    run("list_long", "server", "list", "--long", *AS_JSON, pick=mine)
    run("list_by_name", "server", "list", "--name", f"^{name}$", *AS_JSON)
    run("show", "server", "show", name, *AS_JSON)
    ident = to.cloud.sdk.compute.find_server(name, ignore_missing=False).id
    run("start_running", "server", "start", name)
    for step, arguments in (
        ("stop", ("stop", name)),
        ("start", ("start", name)),
        ("reboot_soft", ("reboot", "--soft", name)),
        ("reboot_hard", ("reboot", "--hard", "--wait", name)),
    ):
        run(step, "server", *arguments)
        servers.settle(to, f"cli.{step}", ident)
        run(f"{step}_show", "server", "show", ident, "-c", "status", "-c", "OS-EXT-STS:vm_state", *AS_JSON)
    run("set", "server", "set", "--property", "shape=round", "--name", f"{name}-2", name)
    run("unset", "server", "unset", "--property", "colour", f"{name}-2")
    run("set_show", "server", "show", f"{name}-2", "-c", "name", "-c", "properties", *AS_JSON)
    run("stop_again_1", "server", "stop", ident)
    servers.settle(to, "cli.stop_again", ident)
    run("stop_stopped", "server", "stop", ident)
    run("delete", "server", "delete", "--wait", ident)
    run("gone", "server", "show", ident)
    run("gone_by_name", "server", "show", f"{name}-2")
    run("gone_list", "server", "list", *AS_JSON, pick=lambda rows: [row for row in rows if row["ID"] == ident])


def refused(to, run, name):
    names = to.cloud.names

    def create(step, **changed):
        options = {"flavor": names["flavor"], "image": names["image"], "network": names["network"], **changed}
        words = [word for key, value in options.items() for word in ("--" + key.replace("_", "-"), value)]
        run(step, "server", "create", *words, f"{name}-refused", *AS_JSON)

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

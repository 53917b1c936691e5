"""The same day with openstacksdk, as a program has it."""
import openstack

from .. import servers
from ..servers import USER_DATA

ABSENT = "00000000-0000-0000-0000-000000000000"
TELLING = ("status", "vm_state", "task_state", "power_state", "metadata", "name", "complete", "version")


def plain(one):
    """An SDK object without `location`, which repeats the caller's own settings."""
    return {key: value for key, value in one.to_dict().items() if key != "location"} if one else None


def record(to):
    names = to.cloud.names

    def run(step, call, show=plain):
        return to.sdk(f"sdk.{step}", call, telling=TELLING, show=show)

    run("flavor", lambda sdk: sdk.compute.find_flavor(names["flavor"]), show=plain)
    run("image", lambda sdk: sdk.image.find_image(names["image"]), show=plain)
    run("network", lambda sdk: sdk.network.find_network(names["network"]), show=plain)
    run("limits", lambda sdk: sdk.compute.get_limits().absolute)
    run("flavors_paged", lambda sdk: [one.name for one in sdk.compute.flavors(limit=1)],
        show=lambda all_names: {"complete": names["flavor"] in all_names and len(all_names) > 1})
    server = run("create", lambda sdk: sdk.compute.create_server(
        name=f"{names['prefix']}-sdk", flavor_id=to.cloud.id_of("flavor"), image_id=to.cloud.id_of("image"),
        networks=[{"uuid": to.cloud.id_of("network")}], metadata={"a": "b"}, user_data=USER_DATA))
    if server:
        life(to, run, server)
    refused(to, run)
    wrong_password(to, run)
    credential(to, run)
    servers.clear(to)


def life(to, run, server):
    def wait(status):
        return lambda sdk: sdk.compute.wait_for_server(server, status=status, interval=0.2, wait=60)

    run("active", wait("ACTIVE"))
    run("get", lambda sdk: sdk.compute.get_server(server.id))
    run("find", lambda sdk: sdk.compute.find_server(server.name))
    run("list", lambda sdk: [one for one in sdk.compute.servers(name=f"^{server.name}$")],
        show=lambda found: [plain(one) for one in found])
    run("start_running", lambda sdk: sdk.compute.start_server(server))
    for step, call, status in (
        ("stop", lambda sdk: sdk.compute.stop_server(server), "SHUTOFF"),
        ("start", lambda sdk: sdk.compute.start_server(server), "ACTIVE"),
    ):
        run(step, call, show=repr)
        run(f"{step}_done", wait(status), show=lambda found: found.status)
        servers.settle(to, f"sdk.{step}", server.id)
    for kind in ("SOFT", "HARD"):
        run(f"reboot_{kind.lower()}", lambda sdk, kind=kind: sdk.compute.reboot_server(server, kind), show=repr)
        servers.settle(to, f"sdk.reboot_{kind.lower()}", server.id)
    run("metadata_set", lambda sdk: sdk.compute.set_server_metadata(server, x="y"),
        show=lambda one: {"metadata": one.metadata})
    run("rename", lambda sdk: sdk.compute.update_server(server, name=server.name + "-2"), show=lambda one: one.name)
    run("addresses", lambda sdk: list(sdk.compute.server_ips(server)),
        show=lambda found: [plain(one) for one in found])
    run("delete", lambda sdk: sdk.compute.delete_server(server), show=repr)
    run("gone", lambda sdk: sdk.compute.wait_for_delete(server, interval=0.2, wait=60), show=lambda one: "gone")
    run("get_gone", lambda sdk: sdk.compute.get_server(server.id))


def refused(to, run):
    run("get_unknown", lambda sdk: sdk.compute.get_server(ABSENT))
    run("find_unknown", lambda sdk: sdk.compute.find_server("no-such-server"), show=repr)
    run("delete_unknown", lambda sdk: sdk.compute.delete_server(ABSENT, ignore_missing=False))
    run("stop_unknown", lambda sdk: sdk.compute.stop_server(ABSENT))
    run("create_bad_image", lambda sdk: sdk.compute.create_server(
        name=f"{to.cloud.names['prefix']}-refused", flavor_id=to.cloud.id_of("flavor"), image_id=ABSENT,
        networks=[{"uuid": to.cloud.id_of("network")}]))
    run("create_bad_flavor", lambda sdk: sdk.compute.create_server(
        name=f"{to.cloud.names['prefix']}-refused", flavor_id="no-such-flavor", image_id=to.cloud.id_of("image"),
        networks=[{"uuid": to.cloud.id_of("network")}]))


def wrong_password(to, run):
    auth = {**to.cloud.auth, "password": "not-this-one"}
    run("wrong_password", lambda sdk: openstack.connect(
        auth=auth, load_envvars=False, load_yaml_config=False).authorize())


def credential(to, run):
    """A program's usual way in: an application credential."""
    sdk, name = to.cloud.sdk, f"{to.cloud.names['prefix']}-sdk"
    user = sdk.session.auth.get_access(sdk.session).user_id
    made = run("credential", lambda sdk: sdk.identity.create_application_credential(user, name=name))
    if not made:
        return
    auth = {"auth_url": to.cloud.auth["auth_url"], "application_credential_id": made.id,
            "application_credential_secret": made.secret}

    def flavors(_):
        other = openstack.connect(auth_type="v3applicationcredential", auth=auth, load_envvars=False,
                                  load_yaml_config=False, region_name=sdk.config.get_region_name())
        return other.compute.find_flavor(to.cloud.names["flavor"])

    run("credential_used", flavors)
    run("credential_delete", lambda sdk: sdk.identity.delete_application_credential(user, made.id), show=repr)

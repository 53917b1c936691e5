"""Servers the session makes, watches and clears away."""
import base64
import os
import sys
import time

from openstack.exceptions import SDKException

# What nova lets one see on the way, as (status, task_state). A cloud need not
# show each of them (they may last milliseconds), but must show no other.
COURSES = {
    "create": {("BUILD", None), ("BUILD", "scheduling"), ("BUILD", "networking"),
               ("BUILD", "block_device_mapping"), ("BUILD", "spawning")},
    "stop": {("ACTIVE", "powering-off")},
    "start": {("SHUTOFF", "powering-on")},
    "reboot": {("REBOOT", "rebooting"), ("REBOOT", "reboot_pending"), ("REBOOT", "reboot_started")},
    "hard reboot": {("HARD_REBOOT", "rebooting_hard"), ("HARD_REBOOT", "reboot_pending_hard"),
                    ("HARD_REBOOT", "reboot_started_hard"), ("SHUTOFF", "rebooting_hard")},
    "pause": {("ACTIVE", "pausing")},
    "unpause": {("PAUSED", "unpausing")},
    "suspend": {("ACTIVE", "suspending")},
    "resume": {("SUSPENDED", "resuming")},
    "shelve": {("ACTIVE", "shelving"), ("ACTIVE", "shelving_image_pending_upload"),
               ("ACTIVE", "shelving_image_uploading"), ("SHELVED", "shelving_offloading"),
               ("SHELVED", None)},
    "unshelve": {("SHELVED", "unshelving"), ("SHELVED_OFFLOADED", "unshelving"),
                 ("SHELVED_OFFLOADED", "spawning"), ("SHELVED_OFFLOADED", "networking"),
                 ("SHELVED_OFFLOADED", "block_device_mapping")},
    "resize": {("RESIZE", "resize_prep"), ("RESIZE", "resize_migrating"),
               ("RESIZE", "resize_migrated"), ("RESIZE", "resize_finish")},
    "confirm": {("VERIFY_RESIZE", None)},
    # A server that was stopped before is stopped again at the end.
    "revert": {("VERIFY_RESIZE", None), ("REVERT_RESIZE", "resize_reverting"), ("VERIFY_RESIZE", "powering-off")},
    "delete": {("ACTIVE", "deleting"), ("SHUTOFF", "deleting"), ("ERROR", "deleting"),
               ("ACTIVE", None), ("SHUTOFF", None), ("DELETED", "deleting"), ("DELETED", None)},
}

USER_DATA = base64.b64encode(b"#!/bin/sh\necho hello\n").decode()


def wanted(to, name, /, **fields):
    """The body that creates a plain server; a field set to `None` is left out."""
    server = {
        "name": f"{to.cloud.names['prefix']}-{name}",
        "flavorRef": to.cloud.id_of("flavor"),
        "imageRef": to.cloud.id_of("image"),
        "networks": [{"uuid": to.cloud.id_of("network")}],
        **fields,
    }
    return {"server": {key: value for key, value in server.items() if value is not None}}


def look(to, step, ident):
    """`(status, task_state)` now, or `None` when the server is gone."""
    answer = to.request(step, "GET", "compute", f"/servers/{ident}")
    if answer.status_code == 404:
        return None
    server = answer.json()["server"]
    return server["status"], server.get("OS-EXT-STS:task_state")


def watch(to, step, ident, course, patience=60):
    """Waits for the end of `course` and records where the server ended and what was odd on the way."""
    seen, end = [], time.monotonic() + patience
    while time.monotonic() < end:
        now = look(to, step, ident)
        if now is None or (now[1] is None and now not in COURSES[course]):
            break
        if now not in seen:
            seen.append(now)
        time.sleep(0.05)
    to.note(step, "http", {
        "end": now,
        "odd": [list(one) for one in seen if one not in COURSES[course]],
    })


def make(to, step, name, /, **fields):
    """Creates a server without recording it and waits until it is up."""
    answer = to.request(step, "POST", "compute", "/servers", body=wanted(to, name, **fields))
    ident = answer.json()["server"]["id"]
    settle(to, step, ident)
    return ident


def settle(to, step, ident, patience=60):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        now = look(to, step, ident)
        if now is None or (now[1] is None and now[0] not in ("BUILD", "DELETED")):
            return now
        time.sleep(0.1)
    raise TimeoutError(f"{step}: server {ident} is still {now}")


def clear(to):
    """Takes away what this or an earlier session left, by its prefix."""
    os.environ["RECORD_STEP"] = "clear"
    sdk, prefix = to.cloud.sdk, to.cloud.names["prefix"] + "-"
    user = sdk.session.auth.get_access(sdk.session).user_id
    left = [one for one in sdk.compute.servers() if one.name.startswith(prefix)]
    for server in left:
        sdk.compute.delete_server(server, ignore_missing=True)
    for server in left:
        settle(to, "clear", server.id)
    sweep(prefix, sdk.compute.keypairs, sdk.compute.delete_keypair)
    sweep(prefix, sdk.network.security_groups, sdk.network.delete_security_group)
    sweep(prefix, sdk.network.networks, sdk.network.delete_network)
    sweep(prefix, lambda: sdk.identity.application_credentials(user),
          lambda one: sdk.identity.delete_application_credential(user, one))


def sweep(prefix, list_all, delete):
    """Deletes one kind of thing; a cloud that lacks the kind has nothing to clear."""
    try:
        for one in [one for one in list_all() if one.name.startswith(prefix)]:
            delete(one)
    except SDKException as error:
        print(f"not cleared: {error}", file=sys.stderr)

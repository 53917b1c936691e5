"""What a server can be made of: zones, groups, ports, disks, a config drive, and what is wrong with them."""
from ..servers import make, settle, wanted

ABSENT = "00000000-0000-0000-0000-000000000000"
TELLING = ("status", "config_drive", "OS-EXT-AZ:availability_zone", "description")


def record(to):
    zones(to)
    drives(to)
    groups(to)
    ports(to)
    networks(to)
    disks(to)
    volumes(to)
    fields(to)


def create(to, step, version=None, tell=False, **fields):
    """Tries to make a server; one that is made is shown, if its looks matter, and taken away without waiting for it."""
    answer = to.http(f"building.{step}", "POST", "compute", "/servers", version=version,
                     body=wanted(to, "building", **fields))
    if answer.status_code != 202 or "server" not in answer.json():
        return
    ident = answer.json()["server"]["id"]
    if tell:
        settle(to, "building.settle", ident)
        to.http(f"building.{step}_server", "GET", "compute", f"/servers/{ident}", version=version, telling=TELLING)
    to.request("building.clean", "DELETE", "compute", f"/servers/{ident}")


def gone(to):
    """Waits until all that was made here is gone, as groups cannot go before."""
    prefix = f"{to.cloud.names['prefix']}-building"
    for server in to.request("building.gone", "GET", "compute", f"/servers?name={prefix}").json()["servers"]:
        settle(to, "building.gone", server["id"])


def zones(to):
    for step, zone in (("nova", "nova"), ("empty", ""), ("long", "z" * 256), ("host", "nova:somewhere"),
                       ("colons", "a:b:c:d"), ("number", 7), ("blank", " nova")):
        create(to, f"zone_{step}", tell=step == "nova", availability_zone=zone)


def drives(to):
    for step, value in (("true", True), ("text", "True"), ("no", False), ("number", 1), ("word", "maybe"),
                        ("empty", "")):
        create(to, f"drive_{step}", tell=step in ("true", "no"), config_drive=value)


def groups(to):
    name = f"{to.cloud.names['prefix']}-twin"
    made = [to.request("building.group", "POST", "network", "/security-groups",
                       body={"security_group": {"name": name}}).json()["security_group"]["id"] for _ in range(2)]
    create(to, "group_by_id", tell=True, security_groups=[{"name": made[0]}])
    create(to, "groups_by_ids", tell=True, security_groups=[{"name": made[0]}, {"name": "default"}])
    create(to, "group_twice", security_groups=[{"name": made[0]}, {"name": made[0]}])
    create(to, "group_ambiguous", security_groups=[{"name": name}])
    create(to, "group_nameless", security_groups=[{}])
    create(to, "group_empty", security_groups=[{"name": ""}])
    create(to, "group_strange", security_groups=[{"name": "default", "colour": "blue"}])
    create(to, "group_none", tell=True, security_groups=[])
    create(to, "groups_no_list", security_groups="default")
    on_a_server(to, made, name)
    gone(to)
    for one in made:
        to.request("building.group_clean", "DELETE", "network", f"/security-groups/{one}")


def on_a_server(to, made, name):
    ident = make(to, "building.groups_make", "grouped")

    def act(step, action, value):
        to.http(f"building.{step}", "POST", "compute", f"/servers/{ident}/action", body={action: {"name": value}})

    act("group_add", "addSecurityGroup", made[0])
    act("group_add_again", "addSecurityGroup", made[0])
    act("group_add_ambiguous", "addSecurityGroup", name)
    act("group_add_empty", "addSecurityGroup", "")
    to.http("building.groups_of_server", "GET", "compute", f"/servers/{ident}/os-security-groups",
            pick=lambda body: {"count": len(body["security_groups"])}, telling=("count",))
    act("group_remove", "removeSecurityGroup", made[0])
    act("group_remove_again", "removeSecurityGroup", made[0])
    to.request("building.groups_clean", "DELETE", "compute", f"/servers/{ident}")
    settle(to, "building.groups_clean", ident)


def ports(to):
    network = to.cloud.id_of("network")
    create(to, "port_unknown", networks=[{"port": ABSENT}])
    create(to, "port_bad", networks=[{"port": "no-such-port"}])
    made = to.request("building.port", "POST", "network", "/ports",
                      body={"port": {"network_id": network, "name": f"{to.cloud.names['prefix']}-port"}})
    if made.status_code != 201:
        return
    port = made.json()["port"]["id"]
    create(to, "port_twice", min_count=2, networks=[{"port": port}])
    answer = to.http("building.port_used", "POST", "compute", "/servers",
                     body=wanted(to, "ported", networks=[{"port": port}]))
    ident = answer.json()["server"]["id"]
    settle(to, "building.port_settle", ident)
    to.http("building.port_server", "GET", "compute", f"/servers/{ident}", telling=TELLING)
    create(to, "port_in_use", networks=[{"port": port}])
    to.request("building.port_clean", "DELETE", "compute", f"/servers/{ident}")
    settle(to, "building.port_clean", ident)
    to.http("building.port_stays", "GET", "network", f"/ports/{port}", telling=("status", "device_id", "device_owner"),
            pick=lambda body: {key: body["port"][key] for key in ("status", "device_id", "device_owner")})
    to.request("building.port_clean", "DELETE", "network", f"/ports/{port}")


def networks(to):
    network = to.cloud.id_of("network")
    create(to, "network_twice", tell=True, networks=[{"uuid": network}, {"uuid": network}])
    create(to, "network_strange", networks=[{"uuid": network, "colour": "blue"}])
    create(to, "network_nothing", networks=[{}])
    create(to, "network_empty", networks=[])
    create(to, "network_null", networks=[{"uuid": None}])
    create(to, "network_address", networks=[{"uuid": network, "fixed_ip": "nowhere"}])
    create(to, "network_address_outside", networks=[{"uuid": network, "fixed_ip": "192.0.2.1"}])
    create(to, "network_tag_too_early", networks=[{"uuid": network, "tag": "a"}])
    create(to, "network_tag_2_32", version="2.32", networks=[{"uuid": network, "tag": "a"}])
    create(to, "network_tag_2_37", version="2.37", networks=[{"uuid": network, "tag": "a"}])
    create(to, "network_tag_2_42", version="2.42", networks=[{"uuid": network, "tag": "a"}])
    create(to, "network_tag_bad", version="2.42", networks=[{"uuid": network, "tag": "a,b"}])
    create(to, "network_word_2_37_bad", version="2.37", networks="some")


def disks(to):
    """What is refused before anything is asked of a volume service."""
    image = to.cloud.id_of("image")
    boot = {"boot_index": 0, "uuid": image, "source_type": "image", "destination_type": "volume", "volume_size": 1}

    def device(step, image_ref=None, **changed):
        fields = {key: value for key, value in {**boot, **changed}.items() if value != "absent"}
        create(to, f"disk_{step}", imageRef=image_ref, block_device_mapping_v2=[fields])

    device("no_uuid", uuid="absent")
    device("no_source", source_type="absent")
    device("bad_source", source_type="telegraph")
    device("bad_destination", destination_type="telegraph")
    device("local_without_image", destination_type="local", volume_size="absent")
    device("local", image_ref=image, destination_type="local", volume_size="absent")
    device("bad_index", boot_index="first")
    device("index_one", boot_index=1)
    device("index_null", boot_index=None)
    device("no_size", volume_size="absent")
    device("zero_size", volume_size=0)
    device("word_size", volume_size="big")
    device("text_size", volume_size="0")
    device("negative_size", volume_size=-1)
    device("bad_flag", delete_on_termination="maybe")
    device("strange", colour="blue")
    device("blank_uuid", source_type="blank")
    device("type_too_early", volume_type="fast")
    device("tag_too_early", tag="a")
    device("spaces", uuid="no such image")
    device("unknown_image", uuid=ABSENT)
    device("bad_bus", disk_bus="telegraph")
    device("unknown_volume", source_type="volume", uuid=ABSENT, volume_size="absent")
    device("blank_only", source_type="blank", uuid="absent")
    device("blank_beside", image_ref=image, source_type="blank", uuid="absent", boot_index=-1)
    device("blank_no_size", image_ref=image, source_type="blank", uuid="absent", boot_index=-1, volume_size="absent")
    create(to, "disk_many", imageRef=None, block_device_mapping_v2=[boot], min_count=2)
    create(to, "disk_volume_many", imageRef=None, min_count=2, block_device_mapping_v2=[
        {"boot_index": 0, "uuid": ABSENT, "source_type": "volume", "destination_type": "volume"}])
    create(to, "disk_older_bad", block_device_mapping=[{"device_name": "vdb", "volume_id": "no-such-volume"}])
    create(to, "disk_tag_2_42", version="2.42", imageRef=None, networks="none",
           block_device_mapping_v2=[{**boot, "tag": "a"}])
    failed(to, boot)
    device("twice", image_ref=image)
    create(to, "disk_both", block_device_mapping=[{"device_name": "vda", "volume_id": ABSENT}],
           block_device_mapping_v2=[boot])
    create(to, "disk_no_list", block_device_mapping_v2={})
    create(to, "disk_empty", imageRef=None, block_device_mapping_v2=[])


def failed(to, boot):
    """Where there is no volume service, a server that needs one ends in ERROR.

    Whether it shows the address that it was about to have depends on how far Nova was then.
    """
    answer = to.request("building.failed", "POST", "compute", "/servers",
                        body=wanted(to, "building", imageRef=None, block_device_mapping_v2=[boot]))
    ident = answer.json()["server"]["id"]
    settle(to, "building.failed", ident)
    to.http("building.disk_failed_server", "GET", "compute", f"/servers/{ident}",
            pick=lambda body: {"server": {key: one for key, one in body["server"].items() if key != "addresses"}},
            telling=("status", "code", "message", "image"))
    to.request("building.failed", "DELETE", "compute", f"/servers/{ident}")
    settle(to, "building.failed", ident)


def volumes(to):
    ident = make(to, "building.volumes_make", "disks")
    to.http("building.attachments", "GET", "compute", f"/servers/{ident}/os-volume_attachments")
    to.http("building.attachment_unknown", "GET", "compute", f"/servers/{ident}/os-volume_attachments/{ABSENT}")
    to.request("building.volumes_clean", "DELETE", "compute", f"/servers/{ident}")
    settle(to, "building.volumes_clean", ident)


def fields(to):
    """Fields before their time, and after it."""
    for step, version, given in (
        ("description_2_18", "2.18", {"description": "x"}),
        ("description_2_19", "2.19", {"description": "x"}),
        ("description_null", "2.19", {"description": None}),
        ("description_long", "2.19", {"description": "x" * 256}),
        ("tags_2_51", "2.51", {"tags": ["a"]}),
        ("tags_2_52", "2.52", {"tags": ["a", "b"]}),
        ("tags_bad", "2.52", {"tags": ["a/b"]}),
        ("tags_comma", "2.52", {"tags": ["a,b"]}),
        ("tags_long", "2.52", {"tags": ["a" * 61]}),
        ("tags_many", "2.52", {"tags": [f"t{number}" for number in range(51)]}),
        ("host_2_73", "2.73", {"host": "x"}),
        ("host_2_74", "2.74", {"host": "x"}),
        ("hostname_2_89", "2.89", {"hostname": "x-y"}),
        ("hostname_2_90", "2.90", {"hostname": "x-y"}),
        ("hostname_bad", "2.90", {"hostname": "x_y"}),
        ("hostname_many", "2.90", {"hostname": "x-y", "min_count": 2}),
        ("personality_2_56", "2.56", {"personality": []}),
        ("personality_2_57", "2.57", {"personality": []}),
        ("personality_many", "2.1", {"personality": [{"path": "/a", "contents": "eA=="}] * 6}),
        ("certificates_2_62", "2.62", {"trusted_image_certificates": [ABSENT]}),
        ("access_bad", "2.1", {"accessIPv4": "nowhere"}),
        ("access_v6_bad", "2.1", {"accessIPv6": "192.0.2.1"}),
        ("reservation", "2.1", {"return_reservation_id": True}),
        ("reservation_bad", "2.1", {"return_reservation_id": "maybe"}),
        ("admin_pass", "2.1", {"adminPass": "secret"}),
        ("admin_pass_number", "2.1", {"adminPass": 7}),
        ("count_text", "2.1", {"min_count": "1"}),
        ("count_word", "2.1", {"min_count": "many"}),
        ("count_float", "2.1", {"min_count": 1.5}),
        ("max_zero", "2.1", {"max_count": 0}),
        ("flavor_link", "2.1", {"flavorRef": f"http://x/flavors/{to.cloud.id_of('flavor')}"}),
        ("flavor_empty", "2.1", {"flavorRef": ""}),
        ("name_spaces", "2.1", {"name": " x "}),
        ("name_control", "2.1", {"name": "x\ty"}),
    ):
        networks = {"networks": "none"} if tuple(map(int, version.split("."))) >= (2, 37) else {}
        create(to, f"field_{step}", version=version, tell=step == "description_2_19", **{**networks, **given})

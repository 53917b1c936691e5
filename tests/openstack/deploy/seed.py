"""What an administrator would create by hand before the first user comes."""
import secrets

import openstack

FLAVORS = (
    ("m1.nano", 64, 1, 1),
    ("m1.tiny", 512, 1, 1),
    ("m1.small", 2048, 20, 1),
    ("m1.medium", 4096, 40, 2),
    ("m1.huge", 1_000_000, 1, 1),  # no host holds it: its servers end in ERROR
)
PUBLIC_KEY = ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKNkPpg0pPUi4yqWTbYdWhbHuUs5yS1bSaqbbxGHCsfN "
              "someone@example.org")


def seed(layout):
    """Fills the new cloud; returns the application credential of `demo`."""
    admin, demo = connect(layout, "admin"), connect(layout, "demo")
    for number, (name, ram, disk, vcpus) in enumerate(FLAVORS, 1):
        admin.compute.create_flavor(id=str(number), name=name, ram=ram, disk=disk, vcpus=vcpus)
    admin.image.create_image(name="tinyboot", disk_format="raw", container_format="bare", visibility="public",
                             min_disk=1, filename=str(boot_sector(layout)), wait=True)
    networks(admin, demo)
    demo.compute.create_keypair(name="demo-key", public_key=PUBLIC_KEY)
    return credential(demo)


def connect(layout, name):
    return openstack.connect(load_yaml_config=False, load_envvars=False, region_name="RegionOne",
                             **layout.password_cloud(name))


# What a BIOS runs at 0x7c00: writes the text behind it to the first serial port, then halts.
PROGRAM = bytes.fromhex(
    "31c0 8ed8 fc be227c"     # xor ax, ax; mov ds, ax; cld; mov si, text
    "ac 08c0 7412 88c3"       # next: lodsb; or al, al; jz halt; mov bl, al
    "bafd03 ec a820 74fb"     # mov dx, 0x3fd; full: in al, dx; test al, 0x20; jz full
    "baf803 88d8 ee ebe9"     # mov dx, 0x3f8; mov al, bl; out dx, al; jmp next
    "f4 ebfd")                # halt: hlt; jmp halt
TEXT = b"tinyboot on the first serial port\r\n\r\ntinyboot login: \0"


def boot_sector(layout):
    """A disk of 1 MiB that a machine boots from, and that says so on its console."""
    path = layout.var / "tinyboot.raw"
    path.write_bytes((PROGRAM + TEXT).ljust(510, b"\0") + b"\x55\xaa" + bytes((1 << 20) - 512))
    return path


def networks(admin, demo):
    public = admin.network.create_network(name="public", is_router_external=True, provider_network_type="flat",
                                          provider_physical_network="public")
    admin.network.create_subnet(
        name="public-subnet", network_id=public.id, ip_version=4, cidr="203.0.113.0/24", gateway_ip="203.0.113.1",
        is_dhcp_enabled=False, allocation_pools=[{"start": "203.0.113.10", "end": "203.0.113.250"}])
    private = demo.network.create_network(name="private")
    subnet = demo.network.create_subnet(name="private-subnet", network_id=private.id, ip_version=4,
                                        cidr="10.0.0.0/24", dns_nameservers=["203.0.113.1"])
    router = demo.network.create_router(name="router", external_gateway_info={"network_id": public.id})
    demo.network.add_interface_to_router(router, subnet_id=subnet.id)


def credential(demo):
    user = demo.session.auth.get_access(demo.session).user_id
    secret = secrets.token_urlsafe(24)
    made = demo.identity.create_application_credential(user, name="demo-appcred", secret=secret)
    return {"id": made.id, "secret": secret}

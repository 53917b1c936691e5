"""Keystone's WSGI application; a new database gets its users, projects and catalogue."""
import os
import uuid

from loopback import in_child, settings, sqlite


def fill():
    from keystone.cmd import bootstrap
    from keystone.common import provider_api, sql
    from keystone.common.sql import upgrades
    from keystone.server import configure
    from keystone.server.flask.core import _get_config_files

    configure(config_files=_get_config_files())
    sql.initialize()
    upgrades.offline_sync_database_to_version()
    make_keys()
    first = bootstrap.Bootstrapper()
    first.admin_username = first.project_name = first.admin_role_name = "admin"
    first.admin_password = settings()["password"]
    first.service_name, first.region_id = "keystone", "RegionOne"
    first.public_url = first.internal_url = first.admin_url = settings()["identity"]
    first.bootstrap()
    api = provider_api.ProviderAPIs
    make_catalogue(api)
    make_people(api, first)


def make_keys():
    import keystone.conf
    from keystone.common import fernet_utils

    for group in ("fernet_tokens", "credential"):
        folder = keystone.conf.CONF[group].key_repository
        os.makedirs(folder, mode=0o700, exist_ok=True)
        keys = fernet_utils.FernetUtils(folder, 3, group)
        keys.create_key_directory()
        keys.initialize_key_repository()


def make_catalogue(api):
    for name, kind in (("glance", "image"), ("placement", "placement"), ("nova", "compute"), ("neutron", "network")):
        service = uuid.uuid4().hex
        api.catalog_api.create_service(service, {"id": service, "type": kind, "name": name, "enabled": True})
        for interface in ("public", "internal", "admin"):
            endpoint = uuid.uuid4().hex
            api.catalog_api.create_endpoint(endpoint, {
                "id": endpoint, "service_id": service, "interface": interface,
                "region_id": "RegionOne", "url": settings()[kind], "enabled": True,
            })


def make_people(api, first):
    service_role = uuid.uuid4().hex
    api.role_api.create_role(service_role, {"id": service_role, "name": "service"})
    services = make_project(api, "service")
    for name in ("glance", "placement", "nova", "neutron"):
        make_user(api, name, services, first.admin_role_id, service_role)
    for name in ("demo", "alt_demo"):
        make_user(api, name, make_project(api, name), first.member_role_id, first.reader_role_id)


def make_project(api, name):
    ident = uuid.uuid4().hex
    api.resource_api.create_project(
        ident, {"id": ident, "name": name, "domain_id": "default", "enabled": True, "description": ""})
    return ident


def make_user(api, name, project, *roles):
    user = api.identity_api.create_user(
        {"name": name, "password": settings()["password"], "domain_id": "default", "enabled": True})
    for role in roles:
        api.assignment_api.add_role_to_user_and_project(user["id"], project, role)


if sqlite.is_new("keystone"):
    in_child(fill)

from keystone.server.wsgi import initialize_public_application  # noqa: E402

application = initialize_public_application()

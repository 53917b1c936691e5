"""Where this OpenStack keeps its things, and which ports it has."""
import json
import os
import pathlib
import secrets
import socket
import string

HOST = "127.0.0.1"
HERE = pathlib.Path(__file__).resolve().parent.parent
PORTS = ("keystone", "glance", "placement", "neutron", "nova")


class Unusable(Exception):
    """Something the user has to change; the text says what."""


def default_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(os.environ.get("OS_DIR") or os.path.join(cache, "cloudmesh-openstack"))


class Layout:
    def __init__(self):
        self.root = default_folder().absolute()
        for name in ("etc", "var", "log", "run", "pristine"):
            setattr(self, name, self.root / name)
        self.clouds = self.root / "clouds.yaml"
        self.environment = self.root / "environment"
        self.password = ""
        self.ports = {}

    def prepare(self):
        """Makes the folders; takes password and ports from the last time, if the ports are still free."""
        for folder in (self.root, self.etc, self.log, self.run):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = self.root / "settings.json"
        before = json.loads(kept.read_text()) if kept.exists() else {}
        self.password = before.get("password") or secrets.token_urlsafe(12)
        self.ports = choose_ports(before.get("ports", {}))
        write_secret(kept, json.dumps({"password": self.password, "ports": self.ports}))

    def values(self):
        """All that the configuration templates may name."""
        from . import hypervisor
        url = {name: f"http://{HOST}:{port}" for name, port in self.ports.items()}
        databases = ("keystone", "glance", "placement", "neutron", "nova_api", "nova_cell1")
        return {
            "host": HOST, "etc": self.etc, "var": self.var, "log": self.log, "password": self.password,
            "identity": url["keystone"] + "/v3", "image": url["glance"], "placement": url["placement"],
            "network": url["neutron"], "compute": url["nova"] + "/v2.1",
            "compute_driver": hypervisor.driver(), "libvirt_uri": hypervisor.uri(self),
            **{f"port_{name}": port for name, port in self.ports.items()},
            **{f"db_{name}": f"sqlite:///{self.var}/db/{name}.db?timeout=30&check_same_thread=false"
               for name in databases},
        }

    def settings(self):
        """The same for the services' own code."""
        names = ("identity", "image", "placement", "network", "compute", "password")
        return json.dumps({name: str(self.values()[name]) for name in names})

    def write_configuration(self):
        values = self.values()
        account = string.Template((HERE / "etc" / "service-account.part").read_text()).substitute(values)
        for template in (HERE / "etc").glob("*.*"):
            if template.suffix in (".conf", ".ini"):
                text = string.Template(template.read_text())
                write_secret(self.etc / template.name, text.substitute(values, service_account=account))

    def write_clouds(self, credential):
        """clouds.yaml for the clients, and a file to source."""
        names = {name: self.password_cloud(name) for name in ("demo", "admin", "alt_demo")}
        names["demo-appcred"] = {
            "auth_type": "v3applicationcredential",
            "auth": {"auth_url": self.values()["identity"], "application_credential_id": credential["id"],
                     "application_credential_secret": credential["secret"]},
        }
        clouds = {name: {**cloud, "region_name": "RegionOne", "identity_api_version": 3}
                  for name, cloud in names.items()}
        # JSON is YAML; Debian's python alone has no YAML writer.
        write_secret(self.clouds, json.dumps({"clouds": clouds}, indent=2) + "\n")
        write_secret(self.environment, f"export OS_CLIENT_CONFIG_FILE='{self.clouds}' OS_CLOUD=demo\n")

    def password_cloud(self, name):
        return {"auth": {
            "auth_url": self.values()["identity"], "username": name, "password": self.password,
            "project_name": name, "user_domain_name": "Default", "project_domain_name": "Default",
        }}


def choose_ports(before):
    """OS_PORT_KEYSTONE and the like are kept to; the others are last time's, or any free ones."""
    given = {name: os.environ.get(f"OS_PORT_{name.upper()}") for name in PORTS}
    held, ports = [], {}
    try:
        for name in PORTS:
            wish = int(given[name] or before.get(name) or 0)
            held.append(hold(name, wish, bool(given[name])))
            ports[name] = held[-1].getsockname()[1]
    finally:
        for one in held:
            one.close()
    return ports


def hold(name, port, strict):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind((HOST, port))
    except OSError as error:
        if strict:
            raise Unusable(f"port {port} is taken: set OS_PORT_{name.upper()} to another, or not at all") from error
        one.bind((HOST, 0))
    return one


def write_secret(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)

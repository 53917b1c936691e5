"""Emulators as programs, and configurations of clouds that they serve."""
import json
import os
import re
import subprocess
import time
import urllib.request


class Emulator:
    """A cloud on loopback, in a process of its own."""

    def __init__(self, program, folder, *options):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.log = open(os.path.join(folder, "log"), "wb")
        self.process = subprocess.Popen([program, "--write", folder, *options], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        for _ in range(600):
            if b"Ctrl-C" in self.told():
                break
            time.sleep(0.05)
        with open(os.path.join(folder, "clouds.yaml"), encoding="utf-8") as file:
            self.clouds_yaml = file.read()

    def told(self):
        with open(os.path.join(self.folder, "log"), "rb") as file:
            return file.read()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def value(self, key):
        """What `clouds.yaml` says first under a key."""
        return re.search(rf"{key}: ['\"]?([^'\"\n]+)", self.clouds_yaml).group(1)

    def auth(self):
        return {"auth_url": self.value("auth_url"), "username": self.value("username"),
                "password": self.value("password"), "project_name": self.value("project_name"),
                "user_domain_name": "Default", "project_domain_name": "Default"}

    def entry(self):
        """This cloud in a `cloudmesh.yaml`."""
        return {"cm": {"kind": "openstack"}, "credentials": {"auth": self.auth(), "region": "RegionOne"},
                "defaults": {"image": "tinyboot", "size": "m1.nano", "network": "private"}}

    def names(self):
        """The names of all servers there are, asked for without any of the programs that are measured."""
        auth = self.auth()
        domain = {"name": "Default"}
        user = {"name": auth["username"], "password": auth["password"], "domain": domain}
        body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}},
                         "scope": {"project": {"name": auth["project_name"], "domain": domain}}}}
        ask = urllib.request.Request(f"{auth['auth_url']}/auth/tokens", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
        with patiently(ask) as answer:
            token = answer.headers["X-Subject-Token"]
        names, at = [], f"{auth['auth_url'].removesuffix('/identity/v3')}/compute/v2.1/servers"
        while at:
            with patiently(urllib.request.Request(at, headers={"X-Auth-Token": token})) as answer:
                page = json.load(answer)
            names += [server["name"] for server in page["servers"]]
            at = next((link["href"] for link in page.get("servers_links", []) if link["rel"] == "next"), None)
        return names


def patiently(ask):
    """Sends a request until it is not refused as one too many."""
    while True:
        try:
            return urllib.request.urlopen(ask)
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise


def configuration(folder, clouds):
    """Writes a `cloudmesh.yaml` (JSON is YAML) with these clouds and gives its folder."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "cloudmesh.yaml")
    file = {"cloudmesh": {"profile": {"user": "bench"}, "default": {"cloud": next(iter(clouds))}, "compute": clouds}}
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(file, out, indent=1)
    return folder

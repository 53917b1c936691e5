#!/usr/bin/env python3
"""Tells where openstacksdk would sign in, for cases that are read as lines of JSON.

A case is {"env": {...}, "folder": "...", "cloud": ..., "region": ...}; the answer is a line of facts, or of why there
are none. No request is sent.
"""
import importlib
import json
import os
import sys
import warnings

from openstack.config import loader

KEEP = ("PATH", "LANG")
AUTH = ("auth_url", "username", "user_id", "user_domain_name", "user_domain_id", "project_name", "project_id",
        "project_domain_name", "project_domain_id", "domain_name", "domain_id", "system_scope",
        "application_credential_id", "token")


def facts(case):
    for name in [name for name in os.environ if name not in KEEP]:
        del os.environ[name]
    os.environ.update(case["env"])
    os.chdir(case["folder"])
    region = {"region_name": case["region"]} if case["region"] else {}
    cloud = importlib.reload(loader).OpenStackConfig().get_one(cloud=case["cloud"], **region)
    verify, cert = cloud.get_requests_verify_args()
    auth = {name: str(value) for name, value in cloud.config["auth"].items() if name in AUTH and value}
    return {"auth": auth, "region": cloud.config["region_name"] or None, "interface": cloud.get_interface(),
            "verify": verify, "cert": cert}


def main():
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        try:
            told = facts(json.loads(line))
        except Exception as error:  # whatever it is, the client would stop there
            told = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()

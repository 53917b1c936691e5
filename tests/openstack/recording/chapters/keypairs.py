"""Key pairs: imported, generated, twice, badly."""

PUBLIC = ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKNkPpg0pPUi4yqWTbYdWhbHuUs5yS1bSaqbbxGHCsfN "
          "someone@example.org")


def key(**fields):
    return {"keypair": fields}


def record(to):
    name = f"{to.cloud.names['prefix']}-key"
    ask = to.at("keypairs", "compute", telling=("type", "deleted", "deleted_at"))

    def mine(body):
        return {"keypairs": [one for one in body["keypairs"] if one["keypair"]["name"] == name]}

    ask("import", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC))
    ask("import_twice", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC))
    ask("list", "GET", "/os-keypairs", pick=mine)
    ask("list_2_2", "GET", "/os-keypairs", pick=mine, version="2.2")
    ask("first_page_2_35", "GET", "/os-keypairs?limit=1", version="2.35")
    ask("show", "GET", f"/os-keypairs/{name}")
    ask("show_2_2", "GET", f"/os-keypairs/{name}", version="2.2")
    ask("delete", "DELETE", f"/os-keypairs/{name}")
    ask("delete_again", "DELETE", f"/os-keypairs/{name}")
    ask("unknown", "GET", f"/os-keypairs/{name}")
    ask("generate", "POST", "/os-keypairs", body=key(name=name))
    to.request("keypairs.clean", "DELETE", "compute", f"/os-keypairs/{name}")
    ask("import_2_2", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC, type="ssh"), version="2.2")
    ask("delete_2_2", "DELETE", f"/os-keypairs/{name}", version="2.2")
    ask("generate_2_92", "POST", "/os-keypairs", body=key(name=name), version="2.92")
    ask("bad_public_key", "POST", "/os-keypairs", body=key(name=name, public_key="not a key"))
    ask("bad_name", "POST", "/os-keypairs", body=key(name="no/slash", public_key=PUBLIC))
    ask("empty_name", "POST", "/os-keypairs", body=key(name="", public_key=PUBLIC))
    ask("no_name", "POST", "/os-keypairs", body=key(public_key=PUBLIC))
    ask("no_keypair", "POST", "/os-keypairs", body={})
    ask("bad_type", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC, type="gpg"), version="2.2")

"""Key pairs: imported, generated, twice, badly."""

PUBLIC = ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKNkPpg0pPUi4yqWTbYdWhbHuUs5yS1bSaqbbxGHCsfN "
          "someone@example.org")
BLOB = PUBLIC.split()[1]
RSA = ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7bq4kYVJQ7C2vTQJ6Xo0v9K0s5b3m8yq5yXc1z3v0GZ5w2Qm8bq4kYVJQ7C2vTQJ6Xo0v9K0s5b3m"
       "8yq5yXc1z3v0GZ5w2Qm8bq4kYVJQ7C2vTQJ6Xo0v9K0s5b3m8yq5yXc1z3v0GZ5w2Qm8bq4kYVJQ7C2vTQJ6Xo0v9K0s5b3m8yq5yXc1z3v0GZ5w")
PRIVATE = """-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
-----END OPENSSH PRIVATE KEY-----
"""


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
    texts(to, ask, name)
    names(to, ask)
    types(to, ask, name)


def texts(to, ask, name):
    """What counts as a public key."""
    for step, text in (
        ("no_comment", PUBLIC.rsplit(" ", 1)[0]),
        ("comment_words", f"{PUBLIC} and more"),
        ("newline", f"{PUBLIC}\n"),
        ("windows", f"{PUBLIC}\r\n"),
        ("blank_first", f" {PUBLIC}"),
        ("two_blanks", PUBLIC.replace(" ", "  ", 1)),
        ("tab", PUBLIC.replace(" ", "\t", 1)),
        ("two_lines", f"{PUBLIC}\n{PUBLIC}\n"),
        ("cut", PUBLIC[:60]),
        ("one_less", f"ssh-ed25519 {BLOB[:-4]} x"),
        ("one_more", f"ssh-ed25519 {BLOB}AAAA x"),
        ("wrong_kind", f"ssh-rsa {BLOB} x"),
        ("unknown_kind", f"ssh-telegraph {BLOB} x"),
        ("options", f'command="x" {PUBLIC}'),
        ("rsa_broken", RSA),
        ("dsa", "ssh-dss AAAAB3NzaC1kc3MAAACB"),
        ("security_key", "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIKNkPpg0pPUi4yqWTbYdWhb"
                         "HuUs5yS1bSaqbbxGHCsfNAAAABHNzaDo="),
        ("private", PRIVATE),
        ("empty", ""),
        ("number", 7),
        ("null", None),
    ):
        answer = ask(f"text_{step}", "POST", "/os-keypairs", body=key(name=name, public_key=text), version="2.2")
        if answer.status_code == 201:
            to.request("keypairs.clean", "DELETE", "compute", f"/os-keypairs/{name}")


def names(to, ask):
    for step, name in (("dots", "a.b"), ("at", "a@b"), ("blank", "a b"), ("blank_ends", " a "), ("long", "n" * 256),
                       ("longest", "n" * 255), ("umlaut", "grün"), ("number", 7), ("null", None), ("tab", "a\tb")):
        for version in ("2.2", "2.92"):
            answer = ask(f"name_{step}_{version.replace('.', '_')}", "POST", "/os-keypairs",
                         body=key(name=name, public_key=PUBLIC), version=version)
            if answer.status_code == 201:
                to.request("keypairs.clean", "DELETE", "compute", f"/os-keypairs/{name}")


def types(to, ask, name):
    ask("x509_no_certificate", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC, type="x509"),
        version="2.2")
    ask("type_too_early", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC, type="ssh"))
    ask("user_too_early", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC, user_id="x"), version="2.9")
    ask("user_other", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC, user_id="x"), version="2.10")
    ask("list_other_user", "GET", "/os-keypairs?user_id=x", version="2.10")
    ask("show_other_user", "GET", f"/os-keypairs/{name}?user_id=x", version="2.10")
    ask("delete_other_user", "DELETE", f"/os-keypairs/{name}?user_id=x", version="2.10")
    ask("bad_marker", "GET", "/os-keypairs?marker=no-such-key", version="2.35")
    ask("bad_limit", "GET", "/os-keypairs?limit=many", version="2.35")
    ask("strange_query", "GET", "/os-keypairs?colour=blue", version="2.75")
    ask("strange", "POST", "/os-keypairs", body=key(name=name, public_key=PUBLIC, colour="blue"))
    ask("no_object", "POST", "/os-keypairs", body={"keypair": [1]})
    ask("wrong_method", "PUT", f"/os-keypairs/{name}", body={})

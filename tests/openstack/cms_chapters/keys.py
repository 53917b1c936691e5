"""SSH keys: made here, kept here, brought to the cloud."""
import stat


def agree(stage, step, wanted):
    """Both clients and `cms` see these keys; returns their fingerprints."""
    seen, told = stage.witness.keys()
    stage.checks.equal(f"{step}: keys", sorted(seen), sorted(wanted))
    stage.checks.equal(f"{step}: `openstack` on keys", told, seen)
    listed = stage.cms("key", "list", f"{stage.args.prefix}*", code=0 if wanted else 4)["keys"]
    stage.checks.equal(f"{step}: cms key list", {key["name"]: key["vendor_fingerprint"] for key in listed}, seen)
    return seen


def record(stage):
    made = {kind: make(stage, kind) for kind in ("ed25519", "rsa")}
    bring(stage, made)
    refuse(stage, made)
    lose(stage, made)


def make(stage, kind):
    name, file = stage.name(f"key-{kind}"), stage.cms.folder / f"id_{kind}"
    stage.cms("key", "gen", name, "--type", kind, "--file", str(file))
    stage.checks.equal(f"rights of the private {kind} key", stat.S_IMODE(file.stat().st_mode), 0o600)
    stage.checks.holds(f"private {kind} key", file.read_text(), "PRIVATE KEY")
    here = stage.cms("key", "list", name, "--local")["keys"]
    line = file.with_suffix(".pub").read_text().split()
    stage.checks.equal(f"{kind} key here", [key["public_key"].split()[:2] for key in here], [line[:2]])
    return name


def bring(stage, made):
    before = dict(agree(stage, "before keys", [stage.key]))
    plan = stage.cms.planned("key", "upload", *made.values())
    stage.checks.equal("plan of uploads", sorted(plan), sorted(("key_upload", name) for name in made.values()))
    stage.checks.equal("keys after a dry run", agree(stage, "dry upload", [stage.key]), before)
    for outcome in ("uploaded", "already there"):
        done = stage.cms.outcomes("key", "upload", *made.values())
        stage.checks.equal("uploads", done, dict.fromkeys(made.values(), outcome))
        agree(stage, outcome, [stage.key, *made.values()])
    for kind, name in made.items():
        kept = stage.sdk.compute.get_keypair(name).public_key.split()[:2]
        stage.checks.equal(f"{kind} key there", kept, (stage.cms.folder / f"id_{kind}.pub").read_text().split()[:2])


def refuse(stage, made):
    keys = [stage.key, *made.values()]
    other, name = stage.cms.folder / "id_rsa.pub", made["ed25519"]
    before = agree(stage, "before another key", keys)
    stage.cms.refused("key", "upload", name, "--file", str(other), code=1, told="another")
    stage.checks.equal("a key of the same name", agree(stage, "another key", keys), before)
    done = stage.cms.outcomes("key", "upload", name, "--file", str(other), "--force")
    stage.checks.equal("replaced", done, {name: "replaced"})
    after = agree(stage, "replaced", keys)
    stage.checks.equal("the other key", after[name], after[made["rsa"]])
    windows = stage.cms.write("windows.pub", (stage.cms.folder / "id_ed25519.pub").read_text().replace("\n", "\r\n"))
    stage.cms.outcomes("key", "upload", name, "--file", windows, "--force")
    stage.checks.equal("a key with Windows line ends", agree(stage, "windows", keys)[name], before[name])
    private = stage.cms.folder / "id_ed25519"
    inside = private.read_text().splitlines()[2]
    for verb in (["add", stage.name("bad"), str(private)], ["upload", stage.name("bad"), "--file", str(private)]):
        stage.cms.refused("key", *verb, code=2, told="private key")
        stage.checks.equal(f"`cms key {verb[0]}` shows the private key", inside in stage.cms.said, False)
    dsa = stage.cms.write("dsa.pub", "ssh-dss AAAAB3NzaC1kc3MAAACBAMevWRYm old@machine\n")
    stage.cms.refused("key", "add", stage.name("bad"), dsa, code=2, told="ssh-dss")
    agree(stage, "after bad keys", keys)


def lose(stage, made):
    names = list(made.values())
    stage.checks.equal("plan of deletes", stage.cms.planned("key", "delete", names[0]), [("key_delete", names[0])])
    stage.cms.refused("key", "delete", names[0], code=2, told="--yes")
    agree(stage, "before deletes", [stage.key, *names])
    done = stage.cms.outcomes("key", "delete", *names, "--yes")
    stage.checks.equal("deletes", done, dict.fromkeys(names, "deleted"))
    agree(stage, "after deletes", [stage.key])
    stage.cms("key", "delete", names[0], "--yes", code=4)
    stage.cms("key", "delete", *names, "--local", "--yes")
    stage.cms("key", "list", names[0], "--local", code=4)

"""Key pairs."""
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl first"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEVtdWxhdGVkQ2xvdWRtZXNoRGVtb0tleTAwMDAwMDAw other"


def record(to):
    name = to.name("key")
    made = to.call("keys.import", "import_key_pair", KeyName=name, PublicKeyMaterial=ED25519.encode())
    to.fact("keys.import.told", (made.get("KeyName") == name, made.get("KeyPairId", "").startswith("key-")), (True, True))
    to.call("keys.same_name", "import_key_pair", KeyName=name, PublicKeyMaterial=OTHER.encode(),
            code="InvalidKeyPair.Duplicate")
    found = to.call("keys.look", "describe_key_pairs", KeyNames=[name], IncludePublicKey=True)["KeyPairs"]
    to.fact("keys.look.told", [(one["KeyFingerprint"] == made["KeyFingerprint"], one.get("KeyType"),
                                one.get("PublicKey", "").split()[:2] == ED25519.split()[:2]) for one in found],
            [(True, "ed25519", True)])
    wild = [{"Name": "key-name", "Values": [f"{to.prefix}*"]}]
    found = to.call("keys.by_pattern", "describe_key_pairs", Filters=wild)["KeyPairs"]
    to.fact("keys.by_pattern.told", [one["KeyName"] for one in found], [name])
    made = to.call("keys.made_there", "create_key_pair", KeyName=to.name("rsa"), KeyType="rsa")
    to.fact("keys.made_there.told", ("PRIVATE KEY" in made.get("KeyMaterial", ""), made.get("KeyFingerprint", "").count(":")),
            (True, 19))
    to.call("keys.bad", "import_key_pair", KeyName=to.name("bad"), PublicKeyMaterial=b"nonsense", code=("InvalidKey.Format", "InvalidKeyPair.Format"))
    to.call("keys.missing", "describe_key_pairs", KeyNames=[to.name("none")], code="InvalidKeyPair.NotFound")
    for end in ("key", "rsa", "none"):
        to.call(f"keys.delete_{end}", "delete_key_pair", KeyName=to.name(end))
    to.call("keys.gone", "describe_key_pairs", KeyNames=[name], code="InvalidKeyPair.NotFound")

//! Key pairs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::land::key::KeyPair;
use super::land::public_key::PublicKey;
use super::land::{Land, ids, new_key};
use super::listing::{chosen, one};
use super::xml::Xml;
use super::{land, tagging};

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "CreateKeyPair", run: create },
    Action { name: "DeleteKeyPair", run: delete },
    Action { name: "DescribeKeyPairs", run: describe },
    Action { name: "ImportKeyPair", run: import },
];

fn import(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let name = params.required("KeyName")?;
    let material = params.required("PublicKeyMaterial")?;
    let tags = tagging::specified_for(&params, ids::KEY_PAIR)?;
    let quota = call.twist().quota;
    let land = call.change()?;
    if quota {
        return Err(too_many());
    }
    let no_key = |_| Fault::new("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
    let key = PublicKey::parse(&STANDARD.decode(material).map_err(no_key)?)?;
    let fingerprint = key.fingerprint();
    let id = land.add_key(name, key, fingerprint, &tags)?;
    Ok(made(land, &id, None))
}

fn create(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let name = params.required("KeyName")?;
    let kind = params.choice("KeyType", &["rsa", "ed25519"])?.unwrap_or("rsa");
    if params.choice("KeyFormat", &["pem", "ppk"])? == Some("ppk") {
        return Err(Fault::new("UnsupportedOperation", "Keys are given as `pem` only, not as `ppk`"));
    }
    let tags = tagging::specified_for(&params, ids::KEY_PAIR)?;
    let quota = call.twist().quota;
    let land = call.change()?;
    if quota {
        return Err(too_many());
    }
    if land.key(name).is_some() {
        return Err(Fault::new("InvalidKeyPair.Duplicate", format!("The keypair already exists: {name}")));
    }
    let key = if kind == "rsa" { new_key::rsa() } else { new_key::ed25519() };
    let told = || Fault::with_status(500, "InternalError", "An internal error has occurred");
    let key = key.ok_or_else(told)?;
    let id = land.add_key(name, key.public, key.fingerprint, &tags)?;
    Ok(made(land, &id, Some(&key.private)))
}

fn too_many() -> Fault {
    Fault::new("KeyPairLimitExceeded", "The maximum number of key pairs has been reached.")
}

/// What is told about a pair that is new.
fn made(land: &Land, id: &str, private: Option<&str>) -> Xml {
    let mut xml = Xml::new();
    if let Some(pair) = land.keys.get(id) {
        xml.text("keyName", &pair.name);
        xml.text("keyFingerprint", &pair.fingerprint);
        xml.maybe("keyMaterial", private);
        xml.text("keyPairId", id);
        tagging::write(&mut xml, land.tags.of(id));
    }
    xml
}

fn delete(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (name, id) = (params.text("KeyName"), params.text("KeyPairId"));
    let land = call.change()?;
    if name.is_none() && id.is_none() {
        return Err(Fault::missing("KeyName"));
    }
    let gone = land.remove_key(name, id);
    let mut xml = Xml::done();
    xml.maybe("keyPairId", gone);
    Ok(xml)
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (names, wanted) = (params.list("KeyName"), params.list("KeyPairId"));
    let public = params.flag("IncludePublicKey")?.unwrap_or(false);
    let filters = Filters::read(&params, &["key-pair-id", "fingerprint", "key-name", "tag-key"])?;
    let land = call.look()?;
    if let Some(name) = names.iter().find(|name| land.key(name).is_none()) {
        return Err(Land::no_key(name));
    }
    let is_meant = |pair: &KeyPair| names.is_empty() || names.contains(&pair.name.as_str());
    let passes = |pair: &KeyPair| {
        filters.pass(|filter| match filter {
            "key-pair-id" => one(&pair.id),
            "fingerprint" => one(&pair.fingerprint),
            "key-name" => one(&pair.name),
            _ => tagging::values(land.tags.of(&pair.id), filter),
        })
    };
    let found = chosen(&land.keys, ids::KEY_PAIR, &wanted)?.into_iter().map(|(_, pair)| pair);
    let mut xml = Xml::new();
    xml.set("keySet", found.filter(|pair| is_meant(pair) && passes(pair)), |xml, pair| {
        xml.text("keyPairId", &pair.id);
        xml.text("keyName", &pair.name);
        xml.text("keyFingerprint", &pair.fingerprint);
        xml.text("keyType", pair.public.kind().name());
        if public {
            xml.text("publicKey", format!("{}\n", pair.public.line(&pair.name)));
        }
        xml.text("createTime", land::time(pair.created));
        tagging::write(xml, land.tags.of(&pair.id));
    });
    Ok(xml)
}

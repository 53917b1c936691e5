//! What AWS would refuse, or take for something else, told before anything is sent.

use std::collections::BTreeMap;

use cloudmesh_abstract::{Error, ErrorKind, NodeSpec, Result};

use crate::map::node::NAME;

/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions>.
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;
const MOST_TAGS: usize = 50;
/// How the keys begin that AWS keeps for itself.
const RESERVED: &str = "aws:";
/// The longest user data, before it is encoded:
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html>.
const LONGEST_USER_DATA: usize = 16 * 1024;
/// The longest `ClientToken`.
const LONGEST_TOKEN: usize = 64;

/// Checks what can be checked without a look at the cloud.
pub(crate) fn spec(spec: &NodeSpec) -> Result<()> {
    name(&spec.name)?;
    tags(&spec.tags(), 1)?;
    token(spec.token.as_str())?;
    if let Some(data) = &spec.user_data {
        user_data(data.expose())?;
    }
    if spec.disk_gb == Some(0) {
        return Err(bad("a disk of 0 GiB is none; ask for 1 GiB or more, or leave it out"));
    }
    if spec.spot && spec.hibernate {
        let why = "a spot instance that is asked for once can only be deleted, not stopped with its memory kept";
        return Err(bad(format!("{why}; leave out `spot` or `hibernate`")));
    }
    if spec.public == Some(true) && spec.networks.len() > 1 {
        let why = "AWS gives a public address only to a new instance on one network";
        return Err(bad(format!("{why}; name one network, or attach an address when it is there")));
    }
    Ok(())
}

/// Checks a name, which is the value of a tag.
pub(crate) fn name(name: &str) -> Result<()> {
    let why = if name.is_empty() {
        "must not be empty"
    } else if name.chars().any(char::is_control) {
        "must not hold control characters"
    } else if name.chars().count() > LONGEST_VALUE {
        "must not be longer than 256 letters"
    } else {
        return Ok(());
    };
    Err(bad(format!("the name `{name}` {why}; choose another one")))
}

/// Checks tags of which so many others stand beside them.
pub(crate) fn tags(tags: &BTreeMap<String, String>, others: usize) -> Result<()> {
    for (key, value) in tags {
        self::key(key)?;
        self::value(key, value)?;
    }
    let count = tags.len() + others;
    if count > MOST_TAGS {
        let message =
            format!("{count} tags with our marks and the name are too many; AWS takes {MOST_TAGS}, use fewer");
        return Err(bad(message));
    }
    Ok(())
}

/// Checks the key of a tag.
pub(crate) fn key(key: &str) -> Result<()> {
    let lower = key.get(..RESERVED.len()).map(str::to_lowercase);
    let why = if key == NAME {
        "is the name of the node; rename it instead"
    } else if key.is_empty() {
        "must not be empty; give it one letter or more"
    } else if key.chars().count() > LONGEST_KEY {
        "must not be longer than 128 letters; shorten it"
    } else if key.chars().any(char::is_control) {
        "must not hold control characters; leave them out"
    } else if lower.as_deref() == Some(RESERVED) {
        "begins with `aws:`, which AWS keeps for itself; choose another one"
    } else {
        return Ok(());
    };
    Err(bad(format!("the tag `{key}` {why}")))
}

/// Whether a tag of this key may exist.
pub(crate) fn may_be_there(key: &str) -> bool {
    !key.is_empty() && key.chars().count() <= LONGEST_KEY && !key.chars().any(char::is_control)
}

fn value(key: &str, value: &str) -> Result<()> {
    let why = if value.chars().count() > LONGEST_VALUE {
        "must not be longer than 256 letters; shorten it"
    } else if value.chars().any(char::is_control) {
        "must not hold control characters; leave them out"
    } else {
        return Ok(());
    };
    Err(bad(format!("the value of the tag `{key}` {why}")))
}

fn token(token: &str) -> Result<()> {
    if token.is_ascii() && !token.is_empty() && token.len() <= LONGEST_TOKEN {
        return Ok(());
    }
    let length = token.len();
    Err(bad(format!("a token of {length} bytes is none that AWS takes; use 1 to {LONGEST_TOKEN} ASCII characters")))
}

fn user_data(data: &str) -> Result<()> {
    let length = data.len();
    if length <= LONGEST_USER_DATA {
        return Ok(());
    }
    let message = format!("the user data has {length} bytes, and AWS takes {LONGEST_USER_DATA} (16 KiB)");
    Err(bad(format!("{message}; let a short script fetch the rest")))
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::{key, spec};
    use cloudmesh_abstract::{ErrorKind, NodeSpec, Token, UserData};

    fn least() -> NodeSpec {
        NodeSpec::new("web-1", "ubuntu-24.04", "t3.micro")
    }

    fn crowded(tags: usize) -> NodeSpec {
        (0..tags).fold(least(), |spec, number| spec.with_metadata(format!("t{number}"), "x"))
    }

    #[test]
    fn what_aws_would_refuse_is_not_sent() {
        let named = |name: &str| NodeSpec::new(name, "i", "f");
        let table = [
            (named(""), "the name `` must not be empty"),
            (named("a\nb"), "must not hold control characters"),
            (named(&"n".repeat(257)), "must not be longer than 256 letters"),
            (least().with_metadata("", "x"), "must not be empty"),
            (least().with_metadata("Name", "x"), "rename it instead"),
            (least().with_metadata("AWS:x", "x"), "AWS keeps for itself"),
            (least().with_metadata("k".repeat(129), "x"), "must not be longer than 128 letters"),
            (least().with_metadata("tab\t", "x"), "must not hold control characters"),
            (least().with_metadata("k", "x".repeat(257)), "must not be longer than 256 letters"),
            (least().with_metadata("k", "a\u{7}"), "the value of the tag `k` must not hold control characters"),
            (crowded(47), "51 tags with our marks and the name are too many; AWS takes 50"),
            (least().with_token(Token::new("t".repeat(65))), "a token of 65 bytes"),
            (least().with_token(Token::new("ä")), "1 to 64 ASCII characters"),
            (least().with_disk_gb(0), "a disk of 0 GiB is none"),
            (least().with_spot(true).with_hibernate(true), "leave out `spot` or `hibernate`"),
            (least().with_public(true).with_network("a").with_network("b"), "name one network"),
        ];
        for (bad, why) in table {
            let error = spec(&bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.message().contains(why), "{error} does not say `{why}`");
        }
        let good = [
            crowded(46),
            named(&"ä".repeat(256)),
            least().with_metadata("k:/=+@ (ä)", "x".repeat(256)).with_spot(true).with_disk_gb(8),
            least().with_public(false).with_network("a").with_network("b"),
        ];
        for good in good {
            spec(&good).unwrap();
        }
    }

    #[test]
    fn user_data_has_a_limit_that_is_told_with_its_size() {
        let data = |length: usize| least().with_user_data(UserData::new("x".repeat(length)));
        assert!(spec(&data(16_384)).is_ok());
        let error = spec(&data(16_385)).unwrap_err();
        assert!(error.message().contains("16385 bytes, and AWS takes 16384"), "{error}");
        assert!(!error.to_string().contains("xxx"));
    }

    #[test]
    fn a_short_key_is_no_reserved_one() {
        for good in ["aws", "aws-x", "a", "äws:", "xaws:y"] {
            assert!(key(good).is_ok(), "{good}");
        }
    }
}

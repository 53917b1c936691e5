use proptest::prelude::{prop_assert_eq, proptest};

use super::{KeyPair, PublicKey};
use crate::ErrorKind;

/// Keys, their sizes and fingerprints, as `ssh-keygen` made them and tells them. Nobody has their private halves.
const KEYS: [(&str, usize, &str, &str); 7] = [
    (
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMC3h9lHvDFKtlKT6DH5TkCYbw4nHXR8Ys6xwDsN1Tvu ed25519",
        256,
        "SHA256:QlDBryxs35Q916GseIS6aqLzhIIDFa++31mdGOIUiTg",
        "45:ab:b8:5d:d9:bd:dd:81:c4:70:9c:77:cc:d0:0f:b9",
    ),
    (
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDOFY4CSJVwyrnVNrqE4EXzkc80YekWkFJOouyBwCz75Dn9/923YHLz/kuwOzvh+x/v23hKAJ3/AstPPnRLyDBsOZt3wLxhOmVApulnykNpz/J8CPA7QmbxhValcOrwe9MZHPWZGi34A47lPA9BrXM3lXnzsUUPNjq/avFDUfG93SAEc5Cb0AsJQnJUKdHCVA7uWW9qAZE3rGte66crfplPXyQp6oMadTHTD+t3l0VKSha/jzzeLRgO2xMrKZacvSQXUJv+RMhb/8vY/wTKyk4rQDIRfs3z85ez8AprN0F3FjJQCD/xr9IJ0lbQQaGa4NrAAWp3vVLAd23X/kf3u2Jp rsab2048",
        2048,
        "SHA256:yqZFbTAnV8AtUpzB553ddmPELVByGqbq7u6/W+4l69s",
        "3b:31:0f:14:44:30:6e:30:86:c0:5c:d4:ab:90:89:01",
    ),
    (
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBH3N/uwQHS0yLr3TlUdbuCWVU+wv2oaIVclbXFhZ2UQ0XmPmUYO7sP2r6vkD5fMctwz5mxuAPIIB/MNeUwcCAVw= ecdsab256",
        256,
        "SHA256:jE/zKMEIsM6g3BybTzacwTBQYQNF+uoLZobbv6ryYPs",
        "83:e0:30:d3:5c:85:49:ca:5c:27:57:92:01:a9:88:8c",
    ),
    (
        "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBDuMjCE5VzKvhp3ABu7aMJNSYlqKEktywEpcBTTOwjvLXXYqR/B8V5X9z1n4fb2duaXKMGr59H3iX0mwx2IXzp3zNRO3dfNGHqrbSFP2reiZ1MbVj7RR40KQu6j7Ug5yxQ== ecdsab384",
        384,
        "SHA256:hKLu4tQzE3WTj7o603/B5tHc9meIkpZKEU8iWpXQ0X8",
        "66:de:27:e6:3f:b8:b5:46:e4:51:62:c8:10:bf:89:3e",
    ),
    (
        "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAH1ec3n5EA6vF8GnrQbfw1VCLPaci22mQ33hS//v/jD3QuHqzlZQL5+VQSRb6hTZdPvZLp0+kFz5j3B5LXqauC7hQAoe+eNItqQJglx5d6/p9onHMzJOvkTed3zL2hketQsrQsoZVYy+doFK2MasVbDIG2nxUqJoknXgTEUhRShzm0ZmA== ecdsab521",
        521,
        "SHA256:tj4EDajSOTryUOiRCSgTqGsX3Hp0UdDpM2l7arGcRyM",
        "91:a6:9a:73:e3:19:95:d1:d8:33:94:13:8d:8f:69:66",
    ),
    (
        "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIMC3h9lHvDFKtlKT6DH5TkCYbw4nHXR8Ys6xwDsN1TvuAAAABHNzaDo= token",
        256,
        "SHA256:C1nTXxNBfgnPW5zMQgj7jpixynpwcMRu82ltwVlX1Ho",
        "b2:24:c9:cb:57:90:b7:c3:a6:69:33:f4:51:22:36:c1",
    ),
    (
        "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBH3N/uwQHS0yLr3TlUdbuCWVU+wv2oaIVclbXFhZ2UQ0XmPmUYO7sP2r6vkD5fMctwz5mxuAPIIB/MNeUwcCAVwAAAAEc3NoOg== token",
        256,
        "SHA256:ssQhJyFE07J62kqTBsl7qLJTau7EGlHylRizYBAJEIs",
        "8e:70:f8:bc:03:e9:4b:dc:d3:3f:9f:81:d8:b0:9b:8a",
    ),
];

const DSA: &str = "ssh-dss AAAAB3NzaC1kc3MAAACBAMevWRYmKmYrwJ4UemwWJPERZxcQaGERo+outoJ57pW1xma0CO old@machine";

fn refusal(text: &str) -> String {
    let error = text.parse::<PublicKey>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    error.to_string()
}

#[test]
fn every_kind_of_key_is_read_as_ssh_keygen_reads_it() {
    for (text, bits, sha256, md5) in KEYS {
        let key: PublicKey = text.parse().unwrap();
        assert_eq!(key.to_string(), text);
        assert_eq!((key.bits(), key.sha256().as_str(), key.md5().as_str()), (bits, sha256, md5), "{text}");
        assert_eq!(Some(key.algorithm()), text.split(' ').next());
        assert_eq!(Some(key.comment()), text.split(' ').next_back());
    }
}

#[test]
fn a_key_is_known_by_its_fingerprint_in_every_notation() {
    let [ed25519, rsa, ..] = KEYS.map(|(text, ..)| text.parse::<PublicKey>().unwrap());
    // As `openssl md5 -c` tells it of what `ssh-keygen -e -m PKCS8` makes of the key.
    let of_der = "9e:da:f6:0b:9f:3b:8b:a9:ac:58:33:5e:63:80:24:b7";
    assert_eq!((rsa.md5_of_der().as_deref(), ed25519.md5_of_der()), (Some(of_der), None));
    for told in [of_der, &rsa.md5(), &format!("MD5:{}", rsa.md5()), &rsa.sha256(), &rsa.sha256()[7..]] {
        assert!(rsa.has_fingerprint(told) && !ed25519.has_fingerprint(told), "{told}");
    }
    assert!(ed25519.has_fingerprint("QlDBryxs35Q916GseIS6aqLzhIIDFa++31mdGOIUiTg="));
    assert!(!ed25519.has_fingerprint(""));
}

#[test]
fn line_ends_blank_lines_and_comments_do_not_matter() {
    let text = KEYS[0].0;
    let spellings = [
        format!("{text}\r\n"),
        format!("\u{feff}# mine\r\n\r\n{text}\r\n\r\n"),
        format!("  {text}\t\n"),
        format!("{text}\r"),
    ];
    for spelling in spellings {
        assert_eq!(spelling.parse::<PublicKey>().unwrap().to_string(), text, "{spelling:?}");
    }
}

#[test]
fn keys_are_the_same_whatever_their_comments() {
    let key: PublicKey = KEYS[0].0.parse().unwrap();
    let other = key.clone().with_comment("another\nmachine");
    assert_eq!((other.comment(), other.to_string().lines().count()), ("another machine", 1));
    assert!(key.is_same(&other) && key != other);
    assert!(!key.is_same(&KEYS[1].0.parse().unwrap()));
}

#[test]
fn what_is_no_public_key_is_refused_with_what_to_do() {
    let good = KEYS[0].0;
    let mut words = good.split(' ');
    let (_, data) = (words.next(), words.next().unwrap_or_default());
    let table = [
        (String::new(), "it is empty: give the line of a file that ends in `.pub`"),
        ("open sesame".into(), "it begins with none of `ssh-ed25519`, `ssh-rsa`"),
        (DSA.into(), "make another one with `ssh-keygen -t ed25519`"),
        (format!("ssh-ed25519-cert-v01@openssh.com {data}"), "it is a certificate: give the key that it is for"),
        (format!("restrict,command=\"ls\" {good}"), "there are options before it"),
        (format!("{good}\n{}", KEYS[1].0), "it has 2 lines: give one key at a time"),
        (format!("ssh-ed25519 {}\n{}", &data[..30], &data[30..]), "a key is one line, join them"),
        (format!("ssh-rsa {data}"), "what stands behind `ssh-rsa` is damaged: copy the whole line once more"),
        (format!("ssh-ed25519 {}", &data[..40]), "what stands behind `ssh-ed25519` is damaged"),
        ("ssh-ed25519".into(), "what stands behind `ssh-ed25519` is damaged"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA".into(), "convert it with `ssh-keygen -i -f FILE`"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB".into(), "convert it with `ssh-keygen -i -m PKCS8 -f FILE`"),
        ("-----BEGIN RSA PUBLIC KEY-----\nMIIB".into(), "convert it with `ssh-keygen -i -m PEM -f FILE`"),
        ("-----BEGIN CERTIFICATE-----\nMIIB".into(), "it is an X.509 certificate: give an SSH key"),
    ];
    for (text, told) in table {
        let refusal = refusal(&text);
        assert!(refusal.starts_with("that is no public key: ") && refusal.contains(told), "{text}: {refusal}");
    }
}

#[test]
fn a_private_key_is_recognised_and_never_repeated() {
    const INSIDE: &str = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";
    for kind in ["OPENSSH PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PRIVATE KEY"] {
        let refusal = refusal(&format!("-----BEGIN {kind}-----\r\n{INSIDE}\r\n-----END {kind}-----\r\n"));
        assert!(refusal.contains("give its public half, a file that ends in `.pub`"), "{refusal}");
        assert!(!refusal.contains(INSIDE));
    }
    let putty = format!("PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{INSIDE}");
    assert!(refusal(&putty).contains("it is a private key") && !refusal(&putty).contains(INSIDE));
    // The middle of one, pasted without its first line.
    assert!(!refusal(INSIDE).contains(INSIDE));
}

#[test]
fn a_key_to_upload_is_brought_to_one_line() {
    let key = |text: &str| KeyPair::new("laptop").with_public_key(text);
    assert_eq!(key(&format!("{}\r\n", KEYS[0].0)).settled().unwrap(), key(KEYS[0].0));
    assert_eq!(key("open sesame").settled().unwrap_err().kind(), ErrorKind::InvalidInput);
    let bare = KeyPair::new("laptop").settled().unwrap_err();
    assert_eq!(bare.to_string(), "the key `laptop` has no public half: give it one");
    let nameless = KeyPair::new(" ").with_public_key(KEYS[0].0).settled().unwrap_err();
    assert_eq!(nameless.to_string(), "a key needs a name: give it one");
}

proptest! {
    #[test]
    fn any_text_is_a_key_or_refused(text in "\\PC{0,200}") {
        if let Ok(key) = text.parse::<PublicKey>() {
            prop_assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key);
        }
    }

    #[test]
    fn any_comment_stays_on_its_line(comment in "[ -~\\n\\t]{0,40}") {
        let key: PublicKey = KEYS[0].0.parse().unwrap();
        let key = key.with_comment(&comment);
        prop_assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key);
    }
}

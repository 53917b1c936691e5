//! Public keys as people hand them over.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use md5::Md5;
use sha2::{Digest, Sha256};

use crate::{Error, ErrorKind, Result};

/// The public half of an SSH key, read from a file or from what somebody pasted.
///
/// It takes OpenSSH's one-line form with any line ends, and blank lines and `#` comments around it.
///
/// ```
/// use cloudmesh_abstract::PublicKey;
///
/// let text = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVJ+gdcb8H4Hl0G4M5r0d0lJyVWhXtF1b0qMYx2dQeC albert@laptop\r\n";
/// let key: PublicKey = text.parse()?;
/// assert_eq!((key.algorithm(), key.comment()), ("ssh-ed25519", "albert@laptop"));
/// assert_eq!(key.to_string(), text.trim_end());
/// # Ok::<(), cloudmesh_abstract::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    algorithm: &'static str,
    blob: Vec<u8>,
    comment: String,
    bits: usize,
}

/// What a field of a key's binary form is.
#[derive(Debug, Clone, Copy)]
enum Field {
    /// So many bytes.
    Bytes(usize),
    /// This word.
    Word(&'static str),
    /// Any text, such as the application of a security key.
    Text,
    /// A number, the exponent of an RSA key.
    Number,
    /// A number of at least so many bits, the modulus of an RSA key.
    Modulus(usize),
}

/// The algorithms that servers accept: name, size in bits where that is fixed, fields.
const ALGORITHMS: [(&str, usize, &[Field]); 7] = [
    ("ssh-ed25519", 256, &[Field::Bytes(32)]),
    ("ssh-rsa", 0, &[Field::Number, Field::Modulus(1024)]),
    ("ecdsa-sha2-nistp256", 256, &[Field::Word("nistp256"), Field::Bytes(65)]),
    ("ecdsa-sha2-nistp384", 384, &[Field::Word("nistp384"), Field::Bytes(97)]),
    ("ecdsa-sha2-nistp521", 521, &[Field::Word("nistp521"), Field::Bytes(133)]),
    ("sk-ssh-ed25519@openssh.com", 256, &[Field::Bytes(32), Field::Text]),
    ("sk-ecdsa-sha2-nistp256@openssh.com", 256, &[Field::Word("nistp256"), Field::Bytes(65), Field::Text]),
];

impl PublicKey {
    /// The algorithm, such as `ssh-ed25519`.
    pub fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    /// The size in bits.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// What stands behind the key, often who made it where; empty where nothing does.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// The same key with another comment.
    #[must_use]
    pub fn with_comment(mut self, comment: &str) -> Self {
        self.comment = one_line(comment);
        self
    }

    /// Whether both are the same key, whatever their comments.
    pub fn is_same(&self, other: &Self) -> bool {
        self.blob == other.blob
    }

    /// The fingerprint as `ssh-keygen -l` shows it: `SHA256:` and base64.
    pub fn sha256(&self) -> String {
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&self.blob)))
    }

    /// The fingerprint in the older notation: sixteen pairs of hexadecimal digits with colons between.
    pub fn md5(&self) -> String {
        pairs(&self.blob)
    }

    /// The fingerprint of an RSA key in the form of OpenSSL (`SubjectPublicKeyInfo` in DER), in the older notation, as
    /// AWS tells it; `None` for keys of other kinds.
    pub fn md5_of_der(&self) -> Option<String> {
        self.der().map(|der| pairs(&der))
    }

    /// Whether a cloud's fingerprint is that of this key, in whichever of the notations above, with or without the name
    /// of the hash before it.
    ///
    /// ```
    /// # use cloudmesh_abstract::PublicKey;
    /// # let text = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVJ+gdcb8H4Hl0G4M5r0d0lJyVWhXtF1b0qMYx2dQeC";
    /// let key: PublicKey = text.parse()?;
    /// let bare = key.sha256().replace("SHA256:", "");
    /// assert!(key.has_fingerprint(&format!("{bare}=")) && key.has_fingerprint(&key.md5()) && !key.has_fingerprint(""));
    /// # Ok::<(), cloudmesh_abstract::Error>(())
    /// ```
    pub fn has_fingerprint(&self, told: &str) -> bool {
        let bare = told.trim_start_matches("MD5:").trim_start_matches("SHA256:");
        let is_digest = |digest: &str| bare.eq_ignore_ascii_case(digest);
        self.sha256().trim_start_matches("SHA256:") == bare.trim_end_matches('=')
            || is_digest(&self.md5())
            || self.md5_of_der().is_some_and(|digest| is_digest(&digest))
    }

    /// An RSA key as `SubjectPublicKeyInfo`: <https://www.rfc-editor.org/rfc/rfc3279#section-2.3.1>.
    fn der(&self) -> Option<Vec<u8>> {
        const RSA_ENCRYPTION: [u8; 15] =
            [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
        const SEQUENCE: u8 = 0x30;
        const INTEGER: u8 = 0x02;
        const BIT_STRING: u8 = 0x03;
        if self.algorithm != "ssh-rsa" {
            return None;
        }
        let (_, rest) = split(&self.blob)?;
        let (exponent, rest) = split(rest)?;
        let (modulus, _) = split(rest)?;
        let numbers = [tagged(INTEGER, modulus), tagged(INTEGER, exponent)].concat();
        let key = [vec![0], tagged(SEQUENCE, &numbers)].concat();
        Some(tagged(SEQUENCE, &[RSA_ENCRYPTION.to_vec(), tagged(BIT_STRING, &key)].concat()))
    }
}

/// The MD5 digest as sixteen pairs of hexadecimal digits with colons between.
fn pairs(bytes: &[u8]) -> String {
    let pairs: Vec<String> = Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(":")
}

/// A value in DER: its tag, its length and itself.
fn tagged(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let digits = &length[length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1)..];
    let mut bytes = vec![tag];
    if value.len() > 0x7f {
        bytes.extend(u8::try_from(digits.len()).map(|count| 0x80 | count));
    }
    bytes.extend_from_slice(digits);
    bytes.extend_from_slice(value);
    bytes
}

impl fmt::Display for PublicKey {
    /// OpenSSH's one-line form, without a line end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, STANDARD.encode(&self.blob))?;
        if self.comment.is_empty() { Ok(()) } else { write!(f, " {}", self.comment) }
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for what is no public key of a kind that servers accept. No message has a part of
    /// the text but the name of an algorithm: it may be a private key.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        if let Some(why) = other_form(text) {
            return Err(refusal(why));
        }
        let lines = text.split(['\n', '\r']).map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        match lines.as_slice() {
            [] => Err(refusal("it is empty: give the line of a file that ends in `.pub`")),
            [line] => read(line),
            several if several[1..].iter().all(|line| !line.contains(' ')) => {
                Err(refusal("it is broken into several lines: a key is one line, join them"))
            }
            several => Err(refusal(&format!("it has {} lines: give one key at a time", several.len()))),
        }
    }
}

fn refusal(why: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("that is no public key: {why}"))
}

/// What something is that is written in another form, and what to do about it.
fn other_form(text: &str) -> Option<&'static str> {
    let has = |words: &str| text.contains(words);
    if has("PRIVATE KEY") || has("PuTTY-User-Key-File") {
        return Some(
            "it is a private key, which belongs to nobody else: give its public half, a file that ends in `.pub`",
        );
    }
    if has("BEGIN SSH2 PUBLIC KEY") {
        return Some("it is in the form of RFC 4716: convert it with `ssh-keygen -i -f FILE`");
    }
    if has("BEGIN RSA PUBLIC KEY") {
        return Some("it is in the form PEM: convert it with `ssh-keygen -i -m PEM -f FILE`");
    }
    if has("BEGIN PUBLIC KEY") {
        return Some("it is in the form PKCS8: convert it with `ssh-keygen -i -m PKCS8 -f FILE`");
    }
    has("BEGIN CERTIFICATE").then_some("it is an X.509 certificate: give an SSH key, which `ssh-keygen` makes")
}

fn read(line: &str) -> Result<PublicKey> {
    let mut words = line.splitn(3, char::is_whitespace);
    let (name, data) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let Some((algorithm, bits, fields)) = ALGORITHMS.into_iter().find(|(known, ..)| *known == name) else {
        return Err(refusal(&unknown(name, line)));
    };
    let damaged = || refusal(&format!("what stands behind `{algorithm}` is damaged: copy the whole line once more"));
    let blob = STANDARD.decode(data).map_err(|_| damaged())?;
    let modulus = check(&blob, algorithm, fields).ok_or_else(damaged)?;
    let bits = if bits == 0 { modulus } else { bits };
    Ok(PublicKey { algorithm, blob, bits, comment: one_line(words.next().unwrap_or_default()) })
}

/// Why the first word is no algorithm. It is repeated only where it surely is the name of one.
fn unknown(name: &str, line: &str) -> String {
    if name == "ssh-dss" {
        return "`ssh-dss` keys are refused by servers: make another one with `ssh-keygen -t ed25519`".to_owned();
    }
    if name.contains("-cert-v01@") {
        return "it is a certificate: give the key that it is for".to_owned();
    }
    if ALGORITHMS.iter().any(|(known, ..)| line.contains(&format!(" {known} "))) {
        return "there are options before it: give only what begins with the name of its algorithm".to_owned();
    }
    let known: Vec<String> = ALGORITHMS.iter().map(|(known, ..)| format!("`{known}`")).collect();
    format!("it begins with none of {}", known.join(", "))
}

/// Whether the binary form is what its algorithm demands: the size of its modulus in bits, 0 where it has none.
fn check(blob: &[u8], algorithm: &'static str, fields: &[Field]) -> Option<usize> {
    let (mut rest, mut bits) = (blob, 0);
    for field in [Field::Word(algorithm)].iter().chain(fields) {
        let (value, after) = split(rest)?;
        match *field {
            Field::Bytes(count) => (value.len() == count).then_some(())?,
            Field::Word(word) => (value == word.as_bytes()).then_some(())?,
            Field::Text => _ = std::str::from_utf8(value).ok()?,
            Field::Number => (size(value) > 0).then_some(())?,
            Field::Modulus(least) => bits = Some(size(value)).filter(|bits| *bits >= least)?,
        }
        rest = after;
    }
    rest.is_empty().then_some(bits)
}

/// The first field, which its length goes before, and what comes after it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// The size of a number in bits.
fn size(number: &[u8]) -> usize {
    let first = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let digits = &number[first..];
    digits.first().map_or(0, |byte| digits.len() * 8 - byte.leading_zeros() as usize)
}

/// A comment without what would end the line, or move a terminal's cursor.
fn one_line(comment: &str) -> String {
    comment.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

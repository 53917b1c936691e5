//! Where sign-in tokens are kept for their lifetime.

use std::collections::HashMap;
use std::fmt::Debug;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::login::expose;

/// A token as it is kept: a text that only its provider understands, and when it ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Kept {
    /// The provider's own text.
    #[serde(serialize_with = "expose")]
    pub text: SecretString,
    /// When the token ends.
    pub expires: Timestamp,
}

impl Kept {
    /// A token and its end.
    pub fn new(text: SecretString, expires: Timestamp) -> Self {
        Self { text, expires }
    }
}

/// Keeps tokens by identity: who signs in, where, for what. Losing one costs a sign-in and nothing else, so no method
/// fails.
pub trait TokenStore: Debug + Send + Sync {
    /// The token of an identity, if one is kept.
    fn load(&self, identity: &str) -> Option<Kept>;

    /// Keeps a token, in place of an earlier one.
    fn keep(&self, identity: &str, token: &Kept);

    /// Forgets a token.
    fn forget(&self, identity: &str);
}

/// Keeps nothing, for `token_cache: false`.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTokens;

impl TokenStore for NoTokens {
    fn load(&self, _: &str) -> Option<Kept> {
        None
    }
    fn keep(&self, _: &str, _: &Kept) {}
    fn forget(&self, _: &str) {}
}

/// Keeps tokens as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryTokens(Mutex<HashMap<String, Kept>>);

impl MemoryTokens {
    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for MemoryTokens {
    fn load(&self, identity: &str) -> Option<Kept> {
        self.map().get(identity).cloned()
    }

    fn keep(&self, identity: &str, token: &Kept) {
        self.map().insert(identity.to_owned(), token.clone());
    }

    fn forget(&self, identity: &str) {
        self.map().remove(identity);
    }
}

/// Keeps tokens in a folder of its own: a file each, readable by its owner alone, named by a hash of the identity.
#[derive(Debug, Clone)]
pub struct FileTokens(PathBuf);

impl FileTokens {
    /// Keeps tokens in `folder`, which is made when the first one comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    fn path(&self, identity: &str) -> PathBuf {
        let name = format!("{:x}", Sha256::digest(identity.as_bytes()));
        self.0.join(name).with_extension("json")
    }
}

/// Writes a file that only its owner can read, in place of an earlier one; who reads it meanwhile gets one of the two.
///
/// # Errors
///
/// Those of the file system; then the earlier one stays.
pub(super) fn replace(path: &Path, value: &impl Serialize) -> io::Result<()> {
    path.parent().map_or(Ok(()), private_folder)?;
    let unique = uuid::Uuid::new_v4();
    let draft = path.with_extension(format!("{unique}.new"));
    let mut file = private_file(&draft)?;
    let written = serde_json::to_writer(&mut file, value).map_err(io::Error::from).and_then(|()| file.flush());
    written.and_then(|()| fs::rename(&draft, path)).inspect_err(|_| _ = fs::remove_file(&draft))
}

impl TokenStore for FileTokens {
    fn load(&self, identity: &str) -> Option<Kept> {
        serde_json::from_slice(&fs::read(self.path(identity)).ok()?).ok()
    }

    fn keep(&self, identity: &str, token: &Kept) {
        // A token that cannot be kept, on a full disk for instance, only costs the next process a sign-in.
        _ = replace(&self.path(identity), token);
    }

    fn forget(&self, identity: &str) {
        _ = fs::remove_file(self.path(identity));
    }
}

#[cfg(unix)]
fn private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::{FileTokens, Kept, TokenStore};
    use jiff::Timestamp;
    use secrecy::{ExposeSecret, SecretString};

    fn token(text: &str) -> Kept {
        Kept::new(SecretString::from(text), Timestamp::MAX)
    }

    #[test]
    fn keeps_each_identity_apart() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileTokens::new(folder.path().join("tokens"));
        store.keep("albert", &token("a"));
        store.keep("berta", &token("b"));
        store.forget("berta");
        assert_eq!(store.load("albert").unwrap().text.expose_secret(), "a");
        assert!(store.load("berta").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = FileTokens::new(folder.path().join("tokens"));
        store.keep("albert", &token("a"));
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&store.0), 0o700);
        assert_eq!(mode(&store.path("albert")), 0o600);
    }

    #[test]
    fn a_broken_file_is_no_token() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileTokens::new(folder.path());
        std::fs::write(store.path("albert"), "not json").unwrap();
        assert!(store.load("albert").is_none());
    }

    #[test]
    fn debug_shows_no_token() {
        assert!(!format!("{:?}", token("hunter2")).contains("hunter2"));
    }
}

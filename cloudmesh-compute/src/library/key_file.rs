//! Reading a file that holds a public key.

use std::fs::File;
use std::io::{Error as IoError, ErrorKind as IoKind, Read};
use std::path::Path;

use cloudmesh_abstract::{Error, ErrorKind, PublicKey, Result};

/// How much of a file is read: more than any public key has.
pub const KEY_FILE_BYTES: u64 = 64 * 1024;

/// The public key that a file holds, such as `~/.ssh/id_ed25519.pub`.
///
/// ```no_run
/// let key = cloudmesh_compute::library::key_from("/home/albert/.ssh/id_ed25519.pub".as_ref())?;
/// println!("{} {}", key.algorithm(), key.sha256());
/// # Ok::<(), cloudmesh_compute::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::NotFound`] when there is no such file, [`ErrorKind::InvalidInput`] when it is something else: a folder,
/// a private key, several keys, more than [`KEY_FILE_BYTES`]. No message repeats what is in it.
pub fn key_from(file: &Path) -> Result<PublicKey> {
    let shown = file.display();
    let text = text_of(file)?;
    text.parse().map_err(|error: Error| {
        let why = error.message().trim_start_matches("that is no public key: ").to_owned();
        error.with_message(format!("`{shown}` is no public key: {why}"))
    })
}

fn text_of(file: &Path) -> Result<String> {
    let shown = file.display();
    let refused = |error: IoError| {
        let (kind, message) = match error.kind() {
            IoKind::NotFound => (ErrorKind::NotFound, format!("there is no file `{shown}`; see how it is spelled")),
            _ => (ErrorKind::InvalidInput, format!("cannot read `{shown}`; see its permissions and its folder's")),
        };
        Error::new(kind, message).with_source(error)
    };
    let wrong = |message: String| Error::new(ErrorKind::InvalidInput, message);
    let opened = File::open(file).map_err(refused)?;
    if opened.metadata().map_err(refused)?.is_dir() {
        return Err(wrong(format!("`{shown}` is a folder; name a file in it, such as `id_ed25519.pub`")));
    }
    let mut bytes = Vec::new();
    opened.take(KEY_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > KEY_FILE_BYTES {
        let most = KEY_FILE_BYTES / 1024;
        return Err(wrong(format!(
            "`{shown}` is larger than {most} KiB; name the file of a public key, which is one line"
        )));
    }
    String::from_utf8(bytes)
        .map_err(|_| wrong(format!("`{shown}` is no text; name the file of a public key, which is one line")))
}

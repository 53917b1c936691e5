//! Writing a file so that nobody ever finds half of it, and nobody but its owner can read it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A lock on a file that is read, changed and replaced; it ends when this is dropped, or the process is.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until no other process changes the file.
    pub(crate) fn on(path: &Path) -> io::Result<Self> {
        let mut options = private();
        // What is locked is a file beside it, since the file itself is replaced.
        let file = options.create(true).truncate(false).open(beside(path, "lock"))?;
        file.lock()?;
        Ok(Self { _file: file })
    }
}

/// Makes the folder of our files, readable by its owner alone, unless it is there.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Replaces a file in one step, or makes it. One that is replaced keeps its permissions and its owner, a new one is for
/// its owner alone. A link is followed: the file behind it is replaced.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let draft = beside(&path, &format!("{}.new", std::process::id()));
    // One of that name can only be left over by a process that ended long ago.
    _ = fs::remove_file(&draft);
    let written = write(&draft, text, fs::metadata(&path).ok().as_ref());
    written.and_then(|()| fs::rename(&draft, &path)).inspect_err(|_| _ = fs::remove_file(&draft))
}

/// As [`replace`], for what must not be read by others, whatever could be read before.
#[cfg(feature = "cli")]
pub(crate) fn put(path: &Path, text: &str) -> io::Result<()> {
    #[cfg(unix)]
    if path.exists() {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    replace(path, text)
}

/// Makes a file that is not there yet.
///
/// # Errors
///
/// Also when there is one.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<()> {
    create_bytes(path, text.as_bytes())
}

/// As [`create`], for what need not be text.
pub(crate) fn create_bytes(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private().create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn write(draft: &Path, text: &str, like: Option<&fs::Metadata>) -> io::Result<()> {
    create(draft, text)?;
    let Some(like) = like else { return Ok(()) };
    fs::set_permissions(draft, own(draft, like)?)
}

/// Gives a draft to the owner and the group of the file that it replaces, and says which permissions it gets then. A
/// group that we are not in cannot be given: then the draft's group gets no rights.
#[cfg(unix)]
fn own(draft: &Path, like: &fs::Metadata) -> io::Result<fs::Permissions> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let own = fs::metadata(draft)?;
    if own.uid() != like.uid() {
        chown(draft, Some(like.uid()), None)?;
    }
    if own.gid() != like.gid() && chown(draft, None, Some(like.gid())).is_err() {
        return Ok(fs::Permissions::from_mode(like.mode() & !0o070));
    }
    Ok(like.permissions())
}

#[cfg(not(unix))]
fn own(_: &Path, like: &fs::Metadata) -> io::Result<fs::Permissions> {
    Ok(like.permissions())
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// `.NAME.ENDING` in the same folder.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{ending}"))
}

/// A text as YAML that is read as that text again, in quotes where it needs them.
pub(crate) fn scalar(text: &str) -> String {
    let begins = text.starts_with(|sign: char| sign.is_alphanumeric() || "/._".contains(sign));
    let plain = begins && text.chars().all(|sign| sign.is_alphanumeric() || "/._-+@=".contains(sign));
    if plain && is_text(text) { text.to_owned() } else { quoted(text) }
}

/// Whether YAML takes the plain word for text: in the words of our reader, and of those that know `yes` and times.
fn is_text(word: &str) -> bool {
    let words = ["yes", "no", "on", "off", "y", "n", "null", "true", "false"];
    !words.contains(&word.to_lowercase().as_str())
        && !word.starts_with(|sign: char| sign.is_ascii_digit() || sign == '.')
}

/// Double quotes, with escapes for what is not printable.
fn quoted(text: &str) -> String {
    use std::fmt::Write as _;
    let mut quoted = String::from('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            sign if sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                _ = write!(quoted, "\\u{:04x}", u32::from(sign));
            }
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

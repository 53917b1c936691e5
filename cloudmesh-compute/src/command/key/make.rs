//! Making a key.

use ssh_key::private::{KeypairData, RsaKeypair};
use ssh_key::rand_core::OsRng;
use ssh_key::{Algorithm, Error as SshError, LineEnding, PrivateKey};

use crate::{Error, ErrorKind, ExposeSecret, Result, Secret};

/// What key to make.
#[derive(Debug)]
pub(super) struct Recipe {
    /// The size of an RSA key; `None`: an ed25519 one.
    pub(super) rsa_bits: Option<usize>,
    pub(super) comment: String,
}

/// Both halves of a key, as OpenSSH writes them.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) private: Secret,
    pub(super) public: String,
}

/// Makes a key.
///
/// # Errors
///
/// [`ErrorKind::Unexpected`] when the machine has no randomness.
pub(super) fn make(recipe: &Recipe, passphrase: Option<&Secret>) -> Result<Made> {
    made(recipe, passphrase).map_err(|error| {
        Error::new(ErrorKind::Unexpected, "cannot make a key; `ssh-keygen` may tell why").with_source(error)
    })
}

fn made(recipe: &Recipe, passphrase: Option<&Secret>) -> Result<Made, SshError> {
    let mut key = match recipe.rsa_bits {
        None => PrivateKey::random(&mut OsRng, Algorithm::Ed25519)?,
        Some(bits) => PrivateKey::new(KeypairData::from(RsaKeypair::random(&mut OsRng, bits)?), "")?,
    };
    key.set_comment(&recipe.comment);
    let public = key.public_key().to_openssh()?;
    if let Some(passphrase) = passphrase {
        key = key.encrypt(&mut OsRng, passphrase.expose_secret())?;
    }
    Ok(Made { private: Secret::from(key.to_openssh(LineEnding::LF)?.as_str()), public })
}

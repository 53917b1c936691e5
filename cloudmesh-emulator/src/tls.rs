//! The certificates of an emulator that speaks TLS: a root made at start, and what it signs.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloudmesh_abstract::{Error, ErrorKind, Result};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use uuid::Uuid;

use crate::private;

/// The certificate that an emulator shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Certificate {
    /// One for its address and `localhost`, signed by the root.
    #[default]
    Good,
    /// Such a one, which has ended.
    Expired,
    /// One for another host.
    OtherHost,
    /// One that no root has signed but itself.
    SelfSigned,
}

/// What a server shows, and what its clients must trust.
pub(crate) struct Trust {
    acceptor: TlsAcceptor,
    /// The root, in PEM form.
    root: String,
}

impl Trust {
    /// Makes a root and a certificate for a server at that address.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unexpected`] when the machine gives no random numbers.
    pub(crate) fn new(certificate: Certificate, address: IpAddr) -> Result<Self> {
        let key = KeyPair::generate().map_err(failed)?;
        let server = server(certificate, address).map_err(failed)?;
        let (shown, root) = if certificate == Certificate::SelfSigned {
            let shown = server.self_signed(&key).map_err(failed)?;
            let root = shown.pem();
            (shown, root)
        } else {
            let (authority, root) = authority().map_err(failed)?;
            (server.signed_by(&key, &authority).map_err(failed)?, root)
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        // The provider is named, so that it does not matter which one the process has chosen, if any.
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().map_err(failed)?.with_no_client_auth();
        let mut config = config.with_single_cert(vec![shown.der().clone()], key).map_err(failed)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), root })
    }

    /// What encrypts the server's connections.
    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust")
    }
}

fn authority() -> std::result::Result<(Issuer<'static, KeyPair>, String), rcgen::Error> {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, format!("Cloudmesh emulator's root {}", Uuid::new_v4().simple()));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    limit(&mut params, year());
    let key = KeyPair::generate()?;
    let root = params.self_signed(&key)?.pem();
    Ok((Issuer::new(params, key), root))
}

fn server(certificate: Certificate, address: IpAddr) -> std::result::Result<CertificateParams, rcgen::Error> {
    let names = match certificate {
        Certificate::OtherHost => vec!["cloud.example.org".to_owned()],
        _ => vec![address.to_string(), "localhost".to_owned()],
    };
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Cloudmesh emulator");
    params.use_authority_key_identifier_extension = true;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    limit(&mut params, if certificate == Certificate::Expired { 2001 } else { year() });
    Ok(params)
}

/// Lets a certificate be good from the beginning of the year before to the end of the year after.
fn limit(params: &mut CertificateParams, year: i32) {
    params.not_before = date_time_ymd(year - 1, 1, 1);
    params.not_after = date_time_ymd(year + 1, 12, 31);
}

fn year() -> i32 {
    Timestamp::now().to_zoned(TimeZone::UTC).year().into()
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Unexpected, "no certificate can be made").with_source(error)
}

/// The file of a root: it lasts as long as this, unless a place was named for it.
#[derive(Debug)]
pub(crate) struct Root {
    path: PathBuf,
    _folder: Option<TempDir>,
}

impl Root {
    /// Writes the root into this file, or into a temporary one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when it cannot be written.
    pub(crate) fn write(trust: &Trust, file: Option<&Path>) -> Result<Self> {
        let failed =
            |error| Error::new(ErrorKind::Config, "no place for the root's file can be had").with_source(error);
        let (path, folder) = if let Some(file) = file {
            (std::path::absolute(file).map_err(failed)?, None)
        } else {
            let folder = tempfile::Builder::new().prefix("cloudmesh-emulator-").tempdir().map_err(failed)?;
            (folder.path().join("ca.pem"), Some(folder))
        };
        private::write(&path, &trust.root)?;
        Ok(Self { path, _folder: folder })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

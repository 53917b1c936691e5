//! A cloud that asks for a certificate of ours.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cloudmesh_abstract::{ComputeNodeABC, Connect, Context, Error, ErrorKind, NodeQuery, RetryPolicy, Settings};
use cloudmesh_openstack::OpenStack;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A root, and what it signs.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: rcgen::Certificate,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(params, key), root }
    }

    fn sign(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        (CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// Answers everybody who shows a certificate of this authority with 404; gives the address.
    async fn serve(&self) -> String {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.root.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let (certificate, key) = self.sign("127.0.0.1");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_client_cert_verifier(verifier.build().unwrap());
        let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
                }
            }
        });
        format!("https://{address}/v3")
    }
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

async fn refused(settings: &Settings) -> Error {
    let context = Context::builder("lab").retry(RetryPolicy::none()).build();
    OpenStack::connect(settings.parse().unwrap(), context).unwrap().list(&NodeQuery::new()).await.unwrap_err()
}

#[tokio::test]
async fn ours_is_shown_to_a_cloud_that_asks_for_one() {
    let (authority, stranger, folder) = (Authority::new(), Authority::new(), tempfile::tempdir().unwrap());
    let url = authority.serve().await;
    let root = write(folder.path(), "ca.pem", &authority.root.pem());
    let auth = json!({"auth_url": url, "username": "u", "password": "p", "project_name": "n"});
    let plain = Settings::default().with("credentials.auth", auth).with("credentials.cacert", root);
    let files = |who: &Authority, name: &str| {
        let (certificate, key) = who.sign("us");
        let key = write(folder.path(), &format!("{name}.key"), &key.serialize_pem());
        (write(folder.path(), &format!("{name}.pem"), &certificate.pem()), key)
    };
    let (certificate, key) = files(&authority, "ours");
    let ours = plain.clone().with("credentials.cert", certificate.as_str()).with("credentials.key", key.as_str());
    let both = fs::read_to_string(&certificate).unwrap() + &fs::read_to_string(&key).unwrap();
    let together = plain.clone().with("credentials.cert", write(folder.path(), "both.pem", &both));
    for taken in [ours, together] {
        let error = refused(&taken).await;
        assert!(error.message().starts_with("there is no Keystone v3 at `https://"), "{error}");
    }
    let (odd, odd_key) = files(&stranger, "odd");
    let strange = plain.clone().with("credentials.cert", odd).with("credentials.key", odd_key);
    for refusal in [plain.clone(), strange] {
        let error = refused(&refusal).await;
        assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error:?}");
        assert!(error.message().contains("asks for a certificate of ours and does not take what it got"), "{error}");
    }
    for (cert, words) in [
        (certificate.as_str(), "name the file with the key with `key`"),
        ("/nowhere/cert.pem", "`/nowhere/cert.pem` cannot be read; check the path"),
    ] {
        let error = refused(&plain.clone().with("credentials.cert", cert)).await;
        assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.cert")));
        assert!(error.message().contains(words), "{error}");
    }
}

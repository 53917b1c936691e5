//! Who is trusted: real handshakes with an emulated cloud.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Context, Error, ErrorKind, NodeQuery, NodeSpec, Recorder, RetryPolicy, Settings,
};
use cloudmesh_emulator::{Certificate, Emulator};
use cloudmesh_openstack::OpenStack;

fn connect(settings: &Settings) -> (OpenStack, Arc<Recorder>) {
    let trace = Arc::new(Recorder::default());
    let context = Context::builder("lab").retry(RetryPolicy::none()).trace(trace.clone()).build();
    (OpenStack::connect(settings.parse().unwrap(), context).unwrap(), trace)
}

async fn cloud(certificate: Certificate) -> Emulator {
    Emulator::builder().certificate(certificate).start().await.unwrap()
}

fn settings(emulator: &Emulator) -> Settings {
    emulator.settings("openstack").unwrap()
}

/// The settings of a client that was told nothing about the root.
fn untold(emulator: &Emulator) -> Settings {
    Settings::default().with("credentials", settings(emulator).get("credentials").unwrap().clone())
}

async fn refused(settings: &Settings) -> Error {
    let error = connect(settings).0.list(&NodeQuery::new()).await.unwrap_err();
    let password = settings.get("credentials.auth.password").unwrap().as_str().unwrap();
    assert!(!format!("{error} {error:?}").contains(password), "{error:?}");
    error
}

#[tokio::test]
async fn a_cloud_whose_root_is_named_is_used_as_any_other() {
    let emulator = cloud(Certificate::Good).await;
    let (cloud, trace) = connect(&settings(&emulator));
    let props = emulator.props();
    let spec = NodeSpec::new("web-1", props.image, props.flavor).with_network(props.network.unwrap());
    cloud.create(&spec).await.unwrap();
    assert_eq!(cloud.list(&NodeQuery::new()).await.unwrap()[0].name, "web-1");
    assert!(trace.warnings().is_empty());
}

#[tokio::test]
async fn the_root_is_for_its_owner_alone_and_goes_with_the_cloud() {
    use std::os::unix::fs::PermissionsExt;

    let emulator = cloud(Certificate::Good).await;
    let file = emulator.root_file().unwrap().to_owned();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(&file).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    emulator.stop();
    assert!(!file.exists());
}

#[tokio::test]
async fn nobody_is_trusted_whom_no_known_root_has_signed() {
    for certificate in [Certificate::Good, Certificate::SelfSigned] {
        let emulator = cloud(certificate).await;
        let host = emulator.url().replace("https://", "");
        let error = refused(&untold(&emulator)).await;
        let message = format!(
            "the certificate of `{host}` is signed by nobody who is trusted here; if you know the host, name the file \
             with the root that signed it with `cacert`"
        );
        assert_eq!((error.kind(), error.message()), (ErrorKind::Config, message.as_str()));
        assert_eq!(error.key(), Some("credentials.cacert"));
    }
}

#[tokio::test]
async fn another_clouds_root_is_of_no_use() {
    let (emulator, other) = (cloud(Certificate::Good).await, cloud(Certificate::Good).await);
    let wrong = untold(&emulator).with("ca_file", other.root_file().unwrap().to_str().unwrap());
    assert_eq!(refused(&wrong).await.key(), Some("credentials.cacert"));
}

#[tokio::test]
async fn a_certificate_that_signed_itself_is_trusted_when_it_is_named() {
    let emulator = cloud(Certificate::SelfSigned).await;
    assert!(connect(&settings(&emulator)).0.list(&NodeQuery::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_certificate_that_has_ended_or_is_for_another_host_is_refused() {
    let table = [
        (Certificate::Expired, ErrorKind::Unexpected, "has ended on 2002-12-31; tell the cloud's operator"),
        (Certificate::OtherHost, ErrorKind::Config, "is for another host; write the address with the name"),
    ];
    for (certificate, kind, words) in table {
        let error = refused(&settings(&cloud(certificate).await)).await;
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().contains(words), "{error}");
    }
}

#[tokio::test]
async fn any_certificate_is_taken_only_when_that_is_asked_for_and_then_it_is_said() {
    for certificate in [Certificate::Good, Certificate::Expired, Certificate::OtherHost, Certificate::SelfSigned] {
        let emulator = cloud(certificate).await;
        for (key, value) in [("insecure", true), ("verify", false)] {
            let asked = untold(&emulator).with(&format!("credentials.{key}"), value);
            let (cloud, trace) = connect(&asked);
            for _ in 0..2 {
                cloud.list(&NodeQuery::new()).await.unwrap();
            }
            let host = emulator.url().replace("https://", "");
            let warning = format!(
                "the certificate of `{host}` is not checked, as `insecure` says: whoever answers there gets the \
                 credentials; name its root with `cacert` instead"
            );
            assert_eq!(trace.warnings(), [warning], "{certificate:?}");
        }
    }
}

#[tokio::test]
async fn a_file_of_roots_that_is_none_is_named() {
    let emulator = cloud(Certificate::Good).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let missing = folder.path().join("missing.pem");
    let broken = "-----BEGIN CERTIFICATE-----\nno base64!\n-----END CERTIFICATE-----\n";
    let table: [(&Path, &str); 5] = [
        (&missing, "cannot be read"),
        (&file("empty.pem", ""), "holds no certificate in PEM form"),
        (&file("text.pem", "hello"), "holds no certificate in PEM form"),
        (&file("broken.pem", broken), "is no PEM file"),
        (
            &file("der.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "holds a certificate that cannot be read",
        ),
    ];
    for (path, words) in table {
        let error = refused(&untold(&emulator).with("ca_file", path.to_str().unwrap())).await;
        assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.cacert")));
        assert!(error.message().starts_with(&format!("`{}` {words}", path.display())), "{error}");
    }
}

#[tokio::test]
async fn http_and_https_are_told_apart() {
    let (encrypted, plain) = (cloud(Certificate::Good).await, Emulator::start().await.unwrap());
    let swap = |emulator: &Emulator, from: &str, to: &str| {
        let url = format!("{}/identity", emulator.url().replace(from, to));
        settings(emulator).with("credentials.auth.auth_url", url)
    };
    let error = refused(&swap(&encrypted, "https://", "http://")).await;
    let host = encrypted.url().replace("https://", "");
    let message = format!("`{host}` does not answer in HTTP; if it speaks TLS, its address must begin with `https://`");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Config, message.as_str()));
    let error = refused(&swap(&plain, "http://", "https://")).await;
    let host = plain.url().replace("http://", "");
    let message = format!(
        "`{host}` does not speak TLS, though its address begins with `https://`; check the address and its port"
    );
    assert_eq!((error.kind(), error.message()), (ErrorKind::Config, message.as_str()));
}

#[tokio::test]
async fn a_host_that_is_not_there_is_told_from_one_that_does_not_listen() {
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let emulator = Emulator::start().await.unwrap();
    let table = [
        (format!("http://{gone}/v3"), format!("nothing listens at `{gone}`; check the address and its port")),
        (
            "https://nowhere.invalid:5000/v3".to_owned(),
            "the host of `nowhere.invalid:5000` cannot be found; check its name, and the network".to_owned(),
        ),
    ];
    for (url, message) in table {
        let error = refused(&settings(&emulator).with("credentials.auth.auth_url", url)).await;
        assert_eq!((error.kind(), error.message()), (ErrorKind::Unavailable, message.as_str()));
    }
}

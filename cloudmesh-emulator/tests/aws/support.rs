//! A plain HTTP client for an emulated AWS, which signs what it sends.

use std::time::Duration;

use cloudmesh_emulator::{Builder, Clock, Emulator};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Got {
    /// The texts of all elements of that name, in order.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let begun = self.text.split(&open).skip(1);
        begun.filter_map(|rest| rest.split_once(&close)).map(|(text, _)| text.to_owned()).collect()
    }

    /// The text of the first element of that name; empty when there is none.
    pub(crate) fn first(&self, name: &str) -> String {
        self.all(name).into_iter().next().unwrap_or_default()
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> String {
        self.first("Code")
    }

    /// The states that the instances in it are in.
    pub(crate) fn states(&self) -> Vec<String> {
        self.all("instanceState").iter().map(|state| inner(state, "name")).collect()
    }
}

/// The text of an element within a text.
pub(crate) fn inner(text: &str, name: &str) -> String {
    Got { status: 0, text: text.to_owned() }.first(name)
}

/// Whoever asks, and how requests are signed.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) region: String,
    pub(crate) service: String,
    /// How far its clock is wrong, in seconds.
    pub(crate) skew: i64,
}

/// A user of an emulated AWS.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) emulator: Emulator,
    pub(crate) signer: Signer,
    http: reqwest::Client,
}

impl Client {
    pub(crate) async fn start() -> Self {
        Self::of(Emulator::builder()).await
    }

    /// On a clock that stands still, and where everything takes ten seconds.
    pub(crate) async fn still() -> (Self, Clock) {
        let clock = Clock::still();
        let builder = Emulator::builder().clock(clock.clone()).build_time(Duration::from_secs(10));
        (Self::of(builder).await, clock)
    }

    pub(crate) async fn of(builder: Builder) -> Self {
        let emulator = builder.kind("aws").start().await.unwrap();
        let settings = emulator.settings("aws").unwrap();
        let told = |key: &str| settings.get(&format!("credentials.{key}")).unwrap().as_str().unwrap().to_owned();
        let signer = Signer {
            key: told("aws_access_key_id"),
            secret: told("aws_secret_access_key"),
            region: told("region"),
            service: "ec2".to_owned(),
            skew: 0,
        };
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
        Self { emulator, signer, http }
    }

    /// Asks for an action of EC2 with such parameters.
    pub(crate) async fn ask(&self, action: &str, parameters: &[(&str, &str)]) -> Got {
        self.attempt(action, parameters).await.unwrap()
    }

    /// One try of a request.
    pub(crate) async fn attempt(&self, action: &str, parameters: &[(&str, &str)]) -> Result<Got, reqwest::Error> {
        let mut all = vec![("Action", action), ("Version", "2016-11-15")];
        all.extend_from_slice(parameters);
        self.post(&self.signer, &all).await
    }

    /// Posts a form, signed by somebody.
    pub(crate) async fn post(&self, signer: &Signer, parameters: &[(&str, &str)]) -> Result<Got, reqwest::Error> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let (stamp, authorization) = self.sign(signer, &body);
        self.send(&body, &[("x-amz-date", stamp.as_str()), ("authorization", authorization.as_str())]).await
    }

    /// Posts a body with headers.
    pub(crate) async fn send(&self, body: &str, headers: &[(&str, &str)]) -> Result<Got, reqwest::Error> {
        let mut request = self.http.post(format!("{}/", self.emulator.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(body.to_owned()).send().await?;
        Ok(Got { status: answer.status().as_u16(), text: answer.text().await? })
    }

    /// The time and the signature of a request with such a body.
    pub(crate) fn sign(&self, signer: &Signer, body: &str) -> (String, String) {
        let now = self.emulator.world().clock().now() + Duration::from_secs(signer.skew.unsigned_abs());
        let now = if signer.skew < 0 {
            self.emulator.world().clock().now() - Duration::from_secs(signer.skew.unsigned_abs())
        } else {
            now
        };
        let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let host = self.emulator.url().replace("http://", "");
        let canonical =
            format!("POST\n/\n\nhost:{host}\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{}", hex(&Sha256::digest(body)));
        let scope = format!("{}/{}/{}/aws4_request", &stamp[..8], signer.region, signer.service);
        let text = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let first = format!("AWS4{}", signer.secret).into_bytes();
        let key = scope.split('/').fold(first, |key, part| mac(&key, part));
        let signature = hex(&mac(&key, &text));
        let fields = format!("Credential={}/{scope}, SignedHeaders=host;x-amz-date", signer.key);
        (stamp, format!("AWS4-HMAC-SHA256 {fields}, Signature={signature}"))
    }

    /// An image that boots.
    pub(crate) async fn image(&self) -> String {
        let name = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*";
        let asked = [("Filter.1.Name", "name"), ("Filter.1.Value.1", name), ("Owner.1", "099720109477")];
        let got = self.ask("DescribeImages", &asked).await;
        got.all("imageId").pop().unwrap_or_else(|| panic!("{got:?}"))
    }

    /// What a plain instance is asked for with, and something more.
    pub(crate) async fn run(&self, more: &[(&str, &str)]) -> Got {
        let image = self.image().await;
        let plain = [("ImageId", image.as_str()), ("InstanceType", "t3.micro"), ("MinCount", "1"), ("MaxCount", "1")];
        let own = plain.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        let all: Vec<(&str, &str)> = own.chain(more).copied().collect();
        self.ask("RunInstances", &all).await
    }

    /// Makes an instance and gives its id.
    pub(crate) async fn create(&self, more: &[(&str, &str)]) -> String {
        let made = self.run(more).await;
        assert_eq!(made.status, 200, "{}", made.text);
        made.first("instanceId")
    }

    /// The description of one instance.
    pub(crate) async fn info(&self, id: &str) -> Got {
        self.ask("DescribeInstances", &[("InstanceId.1", id)]).await
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

//! Signing in at the emulator, from each place that is asked.

use std::fs;
use std::sync::Arc;

use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Context, ErrorKind, ExposeSecret, Identity, Raw, RawCall, Recorder, Rehearsal, Result,
    Settings,
};
use cloudmesh_emulator::{AwsProofs, Emulator};
use serde_json::json;

use crate::Aws;
use crate::client::Client;
use crate::machine::Machine;

/// An emulator, and the requests to it.
struct Bench {
    emulator: Emulator,
    recorder: Arc<Recorder>,
    proofs: AwsProofs,
}

impl Bench {
    async fn new() -> Self {
        let emulator = Emulator::builder().kind("aws").start().await.unwrap();
        let proofs = emulator.aws_proofs();
        Self { emulator, recorder: Arc::default(), proofs }
    }

    /// The settings with the access key of the user.
    fn settings(&self) -> Settings {
        self.emulator.settings("aws").unwrap()
    }

    /// The settings without any key.
    fn bare(&self) -> Settings {
        Settings::default().with("credentials.region", "us-east-1").with("endpoint", self.emulator.url())
    }

    fn aws(&self, settings: &Settings, machine: Machine) -> Aws {
        let context = Context::builder("lab").trace(self.recorder.clone()).build();
        Aws { client: Client::new(settings.parse().unwrap(), machine, context) }
    }

    async fn whoami(&self, settings: &Settings, machine: Machine) -> Result<Identity> {
        self.aws(settings, machine).whoami().await
    }

    /// The lines of what was sent.
    fn sent(&self) -> Vec<String> {
        self.recorder.outcomes().into_iter().map(|sent| sent.request).collect()
    }

    fn key(&self) -> (String, String) {
        let settings = self.settings();
        let text = |key: &str| settings.get(key).unwrap().as_str().unwrap().to_owned();
        (text("credentials.aws_access_key_id"), text("credentials.aws_secret_access_key"))
    }
}

/// A machine that knows nothing.
fn nowhere() -> Machine {
    Machine::with(&[("AWS_EC2_METADATA_DISABLED", "true")], "")
}

#[tokio::test]
async fn keys_of_the_configuration_ask_nobody_else() {
    let bench = Bench::new().await;
    let machine =
        Machine::with(&[("AWS_PROFILE", "no-such"), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/")], "");
    let identity = bench.whoami(&bench.settings(), machine).await.unwrap();
    assert_eq!(identity.source.as_deref(), Some("the configuration"));
    assert_eq!(identity.account, bench.proofs.account);
    assert_eq!(identity.region.as_deref(), Some("us-east-1"));
    assert_eq!(bench.sent(), ["GetCallerIdentity"]);
}

#[tokio::test]
async fn the_environment_goes_before_the_profile() {
    let bench = Bench::new().await;
    let (id, secret) = bench.key();
    let variables = [("AWS_ACCESS_KEY_ID", id.as_str()), ("AWS_SECRET_ACCESS_KEY", secret.as_str())];
    let profiles = "[default]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = wrong\n";
    let identity = bench.whoami(&bench.bare(), Machine::with(&variables, profiles)).await.unwrap();
    assert_eq!(identity.source.as_deref(), Some("the environment"));
    let half = bench.whoami(&bench.bare(), Machine::with(&variables[..1], "")).await.unwrap_err();
    assert_eq!(half.message(), "`AWS_ACCESS_KEY_ID` is set and `AWS_SECRET_ACCESS_KEY` is not; set both or none");
}

#[tokio::test]
async fn a_profile_gives_keys_region_and_endpoint() {
    let bench = Bench::new().await;
    let ((id, secret), url) = (bench.key(), bench.emulator.url());
    let profiles = format!(
        "[profile work]\nregion = us-west-2\nservices = here\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n\
         [services here]\nec2 =\n  endpoint_url = {url}\nsts =\n  endpoint_url = {url}\n"
    );
    let settings = Settings::default().with("credentials.profile", "work");
    let identity = bench.whoami(&settings, Machine::with(&[], &profiles)).await.unwrap();
    assert_eq!(identity.source.as_deref(), Some("profile `work`"));
    assert_eq!((identity.region.as_deref(), identity.endpoint), (Some("us-west-2"), Some(url)));
    let error =
        bench.whoami(&settings.with("credentials.profile", "wrok"), Machine::with(&[], &profiles)).await.unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.profile")));
    let told = "there is no profile `wrok` in `~/.aws/config` and `~/.aws/credentials`, did you mean `work`?";
    assert_eq!(error.message(), told);
}

#[tokio::test]
async fn where_there_are_none_every_place_is_named() {
    let bench = Bench::new().await;
    let error = bench.whoami(&bench.bare(), nowhere()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    for words in [
        "AWS_ACCESS_KEY_ID",
        "no profile `default`",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_EC2_METADATA_DISABLED",
        "aws sso login",
    ] {
        assert!(error.message().contains(words), "{words}: {error}");
    }
    assert_eq!(bench.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn a_directory_session_that_was_not_begun_says_how_to_begin_it() {
    let bench = Bench::new().await;
    let profiles = "[profile lab]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = lab\n\
                    [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://never-begun.example.org/start\n";
    let settings = bench.bare().with("credentials.profile", "lab");
    let error = bench.whoami(&settings, Machine::with(&[], profiles)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(error.message().ends_with("sign in with `aws sso login --profile lab`"), "{error}");
}

#[tokio::test]
async fn a_role_is_taken_on_and_renewed_when_its_keys_have_ended() {
    let bench = Bench::new().await;
    let aws = bench.aws(&bench.settings().with("credentials.role_arn", bench.proofs.role.as_str()), nowhere());
    let identity = aws.whoami().await.unwrap();
    assert!(identity.user.contains(":assumed-role/lab/cloudmesh-"), "{}", identity.user);
    let source = format!("role `{}`, taken on with the configuration", bench.proofs.role);
    assert_eq!(identity.source, Some(source));
    let call = RawCall::new("GET", "Action=DescribeRegions");
    let look = || aws.raw(&call);
    look().await.unwrap();
    bench.emulator.revoke_tokens();
    look().await.unwrap();
    let assume = format!("AssumeRole {}", bench.proofs.role);
    let wanted =
        [assume.as_str(), "GetCallerIdentity", "DescribeRegions", "DescribeRegions", &assume, "DescribeRegions"];
    assert_eq!(bench.sent(), wanted);
}

#[tokio::test]
async fn a_role_that_may_not_be_taken_on_says_who_must_allow_it() {
    let bench = Bench::new().await;
    let settings = bench.settings().with("credentials.role_arn", bench.proofs.guarded_role.as_str());
    let error = bench.whoami(&settings, nowhere()).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::PermissionDenied, Some("AccessDenied")));
    assert!(error.message().contains("its owner must trust that identity"), "{error}");
    let settings = settings.with("credentials.external_id", bench.proofs.external_id.as_str());
    assert!(bench.whoami(&settings, nowhere()).await.is_ok());
}

#[tokio::test]
async fn a_workload_signs_in_with_its_token() {
    let bench = Bench::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, bench.proofs.workload.expose_secret()).unwrap();
    let path = file.to_str().unwrap();
    let role = bench.proofs.role.as_str();
    let variables = [("AWS_WEB_IDENTITY_TOKEN_FILE", path), ("AWS_ROLE_ARN", role), ("AWS_ROLE_SESSION_NAME", "job-7")];
    let identity = bench.whoami(&bench.bare(), Machine::with(&variables, "")).await.unwrap();
    assert!(identity.user.ends_with(":assumed-role/lab/job-7"), "{}", identity.user);
    fs::write(&file, "made-up").unwrap();
    let error = bench.whoami(&bench.bare(), Machine::with(&variables, "")).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("InvalidIdentityToken")));
}

#[tokio::test]
async fn a_token_that_is_written_goes_before_the_environment_and_a_role_after_that_of_the_environment() {
    let bench = Bench::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, bench.proofs.workload.expose_secret()).unwrap();
    let (path, role) = (file.to_str().unwrap(), bench.proofs.role.as_str());
    let written = bench.bare().with("credentials.web_identity_token_file", path).with("credentials.role_arn", role);
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAOTHER"), ("AWS_SECRET_ACCESS_KEY", "other")];
    bench.whoami(&written, Machine::with(&keys, "")).await.unwrap();
    let first = format!("AssumeRoleWithWebIdentity {role}");
    assert_eq!(bench.sent(), [first.as_str(), "GetCallerIdentity"]);

    let variables = [("AWS_WEB_IDENTITY_TOKEN_FILE", path), ("AWS_ROLE_ARN", role)];
    let guarded = bench.proofs.guarded_role.as_str();
    let further = bench.bare().with("credentials.role_arn", guarded);
    let further = further.with("credentials.external_id", bench.proofs.external_id.as_str());
    _ = bench.whoami(&further, Machine::with(&variables, "")).await;
    assert_eq!(bench.sent()[2..4], [first, format!("AssumeRole {guarded}")]);
}

#[tokio::test]
async fn an_address_that_is_none_is_told_before_anything_is_put_together() {
    let bench = Bench::new().await;
    let table = [
        (bench.settings().with("endpoint", "localhost:5000"), "endpoint"),
        (bench.settings().with("sts_endpoint", "ftp://sts.example.org"), "sts_endpoint"),
    ];
    for (settings, key) in table {
        let call = RawCall::new("POST", "Action=RunInstances&UserData=hunter2");
        let error = bench.aws(&settings, nowhere()).raw(&call).await.unwrap_err();
        assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some(key)), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn written_keys_go_with_the_region_of_the_profile() {
    let bench = Bench::new().await;
    let (id, secret) = bench.key();
    let settings = Settings::default().with("endpoint", bench.emulator.url());
    let settings = settings.with("credentials.aws_access_key_id", id).with("credentials.aws_secret_access_key", secret);
    let machine = || Machine::with(&[("AWS_EC2_METADATA_DISABLED", "true")], "[default]\nregion = eu-west-1\n");
    let identity = bench.whoami(&settings, machine()).await.unwrap();
    assert_eq!(
        (identity.region.as_deref(), identity.source.as_deref()),
        (Some("eu-west-1"), Some("the configuration"))
    );
}

#[tokio::test]
async fn a_metadata_service_that_refuses_is_one_place_of_all() {
    let bench = Bench::new().await;
    let closed = wiremock::MockServer::start().await;
    let answer = wiremock::ResponseTemplate::new(403);
    wiremock::Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&closed).await;
    let machine = Machine::with(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", closed.uri().as_str())], "");
    let error = bench.whoami(&bench.bare(), machine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    for words in ["AWS_ACCESS_KEY_ID", "gives no role to this instance (", "sign in with `aws configure`"] {
        assert!(error.message().contains(words), "{words}: {error}");
    }
}

#[tokio::test]
async fn an_instance_has_its_role_and_its_region() {
    let bench = Bench::new().await;
    let url = bench.emulator.url();
    let settings = Settings::default().with("endpoint", url.as_str());
    let machine = Machine::with(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", url.as_str())], "");
    let identity = bench.whoami(&settings, machine).await.unwrap();
    assert_eq!(identity.source.as_deref(), Some("the instance's role"));
    assert_eq!(identity.region.as_deref(), Some("us-east-1"));
    assert!(identity.user.contains(":assumed-role/lab/"), "{}", identity.user);
}

#[tokio::test]
async fn a_wrong_secret_says_where_it_comes_from() {
    let bench = Bench::new().await;
    let aws = bench.aws(&bench.settings().with("credentials.aws_secret_access_key", "hunter2"), nowhere());
    let refused = aws.raw(&RawCall::new("GET", "Action=DescribeRegions")).await.unwrap_err();
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::Unauthenticated, Some("AuthFailure")));
    assert!(refused.request_id().is_some());
    assert!(refused.message().contains("they come from the configuration"), "{refused}");
    assert!(!format!("{aws:?} {refused:?}").contains("hunter2"));
}

#[tokio::test]
async fn half_a_key_and_two_sources_are_mistakes() {
    let bench = Bench::new().await;
    let table = [
        (bench.bare().with("credentials.aws_access_key_id", "AKIA"), "credentials.aws_secret_access_key"),
        (bench.bare().with("credentials.EC2_SECRET_KEY", "x"), "credentials.aws_access_key_id"),
        (bench.settings().with("credentials.profile", "work"), "credentials.profile"),
        (bench.bare().with("credentials.source", "heaven"), "credentials.source"),
        (Settings::default().with("credentials.region", "eu-centrl-1"), "credentials.region"),
        (Settings::default(), "credentials.region"),
    ];
    for (settings, key) in table {
        let error = bench.whoami(&settings, nowhere()).await.unwrap_err();
        assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some(key)), "{error}");
    }
}

#[test]
fn a_check_of_the_configuration_finds_them_before_anything_is_asked() {
    let connect = |settings: &Settings| Aws::connect(settings.parse().unwrap(), Context::builder("lab").build());
    let table = [
        ("credentials.aws_access_key_id", "AKIA", "`aws_secret_access_key` is missing beside the access key's id"),
        ("credentials.aws_secret_access_key", "it", "`aws_access_key_id` is missing beside the secret key"),
        ("credentials.source", "directory", "`source` must be one of `environment`, `profile`"),
    ];
    for (key, value, told) in table {
        let error = connect(&Settings::default().with(key, value)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().starts_with(told), "{error}");
    }
    assert!(connect(&Settings::default().with("credentials.source", "EcsContainer")).is_ok());
}

#[tokio::test]
async fn raw_calls_answer_in_json_by_either_method() {
    let bench = Bench::new().await;
    let aws = bench.aws(&bench.settings(), nowhere());
    let body = json!({"Action": "DescribeRegions", "Filter": [{"Name": "region-name", "Value": ["eu-west-1"]}]});
    let calls = [
        RawCall::new("GET", "Action=DescribeRegions&RegionName.1=eu-west-1"),
        RawCall::new("POST", "/?Action=DescribeRegions&Filter.1.Name=region-name&Filter.1.Value.1=eu-west-1"),
        RawCall::new("POST", "").with_data(body),
    ];
    for call in calls {
        let answer = aws.raw(&call).await.unwrap();
        assert_eq!(answer["regionInfo"].as_array().unwrap().len(), 1, "{answer}");
        assert_eq!(answer["regionInfo"][0]["regionName"], "eu-west-1");
    }
    let answer = aws.raw(&RawCall::new("GET", "sts?Action=GetCallerIdentity")).await.unwrap();
    assert_eq!(answer["GetCallerIdentityResult"]["Account"], bench.proofs.account.as_str());
    let refused = aws.raw(&RawCall::new("GET", "Action=DescribeUnicorns")).await.unwrap_err();
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::InvalidInput, Some("InvalidAction")));
}

#[tokio::test]
async fn a_rehearsal_holds_raw_changes_back_and_shows_them_without_secrets() {
    let bench = Bench::new().await;
    let rehearsal = Rehearsal::default();
    let context = Context::builder("lab").rehearsal(rehearsal.clone()).build();
    let aws = Aws { client: Client::new(bench.settings().parse().unwrap(), nowhere(), context) };
    aws.raw(&RawCall::new("POST", "Action=DescribeRegions")).await.unwrap();
    let call = RawCall::new("GET", "Action=RunInstances&ImageId=ami-1&UserData=hunter2");
    let error = aws.raw(&call).await.unwrap_err();
    assert!(Rehearsal::is_held_back(&error), "{error}");
    let shown = rehearsal.requests();
    assert_eq!((shown[0].sent, shown[1].sent), (true, false));
    assert_eq!(shown[1].body, Some(json!({"ImageId": "ami-1", "UserData": "[redacted]"})));
}

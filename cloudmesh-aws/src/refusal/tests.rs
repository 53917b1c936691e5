//! Tables of refusals, with the codes and words of AWS.

use std::time::Duration;

use cloudmesh_abstract::{Error, ErrorKind};
use jiff::{SignedDuration, Timestamp};

use super::codes::kind;
use super::{Scene, Told, request_id, told};

const SCENE: Scene<'_> = Scene {
    action: "RunInstances",
    source: "profile `work`",
    region: "af-south-1",
    endpoint: "https://ec2.af-south-1.amazonaws.com",
    now: Timestamp::UNIX_EPOCH,
};

fn said(code: &str, message: &str) -> Told {
    Told {
        status: 400,
        code: Some(code.to_owned()),
        message: message.to_owned(),
        request_id: Some("r-1".into()),
        ..Told::default()
    }
}

fn refused(code: &str, message: &str) -> Error {
    told(&said(code, message), &SCENE)
}

#[test]
fn codes_have_their_kinds() {
    use ErrorKind as K;
    let table = [
        (K::RateLimited, &["RequestLimitExceeded", "Throttling", "ThrottlingException", "EC2ThrottledException"][..]),
        (
            K::Unauthenticated,
            &["ExpiredToken", "RequestExpired", "SignatureDoesNotMatch", "InvalidClientTokenId", "IncompleteSignature"],
        ),
        (
            K::PermissionDenied,
            &[
                "UnauthorizedOperation",
                "AccessDenied",
                "OptInRequired",
                "PendingVerification",
                "Blocked",
                "AuthFailure",
                "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
            ],
        ),
        (
            K::QuotaExceeded,
            &[
                "InstanceLimitExceeded",
                "VcpuLimitExceeded",
                "AddressLimitExceeded",
                "VolumeLimitExceeded",
                "SecurityGroupLimitExceeded",
                "RulesPerSecurityGroupLimitExceeded",
                "MaxSpotInstanceCountExceeded",
                "InsufficientInstanceCapacity",
                "InsufficientAddressCapacity",
                "InsufficientFreeAddressesInSubnet",
                "SpotMaxPriceTooLow",
                "UnfulfillableCapacity",
                "Server.InsufficientInstanceCapacity",
            ],
        ),
        (
            K::NotFound,
            &[
                "InvalidInstanceID.NotFound",
                "InvalidAMIID.NotFound",
                "InvalidKeyPair.NotFound",
                "InvalidSecurityGroupRuleId.NotFound",
            ],
        ),
        (K::AlreadyExists, &["InvalidKeyPair.Duplicate", "InvalidGroup.Duplicate", "InvalidPermission.Duplicate"]),
        (
            K::Conflict,
            &[
                "IncorrectInstanceState",
                "IncorrectState",
                "DependencyViolation",
                "InvalidGroup.InUse",
                "InvalidIPAddress.InUse",
                "Resource.AlreadyAssociated",
                "OperationNotPermitted",
                "IdempotentInstanceTerminated",
                "IdempotentParameterMismatch",
                "UnsupportedHibernationConfiguration",
                "UnsupportedOperation",
            ],
        ),
        (
            K::InvalidInput,
            &[
                "InvalidInstanceID.Malformed",
                "InvalidAMIID.Malformed",
                "InvalidParameterValue",
                "InvalidParameterCombination",
                "MissingParameter",
                "UnknownParameter",
                "InvalidUserData.Malformed",
                "TagLimitExceeded",
                "Unsupported",
                "Client.InvalidParameterValue",
                "VPCIdNotSpecified",
            ],
        ),
        (
            K::Unavailable,
            &["InternalError", "InternalFailure", "Unavailable", "ServiceUnavailable", "Server.SomethingNew"],
        ),
    ];
    for (wanted, codes) in table {
        for code in codes {
            assert_eq!(kind(Some(code), 400), wanted, "{code}");
        }
    }
}

#[test]
fn a_code_that_is_not_known_is_judged_by_its_status() {
    assert_eq!(kind(Some("SomethingNew"), 503), ErrorKind::Unavailable);
    assert_eq!(kind(Some("SomethingNew"), 400), ErrorKind::InvalidInput);
    assert_eq!(kind(None, 502), ErrorKind::Unavailable);
    assert_eq!(kind(None, 403), ErrorKind::PermissionDenied);
    assert_eq!(kind(Some("AuthFailure"), 401), ErrorKind::Unauthenticated);
}

#[test]
fn a_stranger_that_finds_nothing_does_not_say_that_a_thing_is_gone() {
    let error = told(&Told { status: 404, message: "Not Found".into(), ..Told::default() }, &SCENE);
    let message =
        "`https://ec2.af-south-1.amazonaws.com` does not answer as AWS does: Not Found; check the address".to_owned();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Unexpected, message.as_str()));
}

#[test]
fn keys_that_are_no_good_are_told_with_where_they_come_from() {
    let words = "AWS was not able to validate the provided access credentials";
    let error = told(&Told { status: 401, ..said("AuthFailure", words) }, &SCENE);
    let message = "AWS cannot validate the access key or its signature; check the key and its secret, they come from profile \
                   `work`, and that the region `af-south-1` is enabled for the account";
    assert_eq!((error.kind(), error.message()), (ErrorKind::Unauthenticated, message));
}

#[test]
fn the_permission_that_aws_names_is_asked_for() {
    let table = [
        (
            "User: arn:aws:iam::1:user/a is not authorized to perform: ec2:CreateTags on resource: x because",
            "ec2:CreateTags",
        ),
        ("You are not authorized to perform this operation.", "ec2:RunInstances"),
        ("User: x is not authorized to perform: sts:AssumeRole on resource: y", "sts:AssumeRole"),
    ];
    for (words, permission) in table {
        let error = refused("UnauthorizedOperation", words);
        assert!(error.message().contains(&format!("a policy that allows `{permission}`")), "{error}");
    }
}

#[test]
fn refusals_say_what_to_do() {
    let table = [
        (
            "InsufficientInstanceCapacity",
            "We currently do not have sufficient t3.micro capacity in the Availability Zone you requested.",
            "We currently do not have sufficient t3.micro capacity in the Availability Zone you requested; try another zone \
             with `--zone`, another size with `--size`, or try again later",
        ),
        ("InvalidInstanceID.NotFound", "The instance ID 'i-1' does not exist", "The instance ID 'i-1' does not exist"),
        (
            "AuthFailure",
            "Not authorized for images: [ami-1]",
            "Not authorized for images: [ami-1]; it belongs to another account, whose owner must share it; or name another one",
        ),
        ("InternalError", "oops.", "AWS cannot answer `RunInstances` in `af-south-1`: oops"),
        ("SomethingNew", "", "SomethingNew"),
    ];
    for (code, words, message) in table {
        let error = refused(code, words);
        assert_eq!((error.message(), error.code(), error.request_id()), (message, Some(code), Some("r-1")));
    }
}

#[test]
fn a_policy_that_forbids_something_is_told_in_short() {
    let words = "You are not authorized to perform this operation. User: arn:aws:iam::1:user/a is not authorized to perform: \
                 ec2:RunInstances. Encoded authorization failure message: ";
    let error = refused("UnauthorizedOperation", &format!("{words}{}", "x".repeat(900)));
    let wanted = format!(
        "{words}{}…; ask for a policy that allows `ec2:RunInstances` (signed in by profile `work`)",
        "x".repeat(16)
    );
    assert_eq!((error.kind(), error.message()), (ErrorKind::PermissionDenied, wanted.as_str()));
}

#[test]
fn no_secret_is_told_again() {
    let table = [
        (
            "SignatureDoesNotMatch",
            "The Canonical String for this request should have been 'x-amz-security-token:hunter2'",
        ),
        (
            "InvalidParameterValue",
            "Value (hunter2) for parameter userData is invalid. Invalid BASE64 encoding of user data.",
        ),
        ("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data (hunter2)"),
    ];
    for (code, words) in table {
        let error = refused(code, words);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn a_clock_that_is_wrong_is_told_by_how_much() {
    let date = |ahead: SignedDuration| {
        let time = Timestamp::now().checked_add(ahead).unwrap();
        time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let skewed =
        |ahead| told(&Told { date: Some(date(ahead)), ..said("RequestExpired", "Request has expired.") }, &SCENE);
    let sentence =
        |by: &str| format!("the clock of this machine is {by} that of AWS, which refuses such requests; set it right");
    let table = [
        (SignedDuration::from_secs(20 * 60 + 30), "20 minutes behind"),
        (SignedDuration::from_secs(-(3 * 3600 + 30)), "3 hours ahead of"),
        (SignedDuration::from_hours(24 * 5 + 1), "5 days behind"),
    ];
    for (ahead, by) in table {
        let error = skewed(ahead);
        assert_eq!((error.kind(), error.message()), (ErrorKind::Unauthenticated, sentence(by).as_str()));
    }
    assert!(!skewed(SignedDuration::from_mins(1)).message().contains("clock of this machine is"));
}

#[test]
fn the_time_to_wait_and_the_id_are_read() {
    let error = told(&Told { retry_after: Some("3".into()), ..said("RequestLimitExceeded", "slow down") }, &SCENE);
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(3))));
    assert_eq!(request_id("<Response><RequestID>a-b</RequestID></Response>").as_deref(), Some("a-b"));
    assert_eq!(request_id("<html>"), None);
}

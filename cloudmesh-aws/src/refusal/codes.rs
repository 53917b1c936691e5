//! What AWS's codes mean: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>.

use cloudmesh_abstract::{ErrorKind, http};

use ErrorKind::{
    AlreadyExists, Conflict, InvalidInput, NotFound, PermissionDenied, QuotaExceeded, RateLimited, Timeout,
    Unauthenticated, Unavailable, Unsupported,
};

/// Codes whose meaning their shape does not tell.
const KNOWN: &[(&str, ErrorKind)] = &[
    // Too many requests.
    ("RequestLimitExceeded", RateLimited),
    ("Throttling", RateLimited),
    ("ThrottlingException", RateLimited),
    ("ThrottledException", RateLimited),
    ("EC2ThrottledException", RateLimited),
    ("RequestThrottled", RateLimited),
    ("RequestThrottledException", RateLimited),
    ("TooManyRequestsException", RateLimited),
    ("BandwidthLimitExceeded", RateLimited),
    ("SlowDown", RateLimited),
    // AWS does not know who asks.
    ("AuthFailure", Unauthenticated),
    ("ExpiredToken", Unauthenticated),
    ("ExpiredTokenException", Unauthenticated),
    ("ExpiredIdentityTokenException", Unauthenticated),
    ("ExpiredIdentityToken", Unauthenticated),
    ("IDPRejectedClaim", Unauthenticated),
    ("IncompleteSignature", Unauthenticated),
    ("IncompleteSignatureException", Unauthenticated),
    ("InvalidAccessKeyId", Unauthenticated),
    ("InvalidClientTokenId", Unauthenticated),
    ("InvalidIdentityToken", Unauthenticated),
    ("InvalidSecurity", Unauthenticated),
    ("InvalidSecurityToken", Unauthenticated),
    ("InvalidSignatureException", Unauthenticated),
    ("MissingAuthenticationToken", Unauthenticated),
    ("MissingAuthenticationTokenException", Unauthenticated),
    ("RequestExpired", Unauthenticated),
    ("RequestTimeTooSkewed", Unauthenticated),
    ("SignatureDoesNotMatch", Unauthenticated),
    ("TokenRefreshRequired", Unauthenticated),
    ("UnauthorizedException", Unauthenticated),
    ("UnrecognizedClientException", Unauthenticated),
    // It knows, and refuses.
    ("AccessDenied", PermissionDenied),
    ("AccessDeniedException", PermissionDenied),
    ("AccountDisabled", PermissionDenied),
    ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", PermissionDenied),
    ("Blocked", PermissionDenied),
    ("NotAuthorized", PermissionDenied),
    ("OptInRequired", PermissionDenied),
    ("PendingVerification", PermissionDenied),
    ("RegionDisabledException", PermissionDenied),
    ("UnauthorizedOperation", PermissionDenied),
    ("ForbiddenException", PermissionDenied),
    // There is no more of it: first what AWS itself has run out of, which another zone or size may still have.
    ("InsufficientAddressCapacity", QuotaExceeded),
    ("InsufficientCapacity", QuotaExceeded),
    ("InsufficientCapacityOnHost", QuotaExceeded),
    ("InsufficientFreeAddressesInSubnet", QuotaExceeded),
    ("InsufficientHostCapacity", QuotaExceeded),
    ("InsufficientInstanceCapacity", QuotaExceeded),
    ("InsufficientReservedInstanceCapacity", QuotaExceeded),
    ("InsufficientVolumeCapacity", QuotaExceeded),
    ("SpotMaxPriceTooLow", QuotaExceeded),
    ("UnfulfillableCapacity", QuotaExceeded),
    // … then what the account may not have more of; the rest is known by its ending.
    ("MaxSpotFleetRequestCountExceeded", QuotaExceeded),
    ("MaxSpotInstanceCountExceeded", QuotaExceeded),
    ("MaxIOPSLimitExceeded", QuotaExceeded),
    ("ResourceCountExceeded", QuotaExceeded),
    // Limits of one request or one thing, which no quota lifts.
    ("TagLimitExceeded", InvalidInput),
    ("FilterLimitExceeded", InvalidInput),
    ("CannotDelete", Conflict),
    ("ConcurrentTagAccess", Conflict),
    ("DependencyViolation", Conflict),
    ("DryRunOperation", Conflict),
    ("IdempotentInstanceTerminated", Conflict),
    ("IdempotentParameterMismatch", Conflict),
    ("OperationNotPermitted", Conflict),
    ("Resource.AlreadyAssigned", Conflict),
    ("Resource.AlreadyAssociated", Conflict),
    ("ResourceInUseException", Conflict),
    ("UnsupportedHibernationConfiguration", Conflict),
    ("UnsupportedOperation", Conflict),
    ("VolumeInUse", Conflict),
    ("InvalidState", Conflict),
    ("InvalidStateTransition", Conflict),
    ("InvalidInstanceID.NotLinkable", Conflict),
    ("InvalidAMIID.Unavailable", Conflict),
    ("AuthorizationNotFound", NotFound),
    ("Gateway.NotAttached", NotFound),
    ("KeyPairMismatch", InvalidInput),
    ("DefaultVpcDoesNotExist", InvalidInput),
    ("VPCIdNotSpecified", InvalidInput),
    ("VPCResourceNotSpecified", InvalidInput),
    ("UnavailableHostRequirements", InvalidInput),
    ("ValidationError", InvalidInput),
    ("ValidationException", InvalidInput),
    ("NoSuchVersion", InvalidInput),
    ("Unsupported", InvalidInput),
    ("UnsupportedInstanceAttribute", Unsupported),
    ("UnsupportedProtocol", InvalidInput),
    ("DiskImageSizeTooLarge", InvalidInput),
    ("EncryptedVolumesNotSupported", InvalidInput),
    ("SignatureVersionNotSupported", InvalidInput),
    // A fault of AWS's own.
    ("InternalError", Unavailable),
    ("InternalFailure", Unavailable),
    ("InternalServerError", Unavailable),
    ("InternalServiceError", Unavailable),
    ("Unavailable", Unavailable),
    ("ServiceUnavailable", Unavailable),
    ("ServiceUnavailableException", Unavailable),
    ("RequestTimeout", Timeout),
    ("RequestTimeoutException", Timeout),
];

/// Endings that tell the meaning, the first one that fits.
const ENDINGS: &[(&str, ErrorKind)] = &[
    ("NotFound", NotFound),
    ("NotFoundException", NotFound),
    ("Malformed", InvalidInput),
    ("Duplicate", AlreadyExists),
    ("AlreadyExists", AlreadyExists),
    ("AlreadyExist", AlreadyExists),
    ("InUse", Conflict),
    ("LimitExceeded", QuotaExceeded),
    ("LimitExceededException", QuotaExceeded),
];

/// Beginnings that tell it.
const BEGINNINGS: &[(&str, ErrorKind)] = &[
    ("Incorrect", Conflict),
    ("Invalid", InvalidInput),
    ("Malformed", InvalidInput),
    ("Missing", InvalidInput),
    ("Unknown", InvalidInput),
    ("Insufficient", QuotaExceeded),
    ("Unsupported", Unsupported),
];

/// What a code means; `status` decides where it is not known.
pub(crate) fn kind(code: Option<&str>, status: u16) -> ErrorKind {
    let Some(whole) = code else { return nameless(status) };
    let code = bare(whole);
    // Keys that are no good are 401; with the same code AWS keeps one from what belongs to others.
    if code == "AuthFailure" && status != 401 {
        return PermissionDenied;
    }
    let known = || KNOWN.iter().find(|(known, _)| *known == code);
    let ending = || ENDINGS.iter().find(|(ending, _)| code.ends_with(ending));
    let beginning = || BEGINNINGS.iter().find(|(beginning, _)| code.starts_with(beginning));
    match known().or_else(ending).or_else(beginning) {
        Some((_, kind)) => *kind,
        None if whole.starts_with("Server.") => Unavailable,
        None => http::kind_of(status),
    }
}

/// What an answer without a code means, which is not AWS's: nobody may take it for "there is no such thing".
fn nameless(status: u16) -> ErrorKind {
    match http::kind_of(status) {
        NotFound => ErrorKind::Unexpected,
        kind => kind,
    }
}

/// A code without the part that says whose fault it is.
pub(crate) fn bare(code: &str) -> &str {
    code.strip_prefix("Client.").or_else(|| code.strip_prefix("Server.")).unwrap_or(code)
}

/// What to do about a code, where AWS's own words do not say it.
pub(crate) fn advice(code: &str) -> Option<&'static str> {
    Some(match bare(code) {
        "InsufficientInstanceCapacity"
        | "InsufficientCapacity"
        | "InsufficientHostCapacity"
        | "InsufficientCapacityOnHost"
        | "InsufficientReservedInstanceCapacity"
        | "UnfulfillableCapacity" => "try another zone with `--zone`, another size with `--size`, or try again later",
        "SpotMaxPriceTooLow" => "wait until the spot price falls, take another zone or size, or leave out `--spot`",
        "MaxSpotInstanceCountExceeded" => {
            "delete spot instances, leave out `--spot`, or ask for a higher quota at \
             <https://console.aws.amazon.com/servicequotas>"
        }
        "InsufficientFreeAddressesInSubnet" => "name another subnet with `--network`, or another zone with `--zone`",
        "InstanceLimitExceeded" | "VcpuLimitExceeded" | "VolumeLimitExceeded" | "MaxIOPSLimitExceeded" => {
            "delete what is not needed any more, or ask for a higher quota at \
             <https://console.aws.amazon.com/servicequotas>"
        }
        "AddressLimitExceeded" => {
            "release an address that is not needed any more (`cms ip list`, `cms ip delete`), or ask for a higher quota \
             at <https://console.aws.amazon.com/servicequotas>"
        }
        "RequestLimitExceeded" => "try again later, or do less at once with `--parallel`",
        "OptInRequired" | "RegionDisabledException" => {
            "enable the service or the region for the account at <https://console.aws.amazon.com/billing/home#/account>"
        }
        "PendingVerification" => "wait until AWS has verified the account, of which it sends a mail",
        "AuthFailure" => "it belongs to another account, whose owner must share it; or name another one",
        "AuthFailure.ServiceLinkedRoleCreationNotPermitted" => {
            "ask for a policy that allows `iam:CreateServiceLinkedRole`, or have the role made once with \
             `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com`"
        }
        "Blocked" | "AccountDisabled" => "ask AWS's support",
        "DependencyViolation" => "remove first what still uses it",
        "DefaultVpcDoesNotExist" | "VPCIdNotSpecified" => {
            "name a subnet with `--network`, or make a default VPC with `aws ec2 create-default-vpc`"
        }
        "UnsupportedHibernationConfiguration" => "a machine that is to be suspended is made with `vm boot --hibernate`",
        "IdempotentInstanceTerminated" | "IdempotentParameterMismatch" => "do it again as a new request",
        _ => return None,
    })
}

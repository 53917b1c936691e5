//! The portal of the directory (SSO): keys for a person who has signed in there:
//! <https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html>.

use cloudmesh_abstract::ExposeSecret;
use serde_json::json;

use super::account::Account;
use super::identities::{ROLE, later};
use crate::exchange::{Answer, Ask, values};
use crate::world::account::same;

/// Where they are.
pub(super) const PATH: &str = "/federation/credentials";

/// Answers at [`PATH`].
pub(super) fn answer(account: &mut Account, ask: &Ask) -> Answer {
    let shown = ask.header("x-amz-sso_bearer_token");
    if !shown.is_some_and(|shown| same(&account.identities.person, shown)) {
        return refusal(401, "UnauthorizedException", "Session token not found or invalid");
    }
    let parameters = ask.parameters();
    let given = |name| values(&parameters, name).next().filter(|value| !value.is_empty());
    let (Some(number), Some(role)) = (given("account_id"), given("role_name")) else {
        return refusal(400, "InvalidRequestException", "Missing a required parameter: account_id or role_name");
    };
    if number != account.access.account || role != ROLE {
        return refusal(403, "ForbiddenException", "No access");
    }
    let granted = account.identities.grant_person(&mut account.access, later(account.now, 3600));
    let credentials = json!({
        "accessKeyId": granted.id,
        "secretAccessKey": granted.secret.expose_secret(),
        "sessionToken": granted.token.expose_secret(),
        "expiration": granted.expires.as_millisecond(),
    });
    Answer::json(200, &json!({ "roleCredentials": credentials }))
}

fn refusal(status: u16, code: &str, told: &str) -> Answer {
    Answer::json(status, &json!({ "message": told })).with("x-amzn-errortype", code)
}

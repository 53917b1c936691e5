//! The credentials of a container: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.

use cloudmesh_abstract::ExposeSecret;
use http::Method;
use serde_json::json;

use super::account::Account;
use super::identities::{ROLE, later, moment};
use crate::exchange::{Answer, Ask};
use crate::world::account::same;

/// Where they are.
pub(super) const PATH: &str = "/v2/credentials/lab";

/// Answers at [`PATH`]. The container shows its token.
pub(super) fn answer(account: &mut Account, ask: &Ask) -> Answer {
    let shown = ask.header("authorization");
    if ask.method != Method::GET || !shown.is_some_and(|shown| same(&account.identities.container, shown)) {
        let told = json!({"code": "AccessDenied", "message": "The authorization token is missing or wrong"});
        return Answer::json(401, &told);
    }
    let expires = later(account.now, 6 * 3600);
    let Some(granted) = account.identities.grant(&mut account.access, ROLE, "container", expires) else {
        return Answer::empty(500);
    };
    Answer::json(
        200,
        &json!({
            "RoleArn": format!("arn:aws:iam::{}:role/{ROLE}", account.access.account),
            "AccessKeyId": granted.id,
            "SecretAccessKey": granted.secret.expose_secret(),
            "Token": granted.token.expose_secret(),
            "Expiration": moment(granted.expires),
        }),
    )
}

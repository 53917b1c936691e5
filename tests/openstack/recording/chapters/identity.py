"""Keystone: every way in, and every way in that must fail."""
import copy

TELLING = ("methods", "name", "interface", "region", "type", "is_domain", "enabled")


def password(to, **changed):
    auth = to.cloud.auth
    user = {
        "name": auth["username"],
        "password": auth["password"],
        "domain": {"name": auth.get("user_domain_name", "Default")},
        **changed,
    }
    return {"auth": {
        "identity": {"methods": ["password"], "password": {
            "user": {key: value for key, value in user.items() if value is not None}}},
        "scope": {"project": {
            "name": auth["project_name"],
            "domain": {"name": auth.get("project_domain_name", "Default")},
        }},
    }}


def secret_of(ident, secret):
    return {"auth": {"identity": {
        "methods": ["application_credential"],
        "application_credential": {"id": ident, "secret": secret},
    }}}


def record(to):
    sign_in(to)
    refused(to)
    token_calls(to)
    credential(to)


def tokens(to, step, body=None, **how):
    return to.http(f"identity.{step}", "POST", "identity", "/auth/tokens", body=body, token=None,
                   telling=TELLING, **how)


def without_scope(body, **scope):
    body = copy.deepcopy(body)
    del body["auth"]["scope"]
    body["auth"].update(scope)
    return body


def sign_in(to):
    tokens(to, "password", password(to))
    to.http("identity.password_nocatalog", "POST", "identity", "/auth/tokens?nocatalog", token=None,
            body=password(to), telling=TELLING)
    tokens(to, "password_user_domain_id", password(to, domain={"id": "default"}))
    tokens(to, "password_project_id",
           without_scope(password(to), scope={"project": {"id": to.cloud.project}}))
    tokens(to, "password_unscoped", without_scope(password(to), scope="unscoped"))
    tokens(to, "token_method", {"auth": {
        "identity": {"methods": ["token"], "token": {"id": to.cloud.token}},
        "scope": {"project": {"id": to.cloud.project}},
    }}, pick=lambda body: {"token": {**body["token"], "methods": sorted(body["token"]["methods"])}})


def refused(to):
    tokens(to, "wrong_password", password(to, password="not-this-one"))
    tokens(to, "unknown_user", password(to, name="nobody-of-that-name"))
    tokens(to, "unknown_domain", password(to, domain={"name": "nowhere"}))
    tokens(to, "no_domain", password(to, domain=None))
    tokens(to, "no_password", password(to, password=None))
    elsewhere = password(to)
    elsewhere["auth"]["scope"]["project"]["name"] = "no-such-project"
    tokens(to, "unknown_project", elsewhere)
    tokens(to, "unknown_project_id",
           without_scope(password(to), scope={"project": {"id": "0" * 32}}))
    tokens(to, "unknown_method", {"auth": {"identity": {"methods": ["magic"], "magic": {}}}})
    tokens(to, "no_identity", {"auth": {}})
    tokens(to, "no_auth", {})
    tokens(to, "garbage", raw="{not json")
    tokens(to, "no_body")
    tokens(to, "bad_token_method", {"auth": {
        "identity": {"methods": ["token"], "token": {"id": "not-a-token"}}}})


def token_calls(to):
    ask = to.at("identity", "identity", telling=TELLING)
    subject = to.request("identity.subject", "POST", "identity", "/auth/tokens", token=None,
                         body=password(to)).headers["X-Subject-Token"]
    shown = {"headers": {"X-Subject-Token": subject}}
    ask("validate", "GET", "/auth/tokens", **shown)
    ask("check", "HEAD", "/auth/tokens", **shown)
    ask("validate_without_subject", "GET", "/auth/tokens")
    ask("catalog", "GET", "/auth/catalog")
    ask("projects", "GET", "/auth/projects", pick=lambda body: only(body, "projects", to.cloud.auth["project_name"]))
    ask("catalog_without_token", "GET", "/auth/catalog", token=None)
    ask("catalog_with_bad_token", "GET", "/auth/catalog", token="not-a-token")
    ask("revoke", "DELETE", "/auth/tokens", **shown)
    ask("validate_revoked", "GET", "/auth/tokens", **shown)
    ask("use_revoked", "GET", "/auth/catalog", token=subject)
    to.http("identity.use_revoked_at_compute", "GET", "compute", "/servers", token=subject)
    ask("unknown_route", "GET", "/nothing-here")
    ask("wrong_method", "PUT", "/auth/tokens", body={})


def credential(to):
    user = to.cloud.sdk.session.auth.get_access(to.cloud.sdk.session).user_id
    path = f"/users/{user}/application_credentials"
    name = f"{to.cloud.names['prefix']}-credential"
    made = to.http("identity.credential_create", "POST", "identity", path,
                   body={"application_credential": {"name": name, "secret": "a-secret-of-ours"}},
                   telling=("unrestricted", "description", "expires_at", "name", "secret"))
    if made.status_code != 201:
        return
    ident = made.json()["application_credential"]["id"]
    answer = tokens(to, "credential", secret_of(ident, "a-secret-of-ours"))
    tokens(to, "credential_wrong_secret", secret_of(ident, "not-this-one"))
    tokens(to, "credential_unknown", secret_of("f" * 32, "a-secret-of-ours"))
    scoped = secret_of(ident, "a-secret-of-ours")
    scoped["auth"]["scope"] = {"project": {"id": to.cloud.project}}
    tokens(to, "credential_with_scope", scoped)
    to.http("identity.credential_at_compute", "GET", "compute", "/flavors",
            token=answer.headers.get("X-Subject-Token"),
            pick=lambda body: only(body, "flavors", to.cloud.names["flavor"]))
    to.http("identity.credential_delete", "DELETE", "identity", f"{path}/{ident}")
    tokens(to, "credential_deleted", secret_of(ident, "a-secret-of-ours"))


def only(body, key, name):
    """A listing cut down to the one entry that every cloud has."""
    return {**body, key: [one for one in body[key] if one["name"] == name]}

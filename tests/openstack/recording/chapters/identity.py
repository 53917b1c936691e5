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
    scopes(to)
    token_calls(to)
    unscoped(to)
    credential(to)
    credential_kinds(to)
    credential_refused(to)


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


def scopes(to):
    """What may be asked for beside a project, and what makes no sense."""
    for step, scope in (
        ("system", {"system": {"all": True}}),
        ("domain_id", {"domain": {"id": "default"}}),
        ("domain_name", {"domain": {"name": "Default"}}),
        ("domain_unknown", {"domain": {"name": "nowhere"}}),
        ("project_without_domain", {"project": {"name": to.cloud.auth["project_name"]}}),
        ("project_in_unknown_domain", {"project": {
            "name": to.cloud.auth["project_name"], "domain": {"id": "nowhere"}}}),
        ("project_empty", {"project": {}}),
        ("two", {"project": {"id": to.cloud.project}, "domain": {"id": "default"}}),
        ("unknown_kind", {"planet": {"id": "earth"}}),
        ("unscoped_group", {"unscoped": {}}),
    ):
        tokens(to, f"scope_{step}", without_scope(password(to), scope=scope))
    tokens(to, "schema_scope_number", without_scope(password(to), scope=7))
    for step, user in (
        ("user_empty", {}),
        ("user_domain_empty", {"name": to.cloud.auth["username"], "domain": {}, "password": "x"}),
        ("user_id_unknown", {"id": "f" * 32, "password": to.cloud.auth["password"]}),
        ("schema_user_name_number", {"name": 7, "domain": {"id": "default"}, "password": "x"}),
    ):
        tokens(to, step, {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}})
    tokens(to, "methods_empty", {"auth": {"identity": {"methods": []}}})
    tokens(to, "schema_methods_missing", {"auth": {"identity": {}}})
    tokens(to, "method_without_data", {"auth": {"identity": {"methods": ["password"]}}})
    tokens(to, "schema_token_without_id", {"auth": {"identity": {"methods": ["token"], "token": {}}}})


def unscoped(to):
    """A token for nothing in particular tells what may be asked for, and opens no service."""
    token = to.request("identity.unscoped", "POST", "identity", "/auth/tokens", token=None,
                       body=without_scope(password(to), scope="unscoped")).headers["X-Subject-Token"]
    ask = to.at("identity.unscoped", "identity", telling=TELLING, token=token)
    ask("projects", "GET", "/auth/projects", pick=lambda body: only(body, "projects", to.cloud.auth["project_name"]))
    ask("domains", "GET", "/auth/domains")
    ask("system", "GET", "/auth/system")
    ask("catalog", "GET", "/auth/catalog")
    ask("own", "GET", "/auth/tokens", headers={"X-Subject-Token": token})
    to.http("identity.unscoped.at_compute", "GET", "compute", "/servers", token=token)
    to.http("identity.unscoped.at_image", "GET", "image", "/images?limit=1", token=token, pick=lambda body: sorted(body))
    scoped = to.request("identity.unscoped", "POST", "identity", "/auth/tokens", token=None, body={"auth": {
        "identity": {"methods": ["token"], "token": {"id": token}},
        "scope": {"project": {"id": to.cloud.project}}}})
    ask("revoke_self", "DELETE", "/auth/tokens", headers={"X-Subject-Token": token})
    ask("after_revocation", "GET", "/auth/projects")
    to.http("identity.unscoped.descendant", "GET", "identity", "/auth/catalog",
            token=scoped.headers["X-Subject-Token"], telling=TELLING)


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


CREDENTIAL = ("unrestricted", "description", "expires_at", "name", "method", "path", "service")


def credential_kinds(to):
    """Credentials by name, with an end, with rules, and what those that are restricted may not do."""
    user = to.cloud.sdk.session.auth.get_access(to.cloud.sdk.session).user_id
    path, prefix = f"/users/{user}/application_credentials", to.cloud.names["prefix"]
    owner = {"name": to.cloud.auth["username"], "domain": {"name": to.cloud.auth.get("user_domain_name", "Default")}}

    def create(step, **fields):
        fields = {"name": f"{prefix}-{step}", "secret": "a-secret-of-ours", **fields}
        return to.http(f"identity.credential_{step}", "POST", "identity", path, telling=CREDENTIAL,
                       body={"application_credential": fields})

    made = [
        create("plain", description="for a test"),
        create("ending", expires_at="2999-01-01T00:00:00.000000"),
        create("ended", expires_at="2001-01-01T00:00:00.000000"),
        create("ruled", access_rules=[{"path": "/v2.1/servers", "method": "GET", "service": "compute"}]),
        create("free", unrestricted=True),
        create("roles", roles=[{"name": "reader"}]),
    ]
    create("plain_again", name=f"{prefix}-plain")
    try:
        for step, one in (("by_name", {"name": f"{prefix}-plain", "user": owner}),
                          ("by_name_and_user_id", {"name": f"{prefix}-plain", "user": {"id": user}}),
                          ("by_unknown_name", {"name": f"{prefix}-none", "user": owner}),
                          ("by_name_of_nobody", {"name": f"{prefix}-plain", "user": {**owner, "name": "nobody"}}),
                          ("by_name_without_user", {"name": f"{prefix}-plain"}),
                          ("by_nothing", {})):
            tokens(to, f"credential_{step}", {"auth": {"identity": {
                "methods": ["application_credential"],
                "application_credential": {**one, "secret": "a-secret-of-ours"}}}})
        used = {}
        for one in made:
            if one.status_code == 201:
                one = one.json()["application_credential"]
                step = one["name"].removeprefix(f"{prefix}-")
                used[step] = tokens(to, f"credential_{step}_used", secret_of(one["id"], "a-secret-of-ours"))
        for step in ("plain", "free"):
            token = used[step].headers.get("X-Subject-Token")
            to.http(f"identity.credential_{step}_makes_another", "POST", "identity", path, token=token,
                    telling=CREDENTIAL, body={"application_credential": {"name": f"{prefix}-by-{step}"}})
        to.http("identity.credential_list", "GET", "identity", f"{path}?name={prefix}-ended", telling=CREDENTIAL)
    finally:
        for one in to.request("identity.clear", "GET", "identity", path).json()["application_credentials"]:
            if one["name"].startswith(prefix):
                to.request("identity.clear", "DELETE", "identity", f"{path}/{one['id']}")


def credential_refused(to):
    user = to.cloud.sdk.session.auth.get_access(to.cloud.sdk.session).user_id
    path = f"/users/{user}/application_credentials"
    for step, body in (
        ("schema_nothing", {}),
        ("schema_no_name", {"application_credential": {"secret": "x"}}),
        ("schema_name_number", {"application_credential": {"name": 7}}),
        ("schema_name_empty", {"application_credential": {"name": ""}}),
        ("schema_secret_number", {"application_credential": {"name": "x", "secret": 7}}),
        ("expires_nonsense", {"application_credential": {"name": "x", "expires_at": "soon"}}),
        ("role_unknown", {"application_credential": {"name": "x", "roles": [{"name": "emperor"}]}}),
        ("role_not_ours", {"application_credential": {"name": "x", "roles": [{"name": "admin"}]}}),
        ("schema_rule_method", {"application_credential": {"name": "x", "access_rules": [
            {"path": "/v2.1", "method": "TAKE", "service": "compute"}]}}),
        ("schema_rule_key", {"application_credential": {"name": "x", "access_rules": [{"colour": "red"}]}}),
    ):
        name = f"schema_credential_{step.removeprefix('schema_')}" if step.startswith("schema_") else f"credential_refused_{step}"
        to.http(f"identity.{name}", "POST", "identity", path, body=body, telling=CREDENTIAL)
    other = f"/users/{'f' * 32}/application_credentials"
    to.http("identity.credential_of_another_list", "GET", "identity", other)
    to.http("identity.credential_of_another_create", "POST", "identity", other,
            body={"application_credential": {"name": "x"}})
    to.http("identity.credential_unknown_get", "GET", "identity", f"{path}/{'f' * 32}")
    to.http("identity.credential_unknown_delete", "DELETE", "identity", f"{path}/{'f' * 32}")


def only(body, key, name):
    """A listing cut down to the one entry that every cloud has."""
    return {**body, key: [one for one in body[key] if one["name"] == name]}

//! How much there may be of each resource.

use serde_json::{Map, Value, json};

use super::python::{list, quoted};
use super::{Call, Fault, Reply};
use crate::exchange::Answer;
use crate::world::State;

/// Answers below `/quotas`; `None` for what is no route.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Option<Reply> {
    match (call.ask.method.as_str(), rest) {
        ("GET", _) => {}
        ("PUT", [_]) => return Some(Err(Fault::policy("rule:update_quota"))),
        ("DELETE", [_]) => return Some(Err(Fault::policy("rule:delete_quota"))),
        _ => return None,
    }
    let project = match rest {
        [] => return Some(Err(Fault::policy("rule:get_quota"))),
        ["tenant" | "project"] => {
            let named = rest.first().copied().unwrap_or_default();
            let body = json!({named: {format!("{named}_id"): call.caller.project}});
            return Some(Ok(Answer::json(200, &body)));
        }
        [project] | [project, "default" | "details"] => *project,
        _ => return None,
    };
    if project != call.caller.project {
        return Some(Err(Fault::policy("rule:get_quota")));
    }
    let detailed = rest.ends_with(&["details"]);
    let shown = |resource: &str, limit: i64| {
        let detail = || json!({"limit": limit, "used": used(call.state, project, resource), "reserved": 0});
        if detailed { detail() } else { json!(limit) }
    };
    let limits = call.state.network_quotas.all().iter();
    let quota: Map<String, Value> =
        limits.map(|(resource, limit)| ((*resource).to_owned(), shown(resource, *limit))).collect();
    Some(Ok(Answer::json(200, &json!({"quota": quota}))))
}

/// How many of a resource the project has.
fn used(state: &State, project: &str, resource: &str) -> usize {
    let groups = || state.groups.iter().filter(|group| group.project == project);
    match resource {
        "network" => state.networks.iter().filter(|one| one.project == project).count(),
        "subnet" => state.subnets.iter().filter(|one| one.project == project).count(),
        // What servers bring with them counts against nobody's quota.
        "port" => state.all_ports().filter(|port| port.kept && port.project == project).count(),
        "router" => state.routers.iter().filter(|one| one.project == project).count(),
        "floatingip" => state.floating_ips.iter().filter(|one| one.project == project).count(),
        "security_group" => groups().count(),
        "security_group_rule" => groups().map(|group| group.rules.len()).sum(),
        _ => 0,
    }
}

impl Call<'_> {
    /// Refuses to make more than there may be.
    pub(super) fn quota(&self, resource: &str, more: usize) -> Result<(), Fault> {
        let limit = self.state.network_quotas.limit(resource);
        let used = used(self.state, &self.caller.project, resource);
        if self.ask.twist.quota || limit.is_some_and(|limit| used + more > limit) {
            let told = format!("Quota exceeded for resources: {}.", list([quoted(resource)]));
            return Err(Fault::new(409, "OverQuota", told));
        }
        Ok(())
    }
}

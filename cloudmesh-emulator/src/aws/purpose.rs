//! What a request to AWS is for.

use cloudmesh_abstract::Operation;

use super::form::{Form, Params};
use super::query;
use super::service::Service;
use crate::exchange::Ask;
use crate::face::{Effect, Makes, Purpose};

/// What a request that is granted credentials is for.
pub(super) const SIGN_IN: Purpose =
    Purpose { operation: None, effect: Effect::SignIn, makes: Makes::Nothing, has_token: false };

/// Tells what a request in the Query form is for.
pub(super) fn purpose(ask: &Ask) -> Purpose {
    let form = query::form(ask);
    let action = form.params().text("Action").unwrap_or_default();
    Purpose {
        operation: operation(action, &form.params()),
        effect: effect(query::service(ask, &form), action),
        makes: makes(action),
        has_token: ask.headers.contains_key("x-amz-security-token"),
    }
}

fn effect(service: Service, action: &str) -> Effect {
    if service == Service::Sts && action != "GetCallerIdentity" {
        return Effect::SignIn;
    }
    if action.starts_with("Describe") || action.starts_with("Get") { Effect::Look } else { Effect::Change }
}

fn makes(action: &str) -> Makes {
    match action {
        "RunInstances" => Makes::Nodes,
        "AllocateAddress"
        | "CreateSecurityGroup"
        | "CreateVolume"
        | "ImportKeyPair"
        | "CreateKeyPair"
        | "AuthorizeSecurityGroupIngress"
        | "AuthorizeSecurityGroupEgress" => Makes::Something,
        _ => Makes::Nothing,
    }
}

fn operation(action: &str, params: &Params<'_>) -> Option<Operation> {
    Some(match action {
        "RunInstances" => Operation::Create,
        "DescribeInstances" => {
            look(params, "InstanceId", "tag:Name", [Operation::Info, Operation::Find, Operation::List])
        }
        "StartInstances" => Operation::Start,
        "StopInstances" if params.flag("Hibernate") == Ok(Some(true)) => Operation::Suspend,
        "StopInstances" => Operation::Stop,
        "RebootInstances" => Operation::Reboot,
        "TerminateInstances" => Operation::Destroy,
        "ModifyInstanceAttribute" => Operation::Resize,
        "GetConsoleOutput" => Operation::Log,
        "CreateTags" if names(params) => Operation::Rename,
        "CreateTags" => Operation::SetServerMetadata,
        "DeleteTags" => Operation::DeleteServerMetadata,
        "DescribeTags" => Operation::GetServerMetadata,
        "DescribeImages" => look(params, "ImageId", "name", [Operation::Image, Operation::Image, Operation::Images]),
        "DescribeInstanceTypes" if params.list("InstanceType").is_empty() => Operation::Flavors,
        "DescribeInstanceTypes" => Operation::Flavor,
        "GetCallerIdentity" => Operation::Whoami,
        "DescribeVolumes" | "DescribeNetworkInterfaces" => Operation::Leftovers,
        "DeleteVolume" | "DeleteNetworkInterface" => Operation::RemoveLeftover,
        _ => return around(action),
    })
}

/// What serves keys, addresses and groups.
fn around(action: &str) -> Option<Operation> {
    Some(match action {
        "DescribeKeyPairs" => Operation::Keys,
        "ImportKeyPair" => Operation::KeyUpload,
        "DeleteKeyPair" => Operation::KeyDelete,
        "DescribeAddresses" => Operation::ListPublicIps,
        "AllocateAddress" => Operation::CreatePublicIp,
        "AssociateAddress" => Operation::AttachPublicIp,
        "DisassociateAddress" => Operation::DetachPublicIp,
        "ReleaseAddress" => Operation::DeletePublicIp,
        "DescribeSecurityGroups" => Operation::ListSecgroups,
        "CreateSecurityGroup" => Operation::AddSecgroup,
        "DeleteSecurityGroup" => Operation::RemoveSecgroup,
        "DescribeSecurityGroupRules" => Operation::ListSecgroupRules,
        "AuthorizeSecurityGroupIngress" | "AuthorizeSecurityGroupEgress" => Operation::AddRulesToSecgroup,
        "RevokeSecurityGroupIngress" | "RevokeSecurityGroupEgress" => Operation::RemoveRulesFromSecgroup,
        _ => return None,
    })
}

/// Which of three a description is: of what has an id, of what has a name, or of all.
fn look(params: &Params<'_>, id: &str, name: &str, [by_id, by_name, all]: [Operation; 3]) -> Operation {
    let filters = params.parts("Filter");
    let filtered = |wanted: &str| filters.iter().any(|filter| filter.text("Name") == Some(wanted));
    match (params.list(id).is_empty(), filtered(name)) {
        (false, _) => by_id,
        (true, true) => by_name,
        (true, false) => all,
    }
}

/// Whether a name is given.
fn names(params: &Params<'_>) -> bool {
    params.parts("Tag").iter().any(|tag| tag.text("Key") == Some("Name"))
}

/// Parameters that are nobody's business.
const SECRET: [&str; 4] = ["UserData", "WebIdentityToken", "PublicKeyMaterial", "Version"];

/// The request in one line, without secrets.
pub(super) fn line(ask: &Ask, form: &Form) -> String {
    let public = |name: &str| !SECRET.iter().any(|secret| name.starts_with(secret)) && name != "Action";
    let shown = form.pairs().filter(|(name, _)| public(name)).map(|(name, value)| format!("&{name}={value}"));
    let action = form.params().text("Action").unwrap_or_default();
    format!("{} /?Action={action}{}", ask.method, shown.collect::<String>())
}

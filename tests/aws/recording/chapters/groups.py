"""Security groups and their rules."""
from .. import machines

WEB = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "ssh"}]},
       {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
        "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
       {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}]
EGRESS = [{"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


def word(rule):
    """A rule as one line."""
    way = "out" if rule["IsEgress"] else "in"
    end = rule.get("CidrIpv4") or rule.get("CidrIpv6") or rule.get("ReferencedGroupInfo", {}).get("GroupId")
    return f"{way} {rule['IpProtocol']} {rule.get('FromPort')} {rule.get('ToPort')} {end}"


def rules(to, step, group):
    found = to.call(step, "describe_security_group_rules", Filters=[{"Name": "group-id", "Values": [group]}])
    return {rule["SecurityGroupRuleId"]: word(rule) for rule in found.get("SecurityGroupRules", [])}


def record(to):
    vpc = to.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    name = to.name("web")
    to.call("groups.dry", "create_security_group", GroupName=name, Description="web", DryRun=True, code="DryRunOperation")
    group = to.call("groups.make", "create_security_group", GroupName=name, Description="web", VpcId=vpc)["GroupId"]
    to.call("groups.twice", "create_security_group", GroupName=name, Description="web", VpcId=vpc,
            code="InvalidGroup.Duplicate")
    to.fact("groups.first_rules", list(rules(to, "groups.first", group).values()), ["out -1 -1 -1 0.0.0.0/0"])
    change(to, group)
    other(to, group, name)
    in_use(to, group)


def change(to, group):
    made = to.call("groups.allow", "authorize_security_group_ingress", GroupId=group, IpPermissions=WEB)
    to.fact("groups.allow.told", sorted(word(rule) for rule in made.get("SecurityGroupRules", [])),
            ["in icmp 8 -1 192.0.2.0/24", "in tcp 22 22 10.0.0.0/8", "in tcp 443 443 0.0.0.0/0", "in tcp 443 443 ::/0"])
    to.call("groups.allow_again", "authorize_security_group_ingress", GroupId=group, IpPermissions=WEB[:1],
            code="InvalidPermission.Duplicate")
    to.call("groups.allow_out", "authorize_security_group_egress", GroupId=group, IpPermissions=EGRESS)
    known = rules(to, "groups.six", group)
    to.fact("groups.six.told", sorted(known.values()),
            ["in icmp 8 -1 192.0.2.0/24", "in tcp 22 22 10.0.0.0/8", "in tcp 443 443 0.0.0.0/0", "in tcp 443 443 ::/0",
             "out -1 -1 -1 0.0.0.0/0", "out udp 53 53 0.0.0.0/0"])
    ssh = [ident for ident, text in known.items() if "22" in text]
    to.call("groups.revoke", "revoke_security_group_ingress", GroupId=group, SecurityGroupRuleIds=ssh)
    to.fact("groups.revoked", any("22 22" in text for text in rules(to, "groups.five", group).values()), False)
    to.call("groups.revoke_again", "revoke_security_group_ingress", GroupId=group, SecurityGroupRuleIds=ssh,
            code=("InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound"))
    out = [ident for ident, text in known.items() if text.startswith("out udp")]
    to.call("groups.revoke_out", "revoke_security_group_egress", GroupId=group, SecurityGroupRuleIds=out)
    bad = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/99"}]}]
    to.call("groups.bad_range", "authorize_security_group_ingress", GroupId=group, IpPermissions=bad,
            code="InvalidParameterValue")


def other(to, group, name):
    """A rule about another group, and groups that are not there."""
    db = to.call("groups.db", "create_security_group", GroupName=to.name("db"), Description="db")["GroupId"]
    about = [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": group}]}]
    made = to.call("groups.about", "authorize_security_group_ingress", GroupId=db, IpPermissions=about)
    told = [rule["ReferencedGroupInfo"]["GroupId"] == group for rule in made.get("SecurityGroupRules", [])]
    to.fact("groups.about.told", told, [True])
    found = to.call("groups.by_name", "describe_security_groups", GroupNames=[name])["SecurityGroups"]
    to.fact("groups.by_name.told", [one["GroupId"] == group for one in found], [True])
    to.dare("groups.referred", "delete_security_group", GroupId=group, code="DependencyViolation")
    to.call("groups.delete_db", "delete_security_group", GroupId=db)
    for step, ident, code in (("missing", "sg-0123456789abcdef0", "InvalidGroup.NotFound"),
                              ("malformed", "group", ("InvalidGroupId.Malformed", "InvalidGroup.NotFound"))):
        to.call(f"groups.{step}", "describe_security_groups", GroupIds=[ident], code=code)
        to.call(f"groups.delete_{step}", "delete_security_group", GroupId=ident, code=code)


def in_use(to, group):
    ids = machines.make(to, "guarded", SecurityGroupIds=[group])
    found = machines.look(to, ids[0])["SecurityGroups"]
    to.fact("groups.of_a_machine", [one["GroupId"] == group for one in found], [True])
    to.dare("groups.delete_used", "delete_security_group", GroupId=group, code="DependencyViolation")
    machines.end(to, ids)
    to.call("groups.delete", "delete_security_group", GroupId=group)
    to.call("groups.delete_again", "delete_security_group", GroupId=group, code="InvalidGroup.NotFound")

"""Public addresses."""
from .. import machines


def record(to):
    one, other = machines.make(to, "addressed", MinCount=2, MaxCount=2)
    to.call("addresses.dry", "allocate_address", Domain="vpc", DryRun=True, code="DryRunOperation")
    tags = [{"ResourceType": "elastic-ip", "Tags": [{"Key": "session", "Value": to.prefix}]}]
    made = to.call("addresses.make", "allocate_address", Domain="vpc", TagSpecifications=tags)
    ident, address = made["AllocationId"], made["PublicIp"]
    lead(to, ident, address, one, other)
    to.call("addresses.release", "release_address", AllocationId=ident)
    to.call("addresses.release_again", "release_address", AllocationId=ident, code="InvalidAllocationID.NotFound")
    to.call("addresses.gone", "describe_addresses", PublicIps=[address], code="InvalidAddress.NotFound")
    machines.end(to, [one, other])


def where(to, ident):
    return to.ec2.describe_addresses(AllocationIds=[ident])["Addresses"][0].get("InstanceId") or None


def lead(to, ident, address, one, other):
    to.fact("addresses.free", where(to, ident), None)
    mine = [{"Name": "tag:session", "Values": [to.prefix]}]
    found = to.call("addresses.by_tag", "describe_addresses", Filters=mine)["Addresses"]
    to.fact("addresses.by_tag.told", [(each["AllocationId"] == ident, each["Domain"]) for each in found], [(True, "vpc")])
    to.call("addresses.lead", "associate_address", AllocationId=ident, InstanceId=one)
    to.fact("addresses.leads", where(to, ident) == one, True)
    to.fact("addresses.shown", machines.look(to, one).get("PublicIpAddress") == address, True)
    to.dare("addresses.release_used", "release_address", AllocationId=ident, code="InvalidIPAddress.InUse")
    to.call("addresses.lead_elsewhere", "associate_address", AllocationId=ident, InstanceId=other,
            AllowReassociation=False, code="Resource.AlreadyAssociated")
    to.call("addresses.lead_to_none", "associate_address", AllocationId=ident, InstanceId="i-0123456789abcdef0",
            code="InvalidInstanceID.NotFound")
    found = to.ec2.describe_addresses(AllocationIds=[ident])["Addresses"][0]
    to.call("addresses.part", "disassociate_address", AssociationId=found.get("AssociationId", "none"))
    to.fact("addresses.parted", where(to, ident), None)
    to.call("addresses.part_again", "disassociate_address", AssociationId=found.get("AssociationId", "none"),
            code="InvalidAssociationID.NotFound")

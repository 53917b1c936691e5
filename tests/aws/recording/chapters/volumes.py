"""Disks and networks of a machine."""
from .. import machines


def record(to):
    root = machines.image(to)["RootDeviceName"]
    disk = [{"DeviceName": root, "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "DeleteOnTermination": True}}]
    one = machines.make(to, "disk", BlockDeviceMappings=disk)[0]
    held = [{"Name": "attachment.instance-id", "Values": [one]}]
    found = to.call("volumes.of", "describe_volumes", Filters=held)["Volumes"]
    to.fact("volumes.of.told", [(each["Size"], each["VolumeType"], each["State"]) for each in found], [(20, "gp3", "in-use")])
    volume = found[0]["VolumeId"]
    to.fact("volumes.named", [(each["DeviceName"] == root, each["Ebs"]["VolumeId"] == volume)
                              for each in machines.look(to, one)["BlockDeviceMappings"]], [(True, True)])
    to.call("volumes.delete_used", "delete_volume", VolumeId=volume, code="VolumeInUse")
    own(to)
    network(to, held)
    machines.end(to, [one])
    to.call("volumes.gone", "describe_volumes", VolumeIds=[volume], code="InvalidVolume.NotFound")


def own(to):
    zone = to.ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    made = to.call("volumes.make", "create_volume", AvailabilityZone=zone, Size=5, VolumeType="gp3")
    to.ec2.get_waiter("volume_available").wait(VolumeIds=[made["VolumeId"]], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    found = to.call("volumes.free", "describe_volumes", Filters=[{"Name": "status", "Values": ["available"]},
                                                                {"Name": "volume-id", "Values": [made["VolumeId"]]}])
    to.fact("volumes.free.told", [(each["Size"], each["Attachments"]) for each in found.get("Volumes", [])], [(5, [])])
    to.call("volumes.delete", "delete_volume", VolumeId=made["VolumeId"])


def network(to, held):
    vpcs = to.call("volumes.vpcs", "describe_vpcs", Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    to.fact("volumes.one_default_vpc", [each["CidrBlock"] for each in vpcs], ["172.31.0.0/16"])
    subnets = to.call("volumes.subnets", "describe_subnets",
                      Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    zones = {each["ZoneName"] for each in to.ec2.describe_availability_zones()["AvailabilityZones"]}
    to.fact("volumes.a_subnet_a_zone", {each["AvailabilityZone"] for each in subnets} == zones, True)
    to.fact("volumes.public_subnets", all(each["MapPublicIpOnLaunch"] for each in subnets), True)
    found = to.call("volumes.interfaces", "describe_network_interfaces", Filters=held)["NetworkInterfaces"]
    to.fact("volumes.interfaces.told", [(each["Status"], each["Attachment"]["DeleteOnTermination"]) for each in found],
            [("in-use", True)])

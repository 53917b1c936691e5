"""What cannot be."""
from .. import machines

NONE, BAD = "i-0123456789abcdef0", "machine"


def record(to):
    for step, ident, code in (("missing", NONE, "InvalidInstanceID.NotFound"), ("malformed", BAD, "InvalidInstanceID.Malformed")):
        for operation in ("describe_instances", "start_instances", "stop_instances", "reboot_instances",
                          "terminate_instances"):
            to.call(f"refusals.{step}.{operation}", operation, InstanceIds=[ident], code=code)
        to.call(f"refusals.{step}.console", "get_console_output", InstanceId=ident, code=code)
        to.call(f"refusals.{step}.attribute", "describe_instance_attribute", InstanceId=ident, Attribute="userData",
                code=code)
    to.call("refusals.missing.tags", "create_tags", Resources=[NONE], Tags=[{"Key": "a", "Value": "b"}],
            code=("InvalidID", "InvalidInstanceID.NotFound"))
    launches(to)
    to.fact("refusals.nothing_made", machines.every(to, Filters=[{"Name": "tag:Name", "Values": [to.name("bad")]}]), [])


def launches(to):
    for step, more, code in (
        ("no_image", {"ImageId": "ami-0123456789abcdef0"}, "InvalidAMIID.NotFound"),
        ("bad_image", {"ImageId": "image"}, "InvalidAMIID.Malformed"),
        ("no_type", {"InstanceType": "t3.gigantic"}, ("InvalidParameterValue", "InvalidInstanceType")),
        ("no_key", {"KeyName": to.name("none")}, "InvalidKeyPair.NotFound"),
        ("no_group", {"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidGroup.NotFound"),
        ("no_subnet", {"SubnetId": "subnet-0123456789abcdef0"}, "InvalidSubnetID.NotFound"),
        ("no_zone", {"Placement": {"AvailabilityZone": "moon-1a"}}, "InvalidParameterValue"),
        ("none_at_all", {"MinCount": 0, "MaxCount": 0}, "InvalidParameterValue"),
        ("fewer", {"MinCount": 3, "MaxCount": 2}, ("InvalidParameterCombination", "InvalidParameterValue")),
        ("large_data", {"UserData": "#" * (16 * 1024 + 1)}, "InvalidParameterValue"),
        ("long_token", {"ClientToken": "t" * 65}, "InvalidParameterValue"),
        ("other_architecture", {"InstanceType": "t4g.micro"}, ("InvalidParameterValue", "InvalidParameterCombination",
                                                               "Unsupported")),
    ):
        made = to.call(f"refusals.{step}", "run_instances", **machines.asked(to, "bad", **more), code=code)
        machines.end(to, [one["InstanceId"] for one in made.get("Instances", [])])

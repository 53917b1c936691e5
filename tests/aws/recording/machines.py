"""Machines that the session makes and clears away."""
import functools

TYPE, LARGER = "t3.micro", "t3.small"


@functools.cache
def image(to):
    """An official image for x86_64 with a root volume."""
    filters = [{"Name": "architecture", "Values": ["x86_64"]}, {"Name": "root-device-type", "Values": ["ebs"]},
               {"Name": "virtualization-type", "Values": ["hvm"]}]
    found = to.ec2.describe_images(Owners=["amazon"], Filters=filters)["Images"]
    plain = [one for one in found if not one.get("Platform")]
    return sorted(plain, key=lambda one: one["Name"])[0]


def asked(to, end, **more):
    """What `run_instances` is asked for a small machine of this name."""
    tags = [{"Key": "Name", "Value": to.name(end)}, {"Key": "session", "Value": to.prefix}]
    return {"ImageId": image(to)["ImageId"], "InstanceType": TYPE, "MinCount": 1, "MaxCount": 1,
            "TagSpecifications": [{"ResourceType": "instance", "Tags": tags}], **more}


def make(to, end, **more):
    """Machines that run, made without a step; their ids."""
    made = to.ec2.run_instances(**asked(to, end, **more))["Instances"]
    ids = [one["InstanceId"] for one in made]
    running(to, ids)
    return ids


def running(to, ids):
    to.ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 40})


def end(to, ids):
    """They are gone when this returns; a protected one loses its protection."""
    if not ids:
        return
    for one in ids:
        to.ec2.modify_instance_attribute(InstanceId=one, DisableApiTermination={"Value": False})
    to.ec2.terminate_instances(InstanceIds=ids)
    to.ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 40})


def look(to, ident):
    return to.ec2.describe_instances(InstanceIds=[ident])["Reservations"][0]["Instances"][0]


def every(to, **asked_for):
    """All machines that a listing shows, over all its pages."""
    pages = to.ec2.get_paginator("describe_instances").paginate(**asked_for)
    return [one for page in pages for reservation in page["Reservations"] for one in reservation["Instances"]]


def clear(to):
    """Takes away what this session made."""
    mine = [{"Name": "tag:session", "Values": [to.prefix]}]
    end(to, [one["InstanceId"] for one in every(to, Filters=mine) if one["State"]["Name"] != "terminated"])
    for key in to.ec2.describe_key_pairs()["KeyPairs"]:
        if key["KeyName"].startswith(to.prefix):
            to.ec2.delete_key_pair(KeyName=key["KeyName"])
    for group in to.ec2.describe_security_groups()["SecurityGroups"]:
        if group["GroupName"].startswith(to.prefix):
            to.ec2.delete_security_group(GroupId=group["GroupId"])

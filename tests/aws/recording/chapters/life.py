"""The life of a machine."""
import base64

from .. import machines
from . import keys

USER_DATA = "#!/bin/sh\necho relativity-1905\n"


def record(to):
    to.ec2.import_key_pair(KeyName=to.name("life"), PublicKeyMaterial=keys.ED25519.encode())
    one = launch(to)
    facts(to, one)
    power(to, one)
    change(to, one)
    tags(to, one)
    die(to, one)


def launch(to):
    token = to.name("token")
    asked = machines.asked(to, "life", KeyName=to.name("life"), UserData=USER_DATA, ClientToken=token)
    to.call("life.dry", "run_instances", **asked, DryRun=True, code="DryRunOperation")
    made = to.call("life.launch", "run_instances", **asked)["Instances"]
    to.fact("life.pending", [one["State"]["Name"] for one in made], ["pending"])
    again = to.call("life.launch_again", "run_instances", **asked)["Instances"]
    same = [one["InstanceId"] for one in again] == [one["InstanceId"] for one in made]
    to.fact("life.same_token", same, True)
    if not same:
        machines.end(to, [one["InstanceId"] for one in again])
    to.call("life.other_request", "run_instances", **{**asked, "InstanceType": machines.LARGER},
            code="IdempotentParameterMismatch")
    mine = [{"Name": "tag:Name", "Values": [to.name("life")]}, {"Name": "instance-state-name",
                                                                "Values": ["pending", "running"]}]
    to.wait("life.running", "instance_running", Filters=mine)
    found = machines.every(to, Filters=mine)
    to.fact("life.one_machine", len(found), 1)
    machines.end(to, [one["InstanceId"] for one in found if one["InstanceId"] != made[0]["InstanceId"]])
    return made[0]["InstanceId"]


def facts(to, one):
    seen = machines.look(to, one)
    to.fact("life.facts", {"type": seen["InstanceType"], "key": seen.get("KeyName"), "state": seen["State"],
                           "groups": [group["GroupName"] for group in seen["SecurityGroups"]],
                           "architecture": seen["Architecture"], "root": seen["RootDeviceType"],
                           "in_vpc": all(seen.get(field) for field in ("VpcId", "SubnetId", "PrivateIpAddress")),
                           "public": bool(seen.get("PublicIpAddress")), "launched": bool(seen["LaunchTime"]),
                           "zone": seen["Placement"]["AvailabilityZone"].startswith(to.ec2.meta.region_name)},
            {"type": machines.TYPE, "key": to.name("life"), "state": {"Code": 16, "Name": "running"},
             "groups": ["default"], "architecture": "x86_64", "root": "ebs", "in_vpc": True, "public": True,
             "launched": True, "zone": True})
    data = to.call("life.user_data", "describe_instance_attribute", InstanceId=one, Attribute="userData")
    kept = base64.b64decode(data.get("UserData", {}).get("Value", "")).decode()
    to.fact("life.user_data.kept", kept, USER_DATA)
    found = to.call("life.status", "describe_instance_status", InstanceIds=[one])["InstanceStatuses"]
    to.fact("life.status.told", [each["InstanceState"]["Name"] for each in found], ["running"])
    shown = to.call("life.console", "get_console_output", InstanceId=one)
    to.fact("life.console.of", shown.get("InstanceId") == one, True)


def changes(told):
    return [(each["PreviousState"]["Name"], each["CurrentState"]["Name"]) for each in told]


def power(to, one):
    to.call("life.stop_dry", "stop_instances", InstanceIds=[one], DryRun=True, code="DryRunOperation")
    to.dare("life.hibernate", "stop_instances", InstanceIds=[one], Hibernate=True, code="UnsupportedHibernationConfiguration")
    told = to.call("life.stop", "stop_instances", InstanceIds=[one])["StoppingInstances"]
    to.fact("life.stop.told", changes(told), [("running", "stopping")])
    to.wait("life.stopped", "instance_stopped", InstanceIds=[one])
    seen = machines.look(to, one)
    to.fact("life.stopped.reason", seen.get("StateReason", {}).get("Code"), "Client.UserInitiatedShutdown")
    to.fact("life.stopped.public", seen.get("PublicIpAddress"), None)
    told = to.call("life.stop_again", "stop_instances", InstanceIds=[one])["StoppingInstances"]
    to.fact("life.stop_again.told", changes(told), [("stopped", "stopped")])
    to.call("life.reboot_stopped", "reboot_instances", InstanceIds=[one], code="IncorrectInstanceState")
    told = to.call("life.start", "start_instances", InstanceIds=[one])["StartingInstances"]
    to.fact("life.start.told", changes(told), [("stopped", "pending")])
    to.wait("life.started", "instance_running", InstanceIds=[one])
    told = to.call("life.start_again", "start_instances", InstanceIds=[one])["StartingInstances"]
    to.fact("life.start_again.told", changes(told), [("running", "running")])
    to.call("life.reboot", "reboot_instances", InstanceIds=[one])
    to.fact("life.rebooted", machines.look(to, one)["State"]["Name"], "running")


def change(to, one):
    to.call("life.resize_running", "modify_instance_attribute", InstanceId=one,
            InstanceType={"Value": machines.LARGER}, code="IncorrectInstanceState")
    to.ec2.stop_instances(InstanceIds=[one])
    to.wait("life.at_rest", "instance_stopped", InstanceIds=[one])
    to.call("life.resize", "modify_instance_attribute", InstanceId=one, InstanceType={"Value": machines.LARGER})
    told = to.call("life.size", "describe_instance_attribute", InstanceId=one, Attribute="instanceType")
    to.fact("life.size.told", told.get("InstanceType"), {"Value": machines.LARGER})
    to.call("life.bad_size", "modify_instance_attribute", InstanceId=one, InstanceType={"Value": "t3.gigantic"},
            code=("InvalidInstanceAttributeValue", "InvalidInstanceType", "InvalidParameterValue"))
    to.ec2.start_instances(InstanceIds=[one])
    machines.running(to, [one])


def tags(to, one):
    to.call("life.tag", "create_tags", Resources=[one], Tags=[{"Key": "course", "Value": "e516"}, {"Key": "term", "Value": ""}])
    to.call("life.tag_again", "create_tags", Resources=[one], Tags=[{"Key": "course", "Value": "e517"}])
    found = to.call("life.tags", "describe_tags", Filters=[{"Name": "resource-id", "Values": [one]}])["Tags"]
    kept = {each["Key"]: each["Value"] for each in found if each["Key"] not in ("Name", "session")}
    to.fact("life.tags.told", kept, {"course": "e517", "term": ""})
    to.call("life.untag", "delete_tags", Resources=[one], Tags=[{"Key": "term"}, {"Key": "never-there"}])
    to.fact("life.tags.left", sorted(each["Key"] for each in machines.look(to, one)["Tags"]), ["Name", "course", "session"])
    to.call("life.tag_reserved", "create_tags", Resources=[one], Tags=[{"Key": "aws:mine", "Value": "1"}],
            code="InvalidParameterValue")
    to.call("life.tag_many", "create_tags", Resources=[one], code="TagLimitExceeded",
            Tags=[{"Key": f"key{number}", "Value": ""} for number in range(51)])
    to.call("life.tag_long", "create_tags", Resources=[one], Tags=[{"Key": "k" * 129, "Value": ""}],
            code="InvalidParameterValue")


def die(to, one):
    to.call("life.protect", "modify_instance_attribute", InstanceId=one, DisableApiTermination={"Value": True})
    to.call("life.end_protected", "terminate_instances", InstanceIds=[one], code="OperationNotPermitted")
    to.call("life.unprotect", "modify_instance_attribute", InstanceId=one, DisableApiTermination={"Value": False})
    told = to.call("life.end", "terminate_instances", InstanceIds=[one])["TerminatingInstances"]
    to.fact("life.end.told", changes(told), [("running", "shutting-down")])
    to.wait("life.ended", "instance_terminated", InstanceIds=[one])
    to.call("life.end_again", "terminate_instances", InstanceIds=[one])
    to.fact("life.still_listed", machines.look(to, one)["State"], {"Code": 48, "Name": "terminated"})
    to.call("life.start_ended", "start_instances", InstanceIds=[one], code="IncorrectInstanceState")
    to.call("life.stop_ended", "stop_instances", InstanceIds=[one], code="IncorrectInstanceState")
    to.ec2.delete_key_pair(KeyName=to.name("life"))

"""The same by the `aws` program."""
from .. import machines

NONE = "i-0123456789abcdef0"
REFUSED = 255


def record(to):
    asked = machines.asked(to, "program")
    name = ["--tag-specifications", f"ResourceType=instance,Tags=[{{Key=Name,Value={to.name('program')}}},"
            f"{{Key=session,Value={to.prefix}}}]"]
    run = ["ec2", "run-instances", "--image-id", asked["ImageId"], "--instance-type", machines.TYPE, "--count", "6", *name]
    to.aws("program.dry", *run, "--dry-run", code=REFUSED)
    to.fact("program.dry.told", "DryRunOperation" in to.said, True)
    made = to.aws("program.run", *run)["Instances"]
    ids = [one["InstanceId"] for one in made]
    to.aws("program.wait", "ec2", "wait", "instance-running", "--instance-ids", *ids)
    show(to, ids)
    power(to, ids)
    to.aws("program.end", "ec2", "terminate-instances", "--instance-ids", *ids)
    to.aws("program.wait_ended", "ec2", "wait", "instance-terminated", "--instance-ids", *ids)


def show(to, ids):
    mine = ["ec2", "describe-instances", "--filters", f"Name=tag:Name,Values={to.name('program')}", "--query",
            "Reservations[].Instances[].InstanceId"]
    to.fact("program.listed", sorted(to.aws("program.list", *mine)) == sorted(ids), True)
    to.fact("program.paged", sorted(to.aws("program.list_paged", *mine, "--page-size", "5")) == sorted(ids), True)
    sizes = to.aws("program.list_part", "ec2", "describe-instance-types", "--max-items", "7", "--page-size", "5")
    to.fact("program.part", (len(sizes["InstanceTypes"]), bool(sizes.get("NextToken"))), (7, True))
    told = to.aws("program.whoami", "sts", "get-caller-identity")
    to.fact("program.whoami.told", sorted(told), ["Account", "Arn", "UserId"])
    shown = to.aws("program.as_table", *mine, "--output", "table")
    to.fact("program.as_table.told", ids[0] in shown, True)


def power(to, ids):
    to.aws("program.stop", "ec2", "stop-instances", "--instance-ids", ids[0])
    to.aws("program.wait_stopped", "ec2", "wait", "instance-stopped", "--instance-ids", ids[0])
    to.aws("program.start", "ec2", "start-instances", "--instance-ids", ids[0])
    to.aws("program.wait_running", "ec2", "wait", "instance-running", "--instance-ids", ids[0])
    to.aws("program.missing", "ec2", "describe-instances", "--instance-ids", NONE, code=REFUSED)
    to.fact("program.missing.told", "InvalidInstanceID.NotFound" in to.said, True)
    to.aws("program.stranger", "ec2", "describe-instances", code=REFUSED, AWS_SECRET_ACCESS_KEY="wrong")
    to.fact("program.stranger.told", "AuthFailure" in to.said or "SignatureDoesNotMatch" in to.said, True)

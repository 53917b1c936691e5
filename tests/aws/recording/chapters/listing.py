"""Many machines: pages and filters."""
from .. import machines

MANY = 12


def record(to):
    asked = machines.asked(to, "many", MinCount=MANY, MaxCount=MANY)
    made = to.call("listing.launch", "run_instances", **asked)["Instances"]
    ids = sorted(one["InstanceId"] for one in made)
    to.fact("listing.launch.told", (len(ids), sorted(one["AmiLaunchIndex"] for one in made)), (MANY, list(range(MANY))))
    machines.running(to, ids)
    pages(to, ids)
    filters(to, ids)
    machines.end(to, ids)


def pages(to, ids):
    mine = [{"Name": "tag:Name", "Values": [to.name("many")]}]
    answers = list(to.ec2.get_paginator("describe_instances").paginate(Filters=mine, PaginationConfig={"PageSize": 5}))
    lengths = [sum(len(one["Instances"]) for one in answer["Reservations"]) for answer in answers]
    to.fact("listing.pages", lengths, [5, 5, 2])
    seen = [one["InstanceId"] for answer in answers for group in answer["Reservations"] for one in group["Instances"]]
    to.fact("listing.pages.all", sorted(seen) == ids, True)
    for step, asked, code in (
        ("with_ids", {"MaxResults": 5, "InstanceIds": ids[:2]}, "InvalidParameterCombination"),
        ("too_small", {"MaxResults": 4}, "InvalidParameterValue"),
        ("bad_token", {"MaxResults": 5, "NextToken": "nonsense"}, ("InvalidParameterValue", "InvalidNextToken",
                                                                  "InvalidPaginationToken")),
    ):
        to.call(f"listing.{step}", "describe_instances", **asked, code=code)


def filters(to, ids):
    mine = {"Name": "tag:session", "Values": [to.prefix]}
    wild = {"Name": "tag:Name", "Values": [f"{to.prefix}-m?n*"]}
    other = {"Name": "tag:Name", "Values": [to.name("no-such")]}
    table = {"session": ([mine], MANY), "pattern": ([wild], MANY), "both": ([mine, wild], MANY), "none": ([mine, other], 0),
             "key": ([mine, {"Name": "tag-key", "Values": ["Name"]}], MANY),
             "type": ([mine, {"Name": "instance-type", "Values": ["m5.*"]}], 0),
             "either": ([mine, {"Name": "instance-type", "Values": ["m5.large", machines.TYPE]}], MANY),
             "state": ([mine, {"Name": "instance-state-name", "Values": ["stopped"]}], 0),
             "id": ([{"Name": "instance-id", "Values": ids[:3]}], 3)}
    for step, (asked, wanted) in table.items():
        alive = {"Name": "instance-state-name", "Values": ["running"]}
        found = machines.every(to, Filters=[*asked, *([] if step == "state" else [alive])])
        to.fact(f"listing.by_{step}", len(found), wanted)
    to.call("listing.bad_filter", "describe_instances", Filters=[{"Name": "colour", "Values": ["red"]}],
            code=("InvalidParameterValue", "FilterNotImplemented"))
    many = [{"Name": "instance-id", "Values": [f"i-{number:017x}" for number in range(201)]}]
    to.call("listing.many_values", "describe_instances", Filters=many, code="FilterLimitExceeded")

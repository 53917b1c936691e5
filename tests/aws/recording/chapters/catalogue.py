"""Images and sizes."""
from ..machines import LARGER, TYPE, image


def record(to):
    images(to)
    sizes(to)


def images(to):
    one = image(to)
    found = to.call("catalogue.image", "describe_images", ImageIds=[one["ImageId"]])["Images"]
    to.fact("catalogue.image.is_that", [(each["ImageId"] == one["ImageId"], each["State"], each["Architecture"],
                                         each["RootDeviceType"]) for each in found],
            [(True, "available", "x86_64", "ebs")])
    exact = [{"Name": "name", "Values": [one["Name"]]}]
    found = to.call("catalogue.by_name", "describe_images", Filters=exact)["Images"]
    to.fact("catalogue.by_name.is_that", one["ImageId"] in [each["ImageId"] for each in found], True)
    wild = [{"Name": "name", "Values": [one["Name"][:-3] + "???"]}]
    found = to.call("catalogue.by_pattern", "describe_images", Filters=wild)["Images"]
    to.fact("catalogue.by_pattern.has_that", one["ImageId"] in [each["ImageId"] for each in found], True)
    nothing = [{"Name": "name", "Values": ["no-such-image-*"]}]
    to.fact("catalogue.no_image", to.call("catalogue.by_no_name", "describe_images", Filters=nothing)["Images"], [])
    mine = to.call("catalogue.own", "describe_images", Owners=["self"])["Images"]
    to.fact("catalogue.own.none", [each["ImageId"] for each in mine if each["ImageId"] == one["ImageId"]], [])
    to.call("catalogue.image_malformed", "describe_images", ImageIds=["image"], code="InvalidAMIID.Malformed")
    to.call("catalogue.image_missing", "describe_images", ImageIds=["ami-0123456789abcdef0"], code="InvalidAMIID.NotFound")
    to.call("catalogue.bad_filter", "describe_images", Filters=[{"Name": "colour", "Values": ["red"]}],
            code=("InvalidParameterValue", "FilterNotImplemented"))
    seen, pages = paged(to, "describe_images", "Images", "ImageId", Owners=["amazon"], PaginationConfig={"PageSize": 5})
    to.fact("catalogue.pages", (len(seen) == len(set(seen)), max(pages) <= 5, one["ImageId"] in seen), (True, True, True))


def paged(to, operation, field, key, **asked):
    """The keys of all items, and how long the pages are."""
    pages = [page[field] for page in to.ec2.get_paginator(operation).paginate(**asked)]
    return [item[key] for page in pages for item in page], [len(page) for page in pages]


def sizes(to):
    found = to.call("catalogue.sizes", "describe_instance_types", InstanceTypes=[TYPE, LARGER])["InstanceTypes"]
    facts = {one["InstanceType"]: (one["VCpuInfo"]["DefaultVCpus"], one["MemoryInfo"]["SizeInMiB"],
                                   "x86_64" in one["ProcessorInfo"]["SupportedArchitectures"]) for one in found}
    to.fact("catalogue.sizes.facts", facts, {TYPE: (2, 1024, True), LARGER: (2, 2048, True)})
    arm = [{"Name": "processor-info.supported-architecture", "Values": ["arm64"]}]
    found = to.call("catalogue.sizes_for_arm", "describe_instance_types", Filters=arm)["InstanceTypes"]
    to.fact("catalogue.sizes_for_arm.only", all("arm64" in one["ProcessorInfo"]["SupportedArchitectures"] for one in found),
            True)
    to.call("catalogue.no_size", "describe_instance_types", InstanceTypes=["t3.gigantic"], code="InvalidInstanceType")
    to.call("catalogue.small_pages", "describe_instance_types", MaxResults=4, code="InvalidParameterValue")
    to.call("catalogue.large_pages", "describe_instance_types", MaxResults=101, code="InvalidParameterValue")
    seen, pages = paged(to, "describe_instance_types", "InstanceTypes", "InstanceType", PaginationConfig={"PageSize": 5})
    to.fact("catalogue.sizes_paged", (len(seen) == len(set(seen)), max(pages) <= 5, TYPE in seen), (True, True, True))
    offered = to.call("catalogue.offered", "describe_instance_type_offerings", LocationType="availability-zone",
                      Filters=[{"Name": "instance-type", "Values": [TYPE]}])["InstanceTypeOfferings"]
    to.fact("catalogue.offered.that", sorted({one["InstanceType"] for one in offered}), [TYPE])

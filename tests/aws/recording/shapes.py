"""Holds each raw answer against the shape that botocore's model of the service gives it.

botocore itself skips an element that it does not know, and gives nothing for one that is missing; a client in another
language would see neither. So: the root and its namespace are the vendor's, no element is unknown to the model, no
element that is no list stands twice, and each value is of its type, an enumeration's value one of the model's.
"""
import re
import xml.etree.ElementTree as tree

NAMESPACES = {"ec2": "http://ec2.amazonaws.com/doc/2016-11-15/", "sts": "https://sts.amazonaws.com/doc/2011-06-15/"}
#: Words of the wire that the model does not name.
EVERYWHERE = {"ec2": {"requestId"}, "sts": {"ResponseMetadata"}}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
#: Values of the wire that the model's enumerations lack: clients of every language meet them.
SPOKEN = {("platform", "windows"), ("state", "available")}
PLAIN = {"integer": re.compile(r"-?\d+"), "long": re.compile(r"-?\d+"), "float": re.compile(r"-?\d+(\.\d+)?"),
         "double": re.compile(r"-?\d+(\.\d+)?"), "boolean": re.compile("true|false"), "timestamp": TIME,
         "blob": re.compile(r"[A-Za-z0-9+/=\s]*")}


class Shapes:
    """Watches clients, and counts what is not as the model says."""

    def __init__(self, checks):
        self.checks, self.told = checks, set()

    def watch(self, client):
        service = client.meta.service_model.service_name
        client.meta.events.register(f"before-parse.{service}", lambda **seen: self.see(service, **seen))

    def see(self, service, operation_model, response_dict, **_):
        body, status = response_dict["body"], response_dict["status_code"]
        judge = answer if status < 300 else refusal
        wrong = list(judge(service, operation_model, body))
        for why in [why for why in wrong if why not in self.told]:
            self.told.add(why)
            self.checks.equal(f"the answer to {operation_model.name}", why, "as botocore's model says")
        if not wrong:
            self.checks.passed += 1


def bare(element):
    return element.tag.partition("}")[2] or element.tag


def answer(service, operation, body):
    """What is wrong with a good answer."""
    root = tree.fromstring(body)
    name, namespace = f"{operation.name}Response", NAMESPACES[service]
    if root.tag != f"{{{namespace}}}{name}":
        yield f"the root is {root.tag}"
    if service == "ec2" and not re.fullmatch(r"[0-9a-f-]{36}", root.findtext(f"{{{namespace}}}requestId") or ""):
        yield f"{operation.name} has no request id"
    if service == "sts":
        result = root.find(f"{{{namespace}}}{operation.name}Result")
        if result is None or root.find(f"{{{namespace}}}ResponseMetadata/{{{namespace}}}RequestId") is None:
            yield f"{operation.name} has no result, or no request id"
            return
        root = result
    if operation.output_shape:
        yield from structure(operation.name, operation.output_shape, root, EVERYWHERE[service])


def refusal(service, operation, body):
    """What is wrong with an error: EC2's envelope, or that of the query protocol."""
    root = tree.fromstring(body)
    words = [bare(element) for element in root.iter()]
    wanted = ["Response", "Errors", "Error", "Code", "Message", "RequestID"]
    if service == "sts":
        wanted = ["ErrorResponse", "Error", "Type", "Code", "Message", "RequestId"]
    if words != wanted:
        yield f"{operation.name} is refused with {words}"


def structure(path, shape, element, also=frozenset()):
    named = {member.serialization.get("name", key): member
             for key, member in shape.members.items()}
    flat = {name for name, member in named.items() if member.serialization.get("flattened")}
    seen = set()
    for child in element:
        name = bare(child)
        if name in also:
            continue
        if name not in named:
            yield f"{path}: `{name}` is unknown"
            continue
        if name in seen and name not in flat:
            yield f"{path}: `{name}` stands twice"
        seen.add(name)
        yield from value(f"{path}.{name}", named[name], child, name in flat)


def value(path, shape, element, flat=False):
    kind = shape.type_name
    if kind == "structure":
        yield from structure(path, shape, element)
    elif kind == "list" and flat:
        yield from value(path, shape.member, element)
    elif kind == "list":
        item = shape.member.serialization.get("name") or shape.member.serialization.get("locationName") or "member"
        for child in element:
            if bare(child) != item:
                yield f"{path}: `{bare(child)}` in a list of `{item}`"
            yield from value(f"{path}[]", shape.member, child)
    else:
        yield from plain(path, shape, element)


def plain(path, shape, element):
    text = element.text or ""
    if len(element):
        yield f"{path}: has elements, and is {shape.type_name}"
    elif getattr(shape, "enum", None) and text not in shape.enum and (bare(element), text) not in SPOKEN:
        yield f"{path}: `{text}` is none of {shape.enum[:9]}"
    elif shape.type_name in PLAIN and not PLAIN[shape.type_name].fullmatch(text):
        yield f"{path}: `{text}` is no {shape.type_name}"

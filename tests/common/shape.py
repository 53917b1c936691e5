"""The shape of a JSON value: its keys and the kind of each leaf.

`{"id": "0b1c…", "links": []}` has the shape `{"id": "uuid", "links": []}`.
Leaves under a key that the step calls telling keep their value (`"=ACTIVE"`).
"""
import re

LONE = re.compile(r"<(\w+)>")
URL = re.compile(r"https?://|<(identity|compute|image|network)>")


def shape(value, normal, telling=()):
    """The shape of `value`; `telling` are keys whose plain values are kept."""
    if isinstance(value, dict):
        return {
            normal.text(key): kept(one, normal) if key in telling else shape(one, normal, telling)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return merge_all([shape(one, normal, telling) for one in value])
    return leaf(value, normal)


def kept(value, normal):
    """A value as it is, but for what differs by nature."""
    if isinstance(value, (dict, list)):
        return normal.value(value)
    return "=" + (normal.text(value) if isinstance(value, str) else repr(value))


def leaf(value, normal):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return type(value).__name__
    if value == "":
        return "empty"
    text = normal.text(value)
    lone = LONE.fullmatch(text)
    if lone:
        return lone.group(1)
    return "url" if URL.match(text) else "text"


def merge_all(shapes):
    """One shape for all elements of a list: `[]` or `[shape]`."""
    if not shapes:
        return []
    merged = shapes[0]
    for one in shapes[1:]:
        merged = merge(merged, one)
    return [merged]


def merge(a, b):
    if a == b:
        return a
    if isinstance(a, dict) and isinstance(b, dict):
        return {key: merge(a.get(key, "absent"), b.get(key, "absent")) for key in {**a, **b}}
    if isinstance(a, list) and isinstance(b, list):
        return merge_all(a + b)
    if isinstance(a, str) and isinstance(b, str):
        return "|".join(sorted({*a.split("|"), *b.split("|")}))
    return "mixed"

"""Takes out of an answer what differs from cloud to cloud by nature: ids, times, addresses, names of hosts."""
import datetime
import re

HEX = r"(?:[0-9a-f]{17}|[0-9a-f]{8})"
PLACEHOLDERS = [
    (re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"), "<uuid>"),
    (re.compile(rf"\b([a-z]+)-{HEX}\b"), r"<\1>"),
    (re.compile(rf"\b(sgr|eni|eipalloc|eipassoc|ela-attach|eni-attach|vol|subnet|vpc|acl|rtb|igw|dopt|key)-[0-9a-f]+\b"),
     r"<\1>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b(?:[0-9a-f]{2}:){15,19}[0-9a-f]{2}\b"), "<fingerprint>"),
    (re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b"), "<mac>"),
    (re.compile(r"\b(?:ip|ec2)-\d+-\d+-\d+-\d+[\w.-]*"), "<host>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?\b"), "<ip>"),
    (re.compile(r"\b\d{12}\b"), "<account>"),
]


class Normal:
    """Knows the names that the session chose."""

    def __init__(self, prefix):
        self.prefix = prefix

    def text(self, value):
        if isinstance(value, datetime.datetime):
            return "<time>"
        text = str(value).replace(self.prefix, "<prefix>")
        for pattern, placeholder in PLACEHOLDERS:
            text = pattern.sub(placeholder, text)
        return text

    def value(self, value):
        """The same for all texts inside a value, its keys too."""
        if isinstance(value, dict):
            return {self.text(key): self.value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return value if value is None or isinstance(value, (bool, int, float)) else self.text(value)

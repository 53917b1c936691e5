"""Takes out of an answer what differs from cloud to cloud by nature.

Ids, times, addresses and the cloud's own URLs become placeholders; what is
left of a text is compared word for word.
"""
import re

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"

PLACEHOLDERS = [
    (re.compile(rf"req-{UUID}"), "<request>"),
    (re.compile(UUID), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{56,128}\b"), "<hash>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<hex>"),
    (re.compile(TIME), "<time>"),
    (re.compile(r"\b(?:[0-9a-f]{2}:){15}[0-9a-f]{2}\b"), "<fingerprint>"),
    (re.compile(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b"), "<mac>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?\b"), "<ip>"),
    (re.compile(r"\bgAAAA[\w=-]+"), "<token>"),
    # How many servers are on their way out just then is the cloud's own.
    (re.compile(r"(?<=Requested )\d+-\d+(?=, but)"), "<range>"),
    (re.compile(r"(?<=Requested )\d+(?=, but)"), "<number>"),
    (re.compile(r"(?<=already used )\d+"), "<number>"),
    (re.compile(r"ssh-(?:rsa|ed25519) [\w+/=]+"), "<publickey>"),
]

VERSION_PATH = re.compile(r"/v\d+(\.\d+)?/?$")


class Normal:
    """Knows one cloud's URLs and the names that the session chose."""

    def __init__(self):
        self._words = []

    def learn_endpoint(self, service, url):
        """`http://host:port/compute/v2.1` makes `http://host:port/compute` read `<compute>`."""
        self.learn(VERSION_PATH.sub("", url).rstrip("/"), f"<{service}>")

    def learn(self, word, placeholder):
        """From now on `word` reads `placeholder`; the longest word wins."""
        self._words.append((word, placeholder))
        self._words.sort(key=lambda pair: -len(pair[0]))

    def text(self, text):
        for word, placeholder in self._words:
            text = text.replace(word, placeholder)
        for pattern, placeholder in PLACEHOLDERS:
            text = pattern.sub(placeholder, text)
        return text

    def value(self, value):
        """The same for all texts inside a JSON value, its keys too."""
        if isinstance(value, dict):
            return {self.text(key): self.value(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return self.text(value) if isinstance(value, str) else value

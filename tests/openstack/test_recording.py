"""Checks the comparison itself; run it with any Python, without arguments."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from common.shape import shape  # noqa: E402
from recording.normal import Normal  # noqa: E402

STEP = {"step": "a", "status": 200, "body": {"id": "uuid", "tags": []}}


def compare(left, right, expected=()):
    """The exit code and the output of compare.py for recordings of one step each."""
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / name for name in ("left", "right", "expected")]
        for file, value in zip(files, (left, right, list(expected))):
            file.write_text(json.dumps(value))
        done = subprocess.run([sys.executable, HERE.parent / "common/compare.py", *files[:2], "--expected", files[2]],
                              capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


class Compare(unittest.TestCase):
    other = {**STEP, "status": 201}
    entry = {"name": "created", "step": "a", "path": "status", "reason": "a test"}

    def test_same_recordings_pass(self):
        self.assertEqual(compare(STEP, STEP)[0], 0)

    def test_a_difference_fails_and_is_named(self):
        code, output = compare(STEP, self.other)
        self.assertEqual(code, 1)
        self.assertIn("status\n    left:  200\n    right: 201\n    in:    a\n", output)

    def test_an_expected_difference_passes(self):
        self.assertEqual(compare(STEP, self.other, [self.entry])[0], 0)

    def test_an_expected_difference_that_does_not_occur_fails(self):
        code, output = compare(STEP, STEP, [self.entry])
        self.assertEqual(code, 1)
        self.assertIn("`created` no longer occurs", output)

    def test_a_missing_step_fails(self):
        self.assertEqual(compare(STEP, {**STEP, "step": "b"})[0], 1)

    def test_a_missing_key_fails(self):
        self.assertIn("body.tags\n", compare(STEP, {**STEP, "body": {"id": "uuid"}})[1])


class Shape(unittest.TestCase):
    def test_what_differs_by_nature_is_taken_out(self):
        normal = Normal()
        normal.learn_endpoint("compute", "http://127.0.0.1:99/compute/v2.1")
        for text, expected in (
            ("at http://127.0.0.1:99/compute/v2.1/servers", "at <compute>/v2.1/servers"),
            ("0b1c2d3e-0000-1111-2222-333344445555 is gone", "<uuid> is gone"),
            ("2026-11-22T12:00:00.000000Z", "<time>"),
            ("10.0.0.0/24", "<ip>"),
            ("req-0b1c2d3e-0000-1111-2222-333344445555", "<request>"),
        ):
            self.assertEqual(normal.text(text), expected)

    def test_leaves_become_kinds_unless_telling(self):
        value = {"status": "ACTIVE", "n": 1, "none": None, "list": [{"a": 1}, {"a": None, "b": ""}]}
        self.assertEqual(shape(value, Normal(), ("status",)), {
            "status": "=ACTIVE", "n": "int", "none": "null", "list": [{"a": "int|null", "b": "absent|empty"}],
        })


if __name__ == "__main__":
    unittest.main()

"""`make console`, as a process: what it prints is enough to sign in, switch, work, and be refused when suspended."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.e2e


@pytest.fixture
def running(engine, provider, no_way_out):
    process = subprocess.Popen(
        [sys.executable, ROOT / "examples/demo/browse.py", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **no_way_out},
    )
    yield process
    process.terminate()
    process.wait(30)


def until(process, text):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


class Browser:
    def __init__(self, url):
        self.url, self.http = url, requests.Session()
        self.http.trust_env = False

    def get(self, path):
        self.page = self.http.get(self.url + path, timeout=30)
        return self.page

    def post(self, path, **fields):
        fields["csrf"] = re.search(r'name="csrf" value="([^"]+)"', self.page.text)[1]
        self.page = self.http.post(self.url + path, fields, headers={"origin": self.url}, timeout=30)
        return self.page


def test_the_scenario_is_ready_to_click(running):
    said = until(running, "Enter: make the delegation suspended")
    url = re.search(r"^(http://127.0.0.1:[0-9]+)/ ", said, re.MULTILINE)[1]
    password = re.search(r"user AAA +first password (\S+),", said)[1]
    link = re.search(r"^switch role +(\S+)$", said, re.MULTILINE)[1]
    browser = Browser(url)
    browser.get(link.removeprefix(url))
    browser.post("/login.htm", account="company-b", user="AAA", password=password)
    page = browser.post("/sign-in/password", password="Chosen-by-AAA-1", again="Chosen-by-AAA-1")
    assert "Switch Identity" in page.text
    page = browser.post("/switchRole.htm", account="company-a.onaliyun.com", role="ecs-admin")
    assert "ecs-admin@company-a" in page.text
    page = browser.get("/ecs")
    instance = re.search(r"/ecs/(i-[a-z0-9]+)/stop", page.text)[1]
    assert "was stopped" in browser.post(f"/ecs/{instance}/stop").text
    running.stdin.write("\n")
    running.stdin.flush()
    until(running, "The delegation is suspended")
    page = browser.get("/ecs")
    assert page.status_code == 403
    assert "Access denied" in page.text


def test_a_port_that_cannot_be_is_one_line(engine, provider, no_way_out):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = str(taken.getsockname()[1])
        for port, words in ((number, "is taken by another"), ("x", "is not a port"), ("65536", "is not a port")):
            ended = subprocess.run(
                [sys.executable, ROOT / "examples/demo/browse.py", port],
                check=False, capture_output=True, text=True, env={**os.environ, **no_way_out}, timeout=300,
            )  # fmt: skip
            assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1), ended.stderr
            assert words in ended.stderr

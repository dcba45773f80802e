"""Our server and moto's, with the same kind of calls: create, get, attach, assume a role, list.

Ours checks the signature and the permission of every call; moto checks neither, as it is by default. Both run as
processes of their own, get the same load in turn (ours, moto, ours, ...), and the medians of the rounds are compared.

    python bench/fake_http.py

The last line is one JSON object. Throughput ratios are ours over moto's (more is better), as are the time until ready
and the memory after the load (less is better); `growth` is our time for a call among 10,000 users or 1,000 roles over
that among 10.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent))
import load

from alicloud_fakes.core import signature
from ram_policies.arn import root_arn
from ram_policies.build import document, trust

_ECS = {"PolicyName": "AliyunECSReadOnlyAccess", "PolicyType": "System"}
_RAM = {"PolicyName": "AliyunRAMFullAccess", "PolicyType": "System"}
_STS = {"PolicyName": "AliyunSTSAssumeRoleAccess", "PolicyType": "System"}
_ROLE = "acs:ram::11223344:role/bench"
ACCOUNTS = ("11223344", "12345678", "99887766")
OURS_CALLS, MOTO_CALLS, ROUNDS, READY_ROUNDS = 4000, 600, 3, 5
GROWTH_ROUNDS = 7
_VERSIONS = {"ram": "2015-05-01", "sts": "2015-04-01"}


@dataclass(frozen=True)
class Started:
    process: subprocess.Popen[bytes]
    port: int
    ready: float

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def server(command: Callable[[int], list[str]], path: str) -> Iterator[Started]:
    """Start a server, wait until it answers, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    process = subprocess.Popen(command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(f"{command(port)[0]} ended with {process.returncode}") from None
                time.sleep(0.002)
        yield Started(process, port, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait()


def ours(port: int) -> list[str]:
    accounts = list(
        itertools.chain.from_iterable(("--account", one, "--root-key", f"{one}:FAKE{one}:secret") for one in ACCOUNTS)
    )
    return [sys.executable, "-m", "alicloud_fakes", "serve", "--port", str(port), *accounts]


def moto(port: int) -> list[str]:
    return [shutil.which("moto_server", path=str(Path(sys.executable).parent)) or "moto_server", "-p", str(port)]


@dataclass(frozen=True)
class Key:
    id: str
    secret: str


def signed(key: Key, service: str, action: str, **parameters: str) -> bytes:
    """A call to ours, signed."""
    whole = {
        "Action": action, "Version": _VERSIONS[service], "Format": "JSON", "AccessKeyId": key.id,
        "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", **parameters,
    }  # fmt: skip
    whole["Signature"] = signature.v1_signature(key.secret, signature.v1_string_to_sign("POST", whole), "HMAC-SHA1")
    return load.http("127.0.0.1", "/?" + urlencode(whole))


def aws(service: str, action: str, **parameters: str) -> bytes:
    """A call to moto; it reads the service and the key, and checks nothing."""
    version = {"iam": "2010-05-08", "sts": "2011-06-15"}[service]
    scope = (
        f"Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}", "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"Action": action, "Version": version, **parameters}).encode()
    return load.http(f"{service}.us-east-1.amazonaws.com", "/", headers, body)


def our_calls(key: Key, count: int, tag: str) -> list[bytes]:
    makers = (
        lambda name: signed(key, "ram", "CreateUser", UserName=name),
        lambda name: signed(key, "ram", "GetUser", UserName=name),
        lambda name: signed(key, "ram", "AttachPolicyToUser", UserName=name, **_ECS),
        lambda name: signed(key, "sts", "AssumeRole", RoleArn=_ROLE, RoleSessionName=name),
        lambda _: signed(key, "ram", "ListUsers", MaxItems="10"),
    )  # fmt: skip
    return _interleaved(makers, count, tag)


def moto_calls(count: int, tag: str) -> list[bytes]:
    role, policy = "arn:aws:iam::123456789012:role/bench", "arn:aws:iam::123456789012:policy/bench"
    makers = (
        lambda name: aws("iam", "CreateUser", UserName=name),
        lambda name: aws("iam", "GetUser", UserName=name),
        lambda name: aws("iam", "AttachUserPolicy", UserName=name, PolicyArn=policy),
        lambda name: aws("sts", "AssumeRole", RoleArn=role, RoleSessionName=name),
        lambda _: aws("iam", "ListUsers", MaxItems="10"),
    )
    return _interleaved(makers, count, tag)


def _interleaved(makers: Sequence[Callable[[str], bytes]], count: int, tag: str) -> list[bytes]:
    # All of one kind before the next of one block, so that 16 connections never get a user that is not made yet.
    block = 100
    calls: list[bytes] = []
    for start in range(0, count // len(makers), block):
        for make in makers:
            calls += [make(f"{tag}-{number}") for number in range(start, min(start + block, count // len(makers)))]
    return calls


def trust_in(account: str) -> str:
    """A trust policy for everybody of an account."""
    return document(trust(root_arn(account)), kind="trust").to_json()


def operator(started: Started) -> Key:
    """A RAM user of the first account who may do all of this, and a role it may assume."""
    root, trusting = Key(f"FAKE{ACCOUNTS[0]}", "secret"), trust_in(ACCOUNTS[0])
    answers = [
        ask(started, signed(root, "ram", "CreateUser", UserName="bench")),
        ask(started, signed(root, "ram", "AttachPolicyToUser", UserName="bench", **_RAM)),
        ask(started, signed(root, "ram", "AttachPolicyToUser", UserName="bench", **_STS)),
        ask(started, signed(root, "ram", "CreateRole", RoleName="bench", AssumeRolePolicyDocument=trusting)),
        ask(started, signed(root, "ram", "CreateAccessKey", UserName="bench")),
    ]  # fmt: skip
    made = answers[-1]["AccessKey"]
    return Key(made["AccessKeyId"], made["AccessKeySecret"])


def ask(started: Started, request: bytes) -> dict[str, dict[str, str]]:
    with socket.create_connection(("127.0.0.1", started.port)) as connection:
        connection.sendall(request)
        got = b""
        while not load.whole(got):
            got += connection.recv(65536)
    answer = json.loads(got.partition(b"\r\n\r\n")[2])
    if "Code" in answer:
        raise RuntimeError(answer)
    return answer


def compare(connections: int) -> tuple[list[load.Result], list[load.Result], float, float]:
    """The load in turn on both; results of ours, of moto's, and memory of both after it."""
    with server(ours, "/_fakes/accounts") as us, server(moto, "/moto-api/") as them:
        key = operator(us)
        everything = json.dumps(
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
        )
        start = [
            aws("iam", "CreateRole", RoleName="bench", AssumeRolePolicyDocument=everything),
            aws("iam", "CreatePolicy", PolicyName="bench", PolicyDocument=everything),
        ]
        if load.run(them.port, start, 1).failed:
            raise RuntimeError("moto refuses the role or the policy of the load")
        load.run(us.port, our_calls(key, 500, "warm"), connections)
        load.run(them.port, moto_calls(100, "warm"), connections)
        mine: list[load.Result] = []
        theirs: list[load.Result] = []
        for round_ in range(ROUNDS):
            mine.append(load.run(us.port, our_calls(key, OURS_CALLS, f"r{round_}"), connections))
            theirs.append(load.run(them.port, moto_calls(MOTO_CALLS, f"r{round_}"), connections))
        return mine, theirs, us.memory_mb(), them.memory_mb()


def ready() -> tuple[list[float], list[float]]:
    """Seconds from the start of the process to its first answer, of both in turn."""
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(READY_ROUNDS):
        with server(ours, "/_fakes/accounts") as us:
            mine.append(us.ready)
        with server(moto, "/moto-api/") as them:
            theirs.append(them.ready)
    return mine, theirs


def growth() -> dict[str, float]:
    """Our time for a call among many over that among few, measured in turn on two servers."""
    found: dict[str, float] = {}
    for what, action, few_of, many_of in (("users", "CreateUser", 3, 3330), ("roles", "CreateRole", 9, 980)):
        with server(ours, "/_fakes/accounts") as few, server(ours, "/_fakes/accounts") as many:
            few_key, many_key = operator(few), operator(many)
            _fill(few, action, "few", few_of)
            _fill(many, action, "many", many_of)
            rounds = [
                (_latencies(few, few_key, f"r{number}"), _latencies(many, many_key, f"r{number}"))
                for number in range(GROWTH_ROUNDS)
            ]
        for kind in rounds[0][0]:
            found[f"{kind}_{what}"] = round(statistics.median(b[kind] / a[kind] for a, b in rounds), 2)
    return found


def _fill(us: Started, action: str, prefix: str, count: int) -> None:
    # A RAM account holds 5,000 users at most, so 10,000 take several accounts.
    for account in ACCOUNTS:
        root = Key(f"FAKE{account}", "secret")
        more = {"AssumeRolePolicyDocument": trust_in(account)} if action == "CreateRole" else {}
        name = "RoleName" if action == "CreateRole" else "UserName"
        result = load.run(
            us.port, [signed(root, "ram", action, **{name: f"{prefix}{n}"}, **more) for n in range(count)], 1
        )
        if result.failed:
            raise RuntimeError(f"{result.failed} of {count} {action} failed")


def _latencies(us: Started, key: Key, tag: str) -> dict[str, float]:
    """Median latency of each kind of call."""
    names = [f"x{tag}{number}" for number in range(20)]
    kinds = {
        "create": [signed(key, "ram", "CreateUser", UserName=name) for name in names],
        "get": [signed(key, "ram", "GetUser", UserName=name) for name in names * 15],
        "attach": [signed(key, "ram", "AttachPolicyToUser", UserName=name, **_ECS) for name in names],
        "assume": [signed(key, "sts", "AssumeRole", RoleArn=_ROLE, RoleSessionName=name) for name in names * 15],
        "list": [signed(key, "ram", "ListUsers", MaxItems="10") for _ in names * 15],
        "list_roles": [signed(key, "ram", "ListRoles", MaxItems="10") for _ in names * 15],
    }
    found: dict[str, float] = {}
    for kind, requests in kinds.items():
        result = load.run(us.port, requests, 1)
        if result.failed:
            raise RuntimeError(f"{result.failed} calls to {kind} failed")
        found[kind] = result.p50
    return found


def main() -> None:
    print(
        f"{os.cpu_count()} processors; ours with checks of signature and permission, moto without; {ROUNDS} rounds each"
    )
    mine, theirs = ready()
    ratios: dict[str, object] = {}
    memory: list[float] = []
    for connections in (1, 16):
        us, them, our_mb, moto_mb = compare(connections)
        for name, results in (("ours", us), ("moto", them)):
            failed = sum(one.failed for one in results)
            rate, p50, p99 = (
                statistics.median(getattr(one, what) for one in results) for what in ("per_second", "p50", "p99")
            )
            print(
                f"{connections:2} connections  {name}: {rate:7.0f} calls/s  p50 {p50 * 1e3:6.2f} ms  "
                f"p99 {p99 * 1e3:6.2f} ms  {failed} failed"
            )
            if failed:
                raise RuntimeError(f"{failed} calls to {name} failed")
        ratios[f"throughput_ratio_{connections}"] = round(
            statistics.median(a.per_second / b.per_second for a, b in zip(us, them, strict=True)), 2
        )
        memory.append(our_mb / moto_mb)
        print(f"               memory after the load: ours {our_mb:.0f} MB, moto {moto_mb:.0f} MB")
    print(f"ready: ours {statistics.median(mine):.3f} s, moto {statistics.median(theirs):.3f} s")
    ratios["ready_ratio"] = round(statistics.median(a / b for a, b in zip(mine, theirs, strict=True)), 2)
    ratios["memory_ratio"] = round(statistics.median(memory), 2)
    ratios["growth"] = growth()
    print(json.dumps(ratios))


if __name__ == "__main__":
    main()

"""The console's live stream of calls: time until every listener has received every call, for 1 and for 10 listeners.

Calls are made in process by one thread, as fast as they come; each listener is a connection that reads the stream.

    python bench/console_stream.py

The last line is one JSON object: calls a second until the last listener has received the last call, by number of
listeners, and calls a second without a listener.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Iterator

import requests

from alicloud_fakes import Cloud
from alicloud_fakes.console.apis import Apis
from alicloud_fakes.console.web import ConsoleServer
from alicloud_fakes.identity.session_tokens import TemporaryCredentials

ACCOUNT, CALLS, TOKEN = "11223344", 400, "control-token-of-the-bench"


def browser(server: ConsoleServer) -> requests.Session:
    """A session that has opened the control room."""
    session = requests.Session()
    page = session.get(server.url + "/fake/sign-in", timeout=30).text
    form = re.search(r'name="csrf" value="([^"]+)"', page)
    assert form is not None
    data = {"csrf": form[1], "token": TOKEN}
    session.post(server.url + "/fake/sign-in", data, headers={"origin": server.url}, timeout=30)
    return session


@contextlib.contextmanager
def listener(server: ConsoleServer) -> Iterator[threading.Thread]:
    """A thread that reads the stream until it has seen every call."""
    answer = browser(server).get(server.url + "/fake/calls/events", stream=True, timeout=60)
    lines = answer.iter_lines(decode_unicode=True)
    assert next(lines) == "retry: 1000"

    def read() -> None:
        left = CALLS
        for line in lines:
            left -= line.startswith("id: ")
            if left == 0:
                return

    thread = threading.Thread(target=read)
    thread.start()
    yield thread
    answer.close()


def measure(listeners: int) -> float:
    cloud = Cloud.of({ACCOUNT: "company-a"})
    key = cloud.account(ACCOUNT).root_key
    apis = Apis(cloud, TemporaryCredentials(key.id, key.secret, "", ""), "127.0.0.1")
    with ConsoleServer(cloud, control_token=TOKEN) as server, contextlib.ExitStack() as stack:
        threads = [stack.enter_context(listener(server)) for _ in range(listeners)]
        start = time.perf_counter()
        for _ in range(CALLS):
            apis.call("ram", "ListRoles")
        for thread in threads:
            thread.join()
        return CALLS / (time.perf_counter() - start)


def main() -> None:
    found = {number: round(measure(number)) for number in (0, 1, 10)}
    print(json.dumps({f"calls_per_s_{number}_listeners": value for number, value in found.items()}))


if __name__ == "__main__":
    main()

"""Fakes that overlap: of threads, of tasks in one loop, and in an order that is not that of a stack."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import threading
from collections.abc import Callable

import pytest
import requests
from alibabacloud_sts20150401.client import Client
from alibabacloud_tea_openapi.models import Config

from alicloud_fakes import Cloud, mock_alicloud


def who(cloud: Cloud) -> str:
    """The account that the SDK reaches with the only account's key: no other fake knows that key."""
    [account] = cloud.accounts.values()
    key = account.root_key
    config = Config(access_key_id=key.id, access_key_secret=key.secret, endpoint="sts.aliyuncs.com")
    return Client(config).get_caller_identity().body.account_id


def of_process() -> tuple[object, ...]:
    names = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
    of_sockets = (vars(socket.socket).get("connect"), socket.socket.connect, socket.socket.connect_ex)
    return (
        requests.adapters.HTTPAdapter.send,
        *(getattr(socket, name) for name in names),
        *of_sockets,
        dict(os.environ),
    )


def in_threads(*work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_thread_goes_on_after_the_one_that_began_before_it_has_ended() -> None:
    before = of_process()
    began, inside, ended = threading.Event(), threading.Event(), threading.Event()
    seen: list[str] = []

    def first() -> None:
        with mock_alicloud({"1": "one"}) as cloud:
            began.set()
            inside.wait(10)
            seen.append(who(cloud))
        ended.set()

    def second() -> None:
        began.wait(10)
        with mock_alicloud({"2": "two"}) as cloud:
            inside.set()
            ended.wait(10)
            seen.append(who(cloud))

    in_threads(first, second)
    assert seen == ["1", "2"]
    assert of_process() == before


def test_a_thread_that_has_no_fake_of_its_own_gets_the_last_one() -> None:
    seen: list[str] = []
    with mock_alicloud({"1": "one"}), mock_alicloud({"2": "two"}) as cloud:
        in_threads(lambda: seen.append(who(cloud)))
    assert seen == ["2"]


@pytest.mark.parametrize("seconds", [(0.05, 0.1), (0.1, 0.05)])
def test_tasks_of_one_loop_have_a_fake_each(seconds: tuple[float, float]) -> None:
    before = of_process()

    @mock_alicloud({"1": "one"})
    async def one(cloud: Cloud) -> str:
        await asyncio.sleep(seconds[0])
        return who(cloud)

    @mock_alicloud({"2": "two"})
    async def two(cloud: Cloud) -> str:
        await asyncio.sleep(seconds[1])
        return who(cloud)

    async def both() -> list[str]:
        return await asyncio.gather(one(), two())

    assert asyncio.run(both()) == ["1", "2"]
    assert of_process() == before


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_order_the_last_that_goes_on_answers_and_the_process_is_as_before(seed: int) -> None:
    order = random.Random(seed)
    before = of_process()
    fakes = [mock_alicloud({str(n): ""}) for n in range(1, 5)]
    active: list[mock_alicloud] = []
    for _ in range(40):
        fake = order.choice(fakes)
        if fake in active:
            fake.stop()
            active.remove(fake)
        else:
            fake.start()
            active.append(fake)
        if active:
            cloud = active[-1].cloud
            assert cloud is not None
            assert who(cloud) in cloud.accounts
    for fake in active:
        fake.stop()
    assert of_process() == before

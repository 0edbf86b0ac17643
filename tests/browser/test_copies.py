"""Kernels that are copies of the nursery: each is its own, none outlives the server, and without a nursery they start as usual."""

import asyncio
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from mbc_widgets.widgets import copies
from mbc_widgets.widgets.nursery import KERNEL
from tests.conftest import ROOT
from tests.processes import command, kernels, name, processes
from tests.serving import PAGE, free_port, serving

pytestmark = [
    pytest.mark.browser,  # with the other checks of the server, though none is needed
    pytest.mark.skipif(not copies.can_copy(), reason="copies processes as Linux can"),
]
COMMAND = [sys.executable, "-m", "mbc_widgets", "dashboard"]
PATIENCE = 60  # seconds
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


async def started(**rest: Any) -> AsyncKernelManager:
    """A kernel that answers."""
    kernel = AsyncKernelManager(kernel_name="python3")
    await kernel.start_kernel(**{"env": ENVIRONMENT} | rest)
    return kernel


async def told(kernel: AsyncKernelManager, code: str) -> str:
    """What a kernel prints."""
    client = kernel.client()
    client.start_channels()
    await client.wait_for_ready(timeout=PATIENCE)
    texts: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        texts.append(message["content"].get("text") or message["content"].get("evalue") or "")

    await client.execute_interactive(code, output_hook=hear, timeout=PATIENCE)
    client.stop_channels()
    return "".join(texts).strip()


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Awaitable[None]]], None]:
    """Runs a scene with a nursery of its own."""
    copies.use_copies()

    def run(scene: Callable[[], Awaitable[None]]) -> None:
        async def whole() -> None:
            nursery = copies.Nursery()
            monkeypatch.setattr(copies, "NURSERY", nursery)
            try:
                await asyncio.wait_for(scene(), 2 * PATIENCE)
            finally:
                nursery.close()

        asyncio.run(whole())

    return run


def pid(kernel: AsyncKernelManager) -> int:
    found: int = kernel.provisioner.pid  # type: ignore[union-attr, attr-defined]
    return found


def is_copy(process: int) -> bool:
    return name(process).startswith(KERNEL)


def test_a_kernel_is_a_copy_and_answers_for_all_its_widgets(play: Any) -> None:
    async def scene() -> None:
        kernel = await started()
        assert is_copy(pid(kernel))
        assert await told(kernel, "from mbc_widgets import dashboard; print(type(dashboard()).__name__)") == "StudyPage"
        targets = "import comm; print('jupyter.widget.control' in comm.get_comm_manager().targets)"
        assert await told(kernel, targets) == "True"
        await kernel.shutdown_kernel()
        assert not await kernel.is_alive()

    play(scene)


def test_two_copies_draw_other_numbers_and_have_an_environment_and_a_folder_of_their_own(
    play: Any, tmp_path: Any
) -> None:
    async def scene() -> None:
        one = await started(env=ENVIRONMENT | {"WHO": "one"}, cwd=str(tmp_path))
        two = await started(env=ENVIRONMENT | {"WHO": "two"})
        code = "import os, random, uuid; print(os.environ['WHO'], os.getcwd(), random.random(), uuid.uuid4())"
        first, second = (await told(one, code)).split(), (await told(two, code)).split()
        assert (first[0], second[0]) == ("one", "two")
        assert first[1] == str(tmp_path)
        assert first[2] != second[2]
        assert first[3] != second[3]
        await one.shutdown_kernel()
        assert await told(two, "print('still here')") == "still here"
        await two.shutdown_kernel()

    play(scene)


def test_a_copy_that_was_killed_is_noticed(play: Any) -> None:
    async def scene() -> None:
        kernel = await started()
        os.kill(pid(kernel), signal.SIGKILL)
        await asyncio.sleep(0.5)
        assert not await kernel.is_alive()

    play(scene)


def nurseries() -> list[int]:
    return [each for each in processes(os.getpid())[1:] if "nursery" in command(each) and not is_copy(each)]


def test_a_kernel_outlives_its_nursery_and_the_next_ones_start_all_the_same(play: Any) -> None:
    async def scene() -> None:
        before = await started()
        (nursery,) = nurseries()
        os.kill(nursery, signal.SIGKILL)
        await asyncio.sleep(0.5)
        usual = await started()
        assert not is_copy(pid(usual))
        assert await told(usual, "print(1)") == "1"
        again = await started()
        assert is_copy(pid(again))
        assert await told(before, "print('still here')") == "still here"
        for kernel in (before, usual, again):
            await kernel.shutdown_kernel()

    play(scene)


def test_a_nursery_that_does_not_answer_costs_one_kernel_its_speed_and_nobody_the_page(
    play: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        before = await started()
        monkeypatch.setattr(copies, "ANSWERS_WITHIN", 1.0)
        os.kill(nurseries()[0], signal.SIGSTOP)
        usual = await started()
        assert not is_copy(pid(usual))
        assert not nurseries(), "what it was asked must not be done later, beside the other kernel"
        assert await told(usual, "print(1)") == "1"
        assert await told(before, "print(2)") == "2"
        for kernel in (before, usual):
            await kernel.shutdown_kernel()

    play(scene)


def test_an_edit_of_the_knowledge_is_read_by_the_next_kernel(play: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        one = await started()
        (before,) = nurseries()
        monkeypatch.setattr(copies, "_edition", lambda: "edited")
        two = await started()
        assert nurseries() != [before]
        assert is_copy(pid(one))
        assert is_copy(pid(two))
        for kernel in (one, two):
            await kernel.shutdown_kernel()

    play(scene)


def runs(kernel: int) -> bool:
    """Whether a kernel runs; this process, which adopts as the server does, takes note of one that has ended."""
    with suppress(ChildProcessError):
        os.waitpid(kernel, os.WNOHANG)
    return is_copy(kernel)


def test_copies_end_with_a_server_that_was_killed() -> None:
    port = free_port()
    with serving([*COMMAND, "--port", str(port), "--no-browser"], port, cwd=ROOT, env=ENVIRONMENT) as served:
        urllib.request.urlopen(served.url + PAGE, timeout=PATIENCE).close()  # noqa: S310 - a server of this test
        running = kernels(served.process)
        assert running
        os.kill(served.process, signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while (running := [each for each in running if runs(each)]) and time.monotonic() < end:
            time.sleep(0.5)
        assert not running

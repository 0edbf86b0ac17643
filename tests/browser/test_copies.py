"""Kernels that are copies of the nursery: each is its own, none outlives the server, and without a nursery they start as usual."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from mbc_widgets.widgets import copies
from mbc_widgets.widgets.nursery import KERNEL
from tests.conftest import ROOT
from tests.processes import command, name, processes

pytestmark = [
    pytest.mark.browser,  # with the other checks of the server, though none is needed
    pytest.mark.skipif(not copies.can_copy(), reason="copies processes as Linux can"),
]
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


def test_a_kernel_is_a_copy_and_answers_for_all_its_widgets(play: Any) -> None:
    async def scene() -> None:
        kernel = await started()
        assert name(pid(kernel)) == KERNEL
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


def test_without_its_nursery_a_kernel_starts_the_usual_way_and_the_next_one_is_a_copy_again(play: Any) -> None:
    async def scene() -> None:
        await (await started()).shutdown_kernel()
        (nursery,) = (each for each in processes(os.getpid())[1:] if "nursery" in command(each) and name(each) != KERNEL)
        os.kill(nursery, signal.SIGKILL)
        await asyncio.sleep(0.5)
        usual = await started()
        assert name(pid(usual)) != KERNEL
        assert await told(usual, "print(1)") == "1"
        again = await started()
        assert name(pid(again)) == KERNEL
        for kernel in (usual, again):
            await kernel.shutdown_kernel()

    play(scene)


def test_copies_end_with_the_server(play: Any) -> None:
    async def scene() -> None:
        kernel = await started()
        copies.NURSERY.close()
        for _ in range(PATIENCE):
            if not await kernel.is_alive():
                break
            await asyncio.sleep(0.5)
        assert not await kernel.is_alive()

    play(scene)

"""Work in pieces: nothing is lost with a worker, and errors come back as they were."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from friendshore.disruption.sweeps import ROUNDS, cluster, done, light, pieces_of, process_pool
from friendshore.errors import ArgumentError, WorkerError
from toy_executors import Breaking
from toy_paths import monthly


def square(number):
    return number * number


def refuse(number):
    raise ArgumentError(f"Refused {number}", code="no_such_number", hint="Take another", rows=[{"n": number}])


def die_once(piece):
    number, folder = piece
    mark = Path(folder) / str(number)
    if number == 3 and not mark.exists():
        mark.touch()
        os._exit(1)
    return number * number


def slow(number):
    time.sleep(0.05)
    return number, os.getpid()


SQUARES = {n: n * n for n in range(20)}


def test_a_pool_that_breaks_is_replaced_and_no_piece_is_lost_or_done_twice():
    opened = []

    def fresh():
        opened.append(Breaking(8))
        return opened[-1]

    results = list(done(square, range(20), fresh))
    assert dict(results) == SQUARES
    assert len(results) == 20
    assert len(opened) == 3  # seven pieces each, then six


def test_a_pool_that_always_breaks_ends_with_an_error():
    opened = []

    def fresh():
        opened.append(Breaking(2))
        return opened[-1]

    with pytest.raises(WorkerError, match="15 of 20 pieces are not done") as refused:
        list(done(square, range(20), fresh))
    assert refused.value.code == "workers_lost"
    assert len(opened) == ROUNDS


def test_an_executor_that_was_handed_over_is_used_and_left_open():
    with ThreadPoolExecutor(2) as pool:
        assert dict(done(square, range(200), pool)) == {n: n * n for n in range(200)}
        assert pool.submit(square, 3).result() == 9


def test_a_process_that_is_killed_in_the_middle_loses_nothing(tmp_path):
    pieces = [(n, str(tmp_path)) for n in range(6)]
    assert dict(done(die_once, pieces, process_pool(2))) == {n: n * n for n in range(6)}
    assert (tmp_path / "3").exists()


def test_an_error_of_the_task_comes_back_whole_from_another_process_and_is_not_tried_again():
    with pytest.raises(ArgumentError, match="Refused 7") as refused:
        list(done(refuse, [7], process_pool(1)))
    assert (refused.value.code, refused.value.hint, refused.value.rows) == (
        "no_such_number",
        "Take another",
        ({"n": 7},),
    )


def test_pieces_cover_everything_once():
    assert pieces_of(7, 3) == [(0, 3), (3, 6), (6, 7)]
    assert pieces_of(0, 3) == []


def test_a_market_can_be_sent():
    market = light(monthly({("CHN", "JPN"): 10}))
    assert pickle.loads(pickle.dumps(market)).buyer("AAA", "JPN") == 0


def test_without_the_library_a_scheduler_is_refused(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(ArgumentError) as refused:
        cluster("tcp://127.0.0.1:1")
    assert refused.value.code == "no_cluster_library"


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_does_not_answer_is_named():
    pytest.importorskip("distributed")
    with pytest.raises(ArgumentError) as refused:
        list(done(square, [1], cluster("tcp://127.0.0.1:9")))
    assert refused.value.code == "scheduler_not_reached"


@pytest.mark.filterwarnings("ignore")
def test_a_worker_of_a_real_cluster_that_is_killed_in_the_middle_loses_nothing():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        killed = []

        def kill():
            pid = next(iter(local.workers.values())).pid
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)

        timer = threading.Timer(0.6, kill)
        timer.start()
        results = dict(done(slow, range(60), cluster(local.scheduler_address)))
        timer.join()
    assert {n: value for n, (value, _) in results.items()} == {n: n for n in range(60)}
    assert killed
    assert len({pid for _, pid in results.values()}) > 1

"""Judging computes in one thread, and leaves the process as it was."""

import threading

from threadpoolctl import threadpool_info, threadpool_limits

from autograder.assessment import single_threaded


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_while_one_of_several_threads_judges_blas_has_one_thread():
    first_is_in, first_may_leave = threading.Event(), threading.Event()

    def judge_first():
        with single_threaded():
            first_is_in.set()
            first_may_leave.wait(10)

    first = threading.Thread(target=judge_first)
    with threadpool_limits(2):
        first.start()
        assert first_is_in.wait(10)
        with single_threaded():
            assert blas_threads() == {1}
            first_may_leave.set()
            first.join()
            assert blas_threads() == {1}
        assert blas_threads() == {2}


def test_torch_computes_in_one_thread_in_every_thread_that_judges():
    import torch

    found = []

    def judge():
        with single_threaded():
            found.append(torch.get_num_threads())

    threads = [threading.Thread(target=judge) for _ in range(3)]
    before = torch.get_num_threads()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1]
    assert torch.get_num_threads() == before

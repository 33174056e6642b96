"""Judging computes in one thread, and leaves the process as it was."""

from concurrent.futures import ThreadPoolExecutor

from threadpoolctl import threadpool_info, threadpool_limits

from autograder.run.assess import single_threaded


def threads_of_pools(*_):
    return {pool["num_threads"] for pool in threadpool_info()}


def test_every_pool_has_one_thread_while_a_notebook_is_judged():
    with threadpool_limits(2):
        with single_threaded():
            assert threads_of_pools() == {1}
        assert threads_of_pools() == {2}


def test_a_thread_that_has_judged_leaves_the_others_their_limit():
    def judge(_):
        with single_threaded():
            return threads_of_pools()

    with threadpool_limits(2), ThreadPoolExecutor(3) as pool:
        with single_threaded():
            assert list(pool.map(judge, range(9))) == [{1}] * 9
            assert threads_of_pools() == {1}
        assert threads_of_pools() == {2}


def test_torch_that_is_loaded_later_is_limited_too():
    with single_threaded():
        pass
    import torch

    with single_threaded():
        assert torch.get_num_threads() == 1

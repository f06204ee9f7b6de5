using Akka.Dispatch;
using Hyper.Actors.Runtime.Workers;

namespace AuctionActors.Actors.Tests.Runtime.Workers;

public sealed class WorkerPoolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Work_that_comes_one_by_one_is_never_left_lying()
    {
        for (int i = 0; i < 20_000; i++)
        {
            using ManualResetEventSlim done = new();
            WorkerPool.Shared.Add(new ActionRunnable(done.Set));
            Assert.True(done.Wait(Patience), $"round {i}");
        }
    }

    [Fact]
    public void Work_that_makes_work_is_done_to_the_end_from_many_threads()
    {
        const int Threads = 8, Chains = 200, Links = 50;
        using CountdownEvent done = new(Threads * Chains * Links);
        void Link(int left)
        {
            done.Signal();
            if (left > 1)
                WorkerPool.Shared.Add(new ActionRunnable(() => Link(left - 1)));
        }

        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < Chains; i++)
                WorkerPool.Shared.Add(new ActionRunnable(() => Link(Links)));
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.True(done.Wait(Patience), $"{done.CurrentCount} left");
    }

    [Fact]
    public void A_worker_that_is_held_up_does_not_hold_up_a_pile_of_work()
    {
        const int Pile = 3;
        using CountdownEvent done = new(Pile);
        using ManualResetEventSlim release = new();
        WorkerPool.Shared.Add(new ActionRunnable(() =>
        {
            for (int i = 0; i < Pile; i++)
                WorkerPool.Shared.Add(new ActionRunnable(() => done.Signal()));
            release.Wait(Patience);
        }));

        Assert.True(done.Wait(Patience));
        release.Set();
    }

    [Fact]
    public void A_worker_that_is_held_up_does_not_hold_up_what_it_starts_late()
    {
        using ManualResetEventSlim done = new(), release = new();
        WorkerPool.Shared.Add(new ActionRunnable(() =>
        {
            SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(2));
            WorkerPool.Shared.Add(new ActionRunnable(done.Set));
            release.Wait(Patience);
        }));

        Assert.True(done.Wait(Patience));
        release.Set();
    }
}

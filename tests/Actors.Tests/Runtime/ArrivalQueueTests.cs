using System.Diagnostics;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class ArrivalQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void Items_come_out_in_the_order_of_their_arrival()
    {
        ArrivalQueue<int> queue = new();
        Assert.True(queue.IsEmpty);
        Assert.False(queue.TryDequeue(out _));
        queue.Enqueue(1);
        queue.Enqueue(2);
        Assert.Equal((2, false), (queue.Count, queue.IsEmpty));
        Assert.True(queue.TryDequeue(out int first) && queue.TryDequeue(out int second) && (first, second) == (1, 2));
        Assert.Equal((0, true), (queue.Count, queue.IsEmpty));
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_threads_add_and_each_thread_keeps_its_order()
    {
        const int Threads = 4, Each = 20_000;
        ArrivalQueue<(int Thread, int Number)> queue = new();
        Task[] adders =
        [
            .. Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
            {
                for (int number = 0; number < Each; number++)
                    queue.Enqueue((thread, number));
            })),
        ];
        int[] next = new int[Threads];
        int taken = 0;
        while (taken < Threads * Each)
        {
            if (!queue.TryDequeue(out (int Thread, int Number) item))
                continue;
            Assert.Equal(next[item.Thread]++, item.Number);
            taken++;
        }

        await Task.WhenAll(adders);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void Whoever_adds_while_the_taker_goes_idle_is_seen_by_one_of_the_two()
    {
        ArrivalQueue<int> queue = new();
        MailboxState state = new();
        const int Items = 1_000_000;
        Thread taker = new(() => Take(queue, state, Items)) { IsBackground = true };
        taker.Start();
        for (int number = 1; number <= Items; number++)
        {
            queue.Enqueue(number);

            // As a mailbox does: a plain look at the state first, and nothing else when it is scheduled already.
            if (Volatile.Read(ref state.IsScheduled) == 0)
                Interlocked.CompareExchange(ref state.IsScheduled, 1, 0);
            Assert.True(Await(() => Volatile.Read(ref state.Taken) == number), $"item {number} is forgotten");
        }

        Assert.True(taker.Join(TimeSpan.FromSeconds(10)));
    }

    private static void Take(ArrivalQueue<int> queue, MailboxState state, int items)
    {
        while (state.Taken < items)
        {
            if (!Await(() => Volatile.Read(ref state.IsScheduled) == 1))
                return;
            while (queue.TryDequeue(out int number))
                Volatile.Write(ref state.Taken, number);

            // The moment at which the taker looks is moved about that at which the next item comes.
            for (int pause = state.Taken % 256; pause > 0; pause--)
                _ = Volatile.Read(ref state.Taken);
            Interlocked.Exchange(ref state.IsScheduled, 0);
            if (!queue.IsEmpty)
                Interlocked.CompareExchange(ref state.IsScheduled, 1, 0);
        }
    }

    // Without rest, so that both sides meet; but where there is one processor, the other side needs it.
    private static bool Await(Func<bool> condition)
    {
        long began = Stopwatch.GetTimestamp();
        for (int looks = 1; !condition(); looks++)
        {
            if (looks % 4096 != 0)
                continue;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                return false;
            Thread.Yield();
        }

        return true;
    }

    private sealed class MailboxState
    {
        public int IsScheduled;
        public int Taken;
    }
}

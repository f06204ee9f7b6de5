using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class ArrivalQueueTests
{
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
}

using Hyper.Actors.Networking.Rpc;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Actors.Tests.Networking.Rpc;

public sealed class RpcClientPoolTests
{
    private static readonly PublicKey Server = new(new Bytes32([.. Enumerable.Repeat((byte)1, 32)]));
    private static readonly PublicKey Other = new(new Bytes32([.. Enumerable.Repeat((byte)2, 32)]));
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void One_connection_serves_all_calls_to_a_server()
    {
        RpcClientPool pool = new(new RpcClientsOptions());
        Assert.True(pool.TryAdd(Server, 1, null) && pool.TryAdd(Server, 2, null));
        pool.HandleReady(Server, Second);
        Assert.True(pool.TryAdd(Server, 3, null));
        Assert.Equal(
            [new PoolEffect.Connect(Server), new PoolEffect.Dispatch(Server, 1), new PoolEffect.Dispatch(Server, 2), new PoolEffect.Dispatch(Server, 3)],
            Take(pool));
    }

    [Fact]
    public void Lingering_starts_at_the_last_answer_and_not_while_a_call_is_out()
    {
        RpcClientPool pool = new(new RpcClientsOptions());
        pool.TryAdd(Server, 1, null);
        pool.HandleReady(Server, Second);
        Assert.Null(pool.NextDeadline);
        pool.HandleTimeout(100 * Second);
        pool.HandleSettled(1, 100 * Second);
        Assert.Equal(110 * Second, pool.NextDeadline);
        pool.TryAdd(Server, 2, null);
        Assert.Null(pool.NextDeadline);
        pool.HandleSettled(2, 105 * Second);
        Take(pool);
        pool.HandleTimeout(115 * Second);
        Assert.Equal([new PoolEffect.Release(Server)], Take(pool));
        pool.TryAdd(Server, 3, null);
        Assert.Equal([new PoolEffect.Connect(Server)], Take(pool));
    }

    [Fact]
    public void Calls_that_wait_for_a_connection_give_up_at_their_own_time()
    {
        RpcClientPool pool = new(new RpcClientsOptions());
        pool.TryAdd(Server, 1, 2 * Second);
        pool.TryAdd(Server, 2, Second);
        pool.TryAdd(Other, 3, null);
        Take(pool);
        Assert.Equal(Second, pool.NextDeadline);
        pool.HandleTimeout(Second);
        pool.HandleGone(Server);
        Assert.Equal([new PoolEffect.Fail(2, IsTimeout: true), new PoolEffect.Fail(1, IsTimeout: false)], Take(pool));
        Assert.Null(pool.NextDeadline);
    }

    [Fact]
    public void Servers_and_waiting_calls_are_limited()
    {
        RpcClientPool pool = new(new RpcClientsOptions { MaxClients = 1, MaxWaitingCalls = 1 });
        Assert.True(pool.TryAdd(Server, 1, null));
        Assert.False(pool.TryAdd(Server, 2, null));
        Assert.False(pool.TryAdd(Other, 3, null));
    }

    private static PoolEffect[] Take(RpcClientPool pool)
    {
        List<PoolEffect> effects = [];
        while (pool.TryTake(out PoolEffect? effect))
            effects.Add(effect);
        return [.. effects];
    }
}

using Akka.TestKit.Xunit2;
using Hyper.Actors.Networking.Rpc;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Actors.Tests.Networking.Rpc;

public sealed class RpcClientQueueTests : TestKit
{
    private static readonly RpcMethod Echo = new("echo");
    private readonly RpcClientQueue _queue = new(capacity: 3);

    [Fact]
    public void Orders_are_handed_over_in_their_order_with_the_time_that_is_left()
    {
        _queue.Add(Call(1, seconds: 5), TestActor, At(1));
        _queue.Add(new RpcSessionProtocol.Calls([Call(2, seconds: 9)]), TestActor, At(2));
        _queue.Add(RpcSessionProtocol.End.Instance, TestActor, At(3));
        _queue.HandOver(TestActor, At(4));
        Assert.Equal(Call(1, seconds: 2), ExpectMsg<RpcSessionProtocol.Call>());
        Assert.Equal(Call(2, seconds: 7), Assert.Single(ExpectMsg<RpcSessionProtocol.Calls>().Each));
        ExpectMsg<RpcSessionProtocol.End>();
        Assert.Null(_queue.NextDeadline);
    }

    [Fact]
    public void A_call_whose_time_is_up_fails_and_the_others_wait_on()
    {
        _queue.Add(Call(1, seconds: 5), TestActor, At(0));
        _queue.Add(Call(2, seconds: 6), TestActor, At(0));
        Assert.Equal(At(5), _queue.NextDeadline);
        _queue.HandleTimeout(At(5));
        Assert.Equal(new RpcSessionProtocol.Failed(1, RpcError.TimeoutExceeded(At(5))), ExpectMsg<RpcSessionProtocol.Failed>());
        Assert.Equal(At(6), _queue.NextDeadline);
    }

    [Fact]
    public void Calls_beyond_the_limit_fail_at_once_and_those_within_when_there_is_no_connection()
    {
        _queue.Add(new RpcSessionProtocol.Calls([Call(1), Call(2), Call(3), Call(4)]), TestActor, At(0));
        Assert.Equal(4, Assert.IsType<RpcSessionProtocol.Failed>(Assert.Single(ExpectMsg<RpcSessionProtocol.Outcomes>().Each)).Request);
        _queue.FailAll(RpcError.ChannelDestroyed);
        for (int request = 1; request <= 3; request++)
            Assert.Equal(new RpcSessionProtocol.Failed(request, RpcError.ChannelDestroyed), Assert.Single(ExpectMsg<RpcSessionProtocol.Outcomes>().Each));
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    private static RpcSessionProtocol.Call Call(long request, int seconds = 1) => new(request, Echo, default, At(seconds));
}

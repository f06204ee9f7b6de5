using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AuctionActors.Actors.Tests.Networking.Connections;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Actors.Tests.Networking.Rpc;

public sealed class RpcActorTests() : RuntimeKit("rpc")
{
    [Fact]
    public void Calls_made_before_and_after_connecting_are_answered_over_one_session()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "echo", [1]);
        network.Call(2, "echo", [2]);
        network.Connect();
        network.Echo();
        network.Echo();
        Assert.Equal([(1L, (byte)1), (2L, (byte)2)], Replies(network, 2));
        network.ServerOwner.ExpectMsg<RpcServerProtocol.SessionOpened>();
        network.Call(3, "echo", [3]);
        network.Echo();
        Assert.Equal([(3L, (byte)3)], Replies(network, 1));
        network.Connector.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_handler_may_answer_later_and_in_another_order()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "echo", [1]);
        network.Call(2, "echo", [2]);
        network.Connect();
        var first = network.Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        var second = network.Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        network.Handler.Reply(new RpcSessionProtocol.Refuse(second.Token, new RpcErrorCause("no", "WHY", "because")));
        network.Handler.Reply(new RpcSessionProtocol.Answer(first.Token, first.Value));
        var failed = network.Caller.ExpectMsg<RpcClientsProtocol.Failed>();
        Assert.Equal((2, new RpcErrorCause("no", "WHY", "because")), (failed.Request, failed.Error.Cause));
        Assert.Equal([(1L, (byte)1)], Replies(network, 1));
    }

    [Fact]
    public void Calls_of_one_message_are_told_and_answered_in_one_message_each()
    {
        RpcNetwork network = new(this, Runtime);
        (IActorRef session, Akka.TestKit.TestProbe handler) = network.OpenSession("bulk");
        byte[][] values = [[1], [2], [3]];
        RpcMethod bulk = new("bulk");
        var calls = values.Select(value => new RpcSessionProtocol.Call(value[0], bulk, value, null));
        session.Tell(new RpcSessionProtocol.Calls([.. calls]), network.Caller.Ref);
        var requests = handler.ExpectMsg<RpcSessionProtocol.RequestsReceived>().Each;
        Assert.Equal(values, requests.Select(request => request.Value.ToArray()));
        handler.Reply(new RpcSessionProtocol.Answers([.. requests.Reverse().Select(request => new RpcSessionProtocol.Answer(request.Token, request.Value))]));
        var outcomes = network.Caller.ExpectMsg<RpcSessionProtocol.Outcomes>().Each.Cast<RpcSessionProtocol.Replied>();
        Assert.Equal([(3L, (byte)3), (2L, (byte)2), (1L, (byte)1)], outcomes.Select(reply => (reply.Request, reply.Value.Span[0])));
    }

    [Fact]
    public void Calls_of_one_message_fail_together_with_the_channel()
    {
        RpcNetwork network = new(this, Runtime);
        (IActorRef session, Akka.TestKit.TestProbe handler) = network.OpenSession("bulk");
        RpcMethod bulk = new("bulk"), unknown = new("unknown");
        session.Tell(new RpcSessionProtocol.Calls([new(1, bulk, default, null), new(2, unknown, default, null), new(3, bulk, default, null)]), network.Caller.Ref);
        Assert.Equal(2, handler.ExpectMsg<RpcSessionProtocol.RequestsReceived>().Each.Count);
        Assert.Equal([(2L, RpcErrorCode.UnknownMethod)], Failures());
        session.Tell(RpcSessionProtocol.Destroy.Instance);
        Assert.Equal([(1L, RpcErrorCode.ChannelDestroyed), (3L, RpcErrorCode.ChannelDestroyed)], Failures());

        (long, string?)[] Failures() => [.. network.Caller.ExpectMsg<RpcSessionProtocol.Outcomes>().Each.Cast<RpcSessionProtocol.Failed>()
            .Select(failed => (failed.Request, failed.Error.Code))];
    }

    [Fact]
    public void Methods_can_be_offered_and_withdrawn_while_connections_exist()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "later", [1]);
        network.Connect();
        Assert.Equal(RpcErrorCode.UnknownMethod, network.Caller.ExpectMsg<RpcClientsProtocol.Failed>().Error.Code);
        network.Server.Tell(new RpcServerProtocol.Serve(new ServedMethod(new RpcMethod("later"), network.Handler.Ref)));
        network.Server.Tell(new Identify(1), TestActor);
        ExpectMsg<ActorIdentity>();
        network.Call(2, "later", [2]);
        Assert.Equal("later", network.Echo().Method);
        Replies(network, 1);
        network.Server.Tell(new RpcServerProtocol.Withdraw("later"));
        network.Server.Tell(new Identify(2), TestActor);
        ExpectMsg<ActorIdentity>();
        network.Call(3, "later", [3]);
        Assert.Equal(RpcErrorCode.UnknownMethod, network.Caller.ExpectMsg<RpcClientsProtocol.Failed>().Error.Code);
    }

    [Fact]
    public void A_server_that_cannot_be_reached_fails_the_calls_with_the_reason()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "echo", [1]);
        network.FailConnect();
        Assert.Equal("CHANNEL_CLOSED: channel closed (nobody knows the key)", network.Caller.ExpectMsg<RpcClientsProtocol.Failed>().Error.ToString());
        network.Call(2, "echo", [2]);
        network.Connect();
        network.Echo();
        Replies(network, 1);
    }

    [Fact]
    public void A_call_gives_up_while_connecting_and_while_waiting()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "echo", [1], TimeSpan.FromMilliseconds(50));
        Assert.Equal(RpcErrorCode.TimeoutExceeded, network.Caller.ExpectMsg<RpcClientsProtocol.Failed>().Error.Code);
        network.Connect();
        network.Call(2, "echo", [2], TimeSpan.FromMilliseconds(200));
        network.Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        Assert.Equal(RpcErrorCode.TimeoutExceeded, network.Caller.ExpectMsg<RpcClientsProtocol.Failed>().Error.Code);
    }

    [Fact]
    public void The_end_of_the_connection_fails_outstanding_calls_and_the_next_call_connects_again()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "echo", [1]);
        network.Connect();
        network.Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        network.ClientConnection.Tell(ConnectionProtocol.Destroy.Instance);
        Assert.Equal(RpcErrorCode.ChannelClosed, network.Caller.ExpectMsg<RpcClientsProtocol.Failed>().Error.Code);
        network.Connector.ExpectMsg<RpcClientsProtocol.Release>();
        network.ServerOwner.FishForMessage<RpcServerProtocol.SessionClosed>(_ => true);
        network.Call(2, "echo", [2]);
        network.Connector.ExpectMsg<RpcClientsProtocol.Connect>();
    }

    [Fact]
    public void An_idle_connection_is_let_go_after_the_linger_time()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "echo", [1]);
        network.Connect();
        network.Echo();
        Replies(network, 1);
        network.Connector.ExpectMsg<RpcClientsProtocol.Release>();
        network.ServerOwner.FishForMessage<RpcServerProtocol.SessionClosed>(_ => true);
    }

    [Fact]
    public void A_call_that_lasts_longer_than_the_linger_time_keeps_its_connection()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "echo", [1]);
        network.Connect();
        var request = network.Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        network.Connector.ExpectNoMsg(2 * RpcNetwork.Linger);
        network.Handler.Reply(new RpcSessionProtocol.Answer(request.Token, request.Value));
        Assert.Equal([(1L, (byte)1)], Replies(network, 1));
        network.Connector.ExpectMsg<RpcClientsProtocol.Release>();
    }

    [Fact]
    public void An_event_connects_arrives_and_lets_the_connection_linger()
    {
        RpcNetwork network = new(this, Runtime);
        network.SendEvent("echo", [7]);
        network.Connect();
        var received = network.Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        Assert.Equal((true, (byte)7), (received.IsEvent, received.Value.Span[0]));
        network.Connector.ExpectMsg<RpcClientsProtocol.Release>();
    }

    [Fact]
    public void Stopping_the_pool_fails_the_calls_that_are_out()
    {
        RpcNetwork network = new(this, Runtime);
        network.Call(1, "echo", [1]);
        network.Connect();
        network.Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        network.Call(2, "echo", [2]);
        network.Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        Sys.Stop(network.Clients);
        Assert.Equal([1L, 2L], new[] { NextDestroyed(), NextDestroyed() });

        long NextDestroyed()
        {
            var failed = network.Caller.ExpectMsg<RpcClientsProtocol.Failed>();
            Assert.Equal(RpcErrorCode.ChannelDestroyed, failed.Error.Code);
            return failed.Request;
        }
    }

    [Fact]
    public void Both_sides_must_know_the_capability()
    {
        RpcCapability key = new("a shared key"u8.ToArray());
        RpcNetwork network = new(this, Runtime, key, key);
        network.Call(1, "echo", [1]);
        network.Connect();
        network.Echo();
        Replies(network, 1);
    }

    [Theory]
    [InlineData("another key")]
    [InlineData(null)]
    public void Another_capability_or_none_is_refused(string? clientKey)
    {
        RpcCapability? client = clientKey is null ? null : new RpcCapability(System.Text.Encoding.UTF8.GetBytes(clientKey));
        RpcNetwork network = new(this, Runtime, client, new RpcCapability("a shared key"u8.ToArray()));
        network.Call(1, "echo", [1]);
        network.Connect();
        Assert.Equal(RpcErrorCode.ChannelClosed, network.Caller.ExpectMsg<RpcClientsProtocol.Failed>().Error.Code);
        network.Handler.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void The_answer_of_a_server_without_the_capability_is_refused()
    {
        RpcNetwork network = new(this, Runtime, new RpcCapability("a shared key"u8.ToArray()));
        network.Handler.SetAutoPilot(new DelegateAutoPilot((handler, message) =>
        {
            if (message is RpcSessionProtocol.RequestReceived request)
                handler.Tell(new RpcSessionProtocol.Answer(request.Token, request.Value));
            return AutoPilot.KeepRunning;
        }));
        network.Call(1, "echo", [1]);
        network.Connect();

        // The server opens its channel at once: whether the call had left by then is a matter of luck.
        Assert.Equal(RpcErrorCode.ChannelClosed, network.Caller.ExpectMsg<RpcClientsProtocol.Failed>().Error.Code);
    }

    [Fact]
    public void A_channel_that_is_opened_again_before_the_end_of_its_last_session_is_known_gets_another_session()
    {
        RpcNetwork network = new(this, Runtime);
        TestProbe connection = CreateTestProbe();
        (_, NoiseResult session) = Sessions.Create();
        network.Server.Tell(new RpcServerProtocol.Attach(connection.Ref, session, OpensAtOnce: true));
        ConnectionProtocol.OpenChannel first = connection.ExpectMsg<ConnectionProtocol.OpenChannel>();
        first.Key.Owner.Tell(new ConnectionProtocol.ChannelOpened(first.Key, default));
        network.ServerOwner.ExpectMsg<RpcServerProtocol.SessionOpened>();

        network.Server.Tell(new ConnectionProtocol.PairRequested(first.Request.Protocol, first.Request.Id), connection.Ref);
        first.Key.Owner.Tell(new ConnectionProtocol.ChannelClosed(first.Key, IsRemote: true, IsRejected: false));
        network.ServerOwner.ExpectMsg<RpcServerProtocol.SessionClosed>();
        Assert.NotEqual(first.Key, connection.ExpectMsg<ConnectionProtocol.OpenChannel>().Key);
    }

    private static (long, byte)[] Replies(RpcNetwork network, int count)
        => [.. Enumerable.Range(0, count).Select(_ => network.Caller.ExpectMsg<RpcClientsProtocol.Replied>()).Select(reply => (reply.Request, reply.Value.Span[0]))];
}

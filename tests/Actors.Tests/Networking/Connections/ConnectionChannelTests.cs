using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Actors.Tests.Networking.Connections;

/// <summary>What actors see of the channels that they use.</summary>
public sealed class ConnectionChannelTests : ConnectionKit
{
    [Fact]
    public void What_the_other_end_wrote_before_it_learned_of_the_end_still_arrives()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        ChannelMessage[] large = [new(0, new byte[2_000_000])];
        Server.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(server.Ref), large));
        Server.Connection.Tell(new Identify(1), server.Ref);
        server.FishForMessage<ActorIdentity>(_ => true);
        Client.Connection.Tell(ConnectionProtocol.Close.Instance);

        Assert.Equal(2_000_000, client.FishForMessage<ConnectionProtocol.ChannelMessages>(_ => true).Messages[0].Payload.Length);
        ConnectionProtocol.ChannelClosed closed = client.FishForMessage<ConnectionProtocol.ChannelClosed>(_ => true);
        Assert.True(closed is { IsRemote: true, IsRejected: false });
        Assert.Equal(ConnectionCloseReason.Ended, Server.Owner.FishForMessage<ConnectionProtocol.Closed>(_ => true).Reason);
        Assert.Equal(ConnectionCloseReason.Ended, Client.Owner.FishForMessage<ConnectionProtocol.Closed>(_ => true).Reason);
    }

    [Fact]
    public void Very_many_empty_messages_of_one_frame_arrive_in_bounded_pieces_and_before_the_end()
    {
        const int Count = 60_000;
        (TestProbe client, TestProbe server) = OpenChannels();
        Server.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(server.Ref), Enumerable.Repeat(new ChannelMessage(0, default), Count).ToArray()));
        Server.Connection.Tell(ConnectionProtocol.Close.Instance);
        List<int> pieces = [];
        while (pieces.Sum() < Count)
            pieces.Add(client.ExpectMsg<ConnectionProtocol.ChannelMessages>().Messages.Count);
        Assert.Equal(new ProtomuxOptions().MaxEntriesAtOnce, pieces.Max());
        client.ExpectMsg<ConnectionProtocol.ChannelClosed>();
    }

    [Fact]
    public void A_destroyed_connection_tells_the_channels_of_both_ends_why()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        Client.Connection.Tell(ConnectionProtocol.Destroy.Instance);

        Assert.Equal(ConnectionCloseReason.Destroyed, client.ExpectMsg<ConnectionProtocol.ChannelClosed>().ConnectionEnd);
        Assert.Equal(ConnectionCloseReason.Reset, server.ExpectMsg<ConnectionProtocol.ChannelClosed>().ConnectionEnd);
        Assert.Equal(ConnectionCloseReason.Reset, Server.Owner.FishForMessage<ConnectionProtocol.Closed>(_ => true).Reason);
    }

    [Fact]
    public void A_second_channel_of_one_name_is_refused_and_one_of_another_id_is_not()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        TestProbe second = CreateTestProbe();
        ChannelRequest request = new("echo", "id"u8.ToArray(), 1);
        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(second.Ref), request));
        Assert.True(second.ExpectMsg<ConnectionProtocol.ChannelClosed>() is { IsRemote: false, IsRejected: true });

        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(client.Ref, 1), request with { Id = "other"u8.ToArray() }));
        Assert.Equal("other"u8.ToArray(), server.ExpectMsg<ConnectionProtocol.PairRequested>().Id.ToArray());
    }

    [Fact]
    public void What_nobody_listens_for_any_more_is_rejected_whether_it_waits_or_comes_later()
    {
        TestProbe listener = CreateTestProbe(), client = CreateTestProbe();
        Server.Connection.Tell(new ConnectionProtocol.ListenChannel("p", Array.Empty<byte>(), listener.Ref));
        Server.Connection.Tell(new Identify(1), listener.Ref);
        listener.ExpectMsg<ActorIdentity>();
        ChannelRequest request = new("p", "01"u8.ToArray(), 1);
        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(client.Ref), request));
        Assert.Equal("01"u8.ToArray(), listener.ExpectMsg<ConnectionProtocol.PairRequested>().Id.ToArray());
        Sys.Stop(listener.Ref);
        Assert.True(client.ExpectMsg<ConnectionProtocol.ChannelClosed>().IsRejected);

        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(client.Ref), request));
        Assert.True(client.ExpectMsg<ConnectionProtocol.ChannelClosed>().IsRejected);
    }

    [Fact]
    public void A_declined_channel_is_rejected_and_may_be_tried_again()
    {
        TestProbe listener = CreateTestProbe(), client = CreateTestProbe();
        Server.Connection.Tell(new ConnectionProtocol.ListenChannel("p", null, listener.Ref));
        Server.Connection.Tell(new Identify(1), listener.Ref);
        listener.ExpectMsg<ActorIdentity>();
        ChannelRequest request = new("p", default, 1);
        for (int i = 0; i < 2; i++)
        {
            Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(client.Ref), request));
            Client.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(client.Ref), [new ChannelMessage(0, new byte[50_000])]));
            listener.ExpectMsg<ConnectionProtocol.PairRequested>();
            Server.Connection.Tell(new ConnectionProtocol.DeclineChannel("p", default));
            Assert.True(client.ExpectMsg<ConnectionProtocol.ChannelClosed>() is { IsRemote: true, IsRejected: true, ConnectionEnd: null });
        }
    }

    [Fact]
    public void A_channel_opened_used_and_closed_at_once_is_seen_whole_under_an_alias()
    {
        TestProbe client = CreateTestProbe(), server = CreateTestProbe();
        Client.Connection.Tell(new ConnectionProtocol.ListenChannel("new", null, client.Ref));
        Client.Connection.Tell(new Identify(1), client.Ref);
        client.ExpectMsg<ActorIdentity>();
        Server.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(server.Ref), new ChannelRequest("new", default, 1) { Aliases = ["old"] }));
        client.ExpectMsg<ConnectionProtocol.PairRequested>();
        ChannelKey key = new(client.Ref);
        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(key, new ChannelRequest("old", default, 1) { Aliases = ["new"] }));
        Client.Connection.Tell(new ConnectionProtocol.SendMessages(key, [new ChannelMessage(0, "x"u8.ToArray())]));
        Client.Connection.Tell(new ConnectionProtocol.CloseChannel(key));

        server.ExpectMsg<ConnectionProtocol.ChannelOpened>();
        Assert.Equal("0:x", Describe(server.ExpectMsg<ConnectionProtocol.ChannelMessages>().Messages.Single()));
        Assert.True(server.ExpectMsg<ConnectionProtocol.ChannelClosed>().IsRemote);
    }

    [Fact]
    public void Writing_is_held_back_and_resumes_when_the_remote_end_has_taken_enough()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        ChannelMessage[] large = [new(0, new byte[8_000_000])];
        Client.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(client.Ref), large));
        client.ExpectMsg<ConnectionProtocol.WritingPaused>();
        client.ExpectMsg<ConnectionProtocol.WritingResumed>();
        Assert.Equal(8_000_000, server.ExpectMsg<ConnectionProtocol.ChannelMessages>().Messages.Single().Payload.Length);
        client.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_channel_that_opens_while_writing_is_paused_is_told_so()
    {
        TestProbe listener = CreateTestProbe(), early = CreateTestProbe(), late = CreateTestProbe();
        Server.Connection.Tell(new ConnectionProtocol.ListenChannel("early", null, listener.Ref));
        Server.Connection.Tell(new Identify(1), listener.Ref);
        listener.ExpectMsg<ActorIdentity>();
        ChannelRequest request = new("early", default, 1);
        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(early.Ref), request));
        Client.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(early.Ref), [new(0, new byte[10_000_000])]));
        Client.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(early.Ref), [new(0, new byte[10_000_000])]));
        early.ExpectMsg<ConnectionProtocol.WritingPaused>();
        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(early.Ref, 1), request with { Protocol = "another" }));
        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(late.Ref), request with { Protocol = "late" }));
        late.ExpectMsg<ConnectionProtocol.WritingPaused>();

        listener.ExpectMsg<ConnectionProtocol.PairRequested>();
        Server.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(listener.Ref), request));
        late.ExpectMsg<ConnectionProtocol.WritingResumed>();
        early.ExpectMsg<ConnectionProtocol.ChannelOpened>();
        early.ExpectMsg<ConnectionProtocol.WritingResumed>();
    }
}

using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.RawStreams;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Actors.Tests.Networking.RawStreams;

/// <summary>Raw streams between two nodes of ours.</summary>
public sealed class RawStreamTests : RawStreamKit
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_go_both_ways_and_each_end_ends_on_its_own(bool isServerFirewalled)
    {
        ConnectNodes(isServerFirewalled: isServerFirewalled);
        (RawStreamClient client, RawStreamClient server) = await ConnectStreamsAsync();
        byte[] question = SomeBytes(3_000_000, 1), answer = SomeBytes(2_000_000, 2);
        Assert.True(await client.WriteAsync(question).WaitAsync(Patience));
        client.End();
        Assert.Equal(question, await ReadToEndAsync(server));
        Assert.False(server.Closed.IsCompleted);
        Assert.False(await client.WriteAsync(new byte[1]).WaitAsync(Patience));

        Assert.True(await server.WriteAsync(answer).WaitAsync(Patience));
        server.End();
        Assert.Equal(answer, await ReadToEndAsync(client));
        Assert.Equal(ConnectionCloseReason.Ended, (await client.Closed.WaitAsync(Patience)).Reason);
        Assert.Equal(ConnectionCloseReason.Ended, (await server.Closed.WaitAsync(Patience)).Reason);
        Assert.Null(await client.ReadAsync().WaitAsync(Patience));
        Assert.False(await client.WriteAsync(new byte[1]).WaitAsync(Patience));
    }

    [Fact]
    public async Task What_is_written_before_either_end_is_connected_arrives()
    {
        ConnectNodes();
        (RawStreamClient client, RawStreamClient server) = await CreateStreamsAsync();
        Assert.True(await client.WriteAsync("early"u8.ToArray()).WaitAsync(Patience));
        client.Connect(server.Id);
        Assert.Equal("early"u8.ToArray(), (await server.ReadAsync().WaitAsync(Patience))!.Value.ToArray());
        server.Connect(client.Id);
        Assert.True(await server.WriteAsync("late"u8.ToArray()).WaitAsync(Patience));
        Assert.Equal("late"u8.ToArray(), (await client.ReadAsync().WaitAsync(Patience))!.Value.ToArray());
    }

    [Fact]
    public async Task What_has_arrived_before_a_graceful_end_can_be_read_after_it()
    {
        ConnectNodes();
        (RawStreamClient client, RawStreamClient server) = await ConnectStreamsAsync();
        Assert.True(await client.WriteAsync(SomeBytes(100_000, 1)).WaitAsync(Patience));
        client.End();
        server.End();
        Assert.Equal(ConnectionCloseReason.Ended, (await client.Closed.WaitAsync(Patience)).Reason);
        Assert.Equal(SomeBytes(100_000, 1), await ReadToEndAsync(server));
        Assert.Equal(ConnectionCloseReason.Ended, (await server.Closed.WaitAsync(Patience)).Reason);
    }

    [Fact]
    public async Task A_stream_that_one_end_destroys_is_reset_at_the_other_whose_reader_hears_of_it()
    {
        ConnectNodes();
        (RawStreamClient client, RawStreamClient server) = await ConnectStreamsAsync();
        Task<ReadOnlyMemory<byte>?> waiting = server.ReadAsync();
        Assert.True(await client.WriteAsync(new byte[1]).WaitAsync(Patience));
        Assert.Equal(1, (await waiting.WaitAsync(Patience))!.Value.Length);
        waiting = server.ReadAsync();
        Assert.Equal(ConnectionCloseReason.Destroyed, (await client.DestroyAsync().WaitAsync(Patience)).Reason);
        Assert.Equal(ConnectionCloseReason.Reset, (await server.Closed.WaitAsync(Patience)).Reason);
        Assert.Null(await waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_remote_end_that_answers_nothing_is_given_up()
    {
        TimeSpan brief = TimeSpan.FromMilliseconds(20);
        UdxStreamOptions hasty = RawStreamOptions.Default.Udx with
        {
            InitialRetransmissionTimeout = brief,
            MinimumRetransmissionTimeout = brief,
            MaximumRetransmissionTimeout = brief,
        };
        ConnectNodes(RawStreamOptions.Default with { Udx = hasty });
        (RawStreamClient client, RawStreamClient server) = await CreateStreamsAsync();
        client.Connect(server.Id + 1);
        Assert.True(await client.WriteAsync(new byte[1]).WaitAsync(Patience));
        Assert.Equal(ConnectionCloseReason.TimedOut, (await client.Closed.WaitAsync(Patience)).Reason);
    }

    [Fact]
    public async Task A_remote_end_that_does_not_read_holds_the_writer_back_until_it_does()
    {
        ConnectNodes();
        (RawStreamClient client, RawStreamClient server) = await ConnectStreamsAsync();
        byte[] sent = SomeBytes(40_000_000, 3);
        Task<bool> writing = client.WriteAsync(sent);
        UdxStreamOptions limits = RawStreamOptions.Default.Udx;
        (int low, int high) = (limits.ReceiveWindowBytes * 3 / 4, limits.ReceiveWindowBytes + limits.MaximumPacketBytes);
        await AwaitAssertAsync(async () => Assert.InRange((await server.GetTrafficAsync())!.UnreadBytes, low, high), Patience);
        Assert.InRange((await client.GetTrafficAsync())!.QueuedBytes, 1, RawStreamOptions.Default.MaxQueuedBytes);
        Assert.False(writing.IsCompleted);

        Task<byte[]> reading = ReadToEndAsync(server);
        Assert.True(await writing.WaitAsync(Patience));
        client.End();
        Assert.Equal(sent, await reading.WaitAsync(Patience));
    }

    [Fact]
    public async Task Unordered_messages_go_both_ways()
    {
        ConnectNodes();
        (RawStreamClient client, RawStreamClient server) = await ConnectStreamsAsync();
        Assert.True(await client.WriteAsync(new byte[1]).WaitAsync(Patience));
        await server.ReadAsync().WaitAsync(Patience);
        client.Send("there"u8.ToArray());
        Assert.Equal("there"u8.ToArray(), (await server.ReadMessageAsync().WaitAsync(Patience))!.Value.ToArray());
        server.Send("and back"u8.ToArray());
        Assert.Equal("and back"u8.ToArray(), (await client.ReadMessageAsync().WaitAsync(Patience))!.Value.ToArray());
    }

    [Fact]
    public async Task A_connected_stream_outlives_its_connection_and_one_that_is_not_ends_with_it()
    {
        ConnectNodes();
        (RawStreamClient client, RawStreamClient server) = await ConnectStreamsAsync();
        Assert.True(await client.WriteAsync(new byte[1]).WaitAsync(Patience));
        await server.ReadAsync().WaitAsync(Patience);
        (RawStreamClient idle, _) = await CreateStreamsAsync();
        Dialled.Connection.Tell(ConnectionProtocol.Close.Instance);
        RawStreamProtocol.Closed closed = await idle.Closed.WaitAsync(Patience);
        Assert.Equal((ConnectionCloseReason.Destroyed, true), (closed.Reason, closed.Detail?.Contains("the connection has ended", StringComparison.Ordinal)));

        Assert.True(await server.WriteAsync("still here"u8.ToArray()).WaitAsync(Patience));
        Assert.Equal("still here"u8.ToArray(), (await client.ReadAsync().WaitAsync(Patience))!.Value.ToArray());
        Assert.Null(await new HyperDhtClient(ClientNode, Patience).CreateRawStreamAsync(Dialled.Connection));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_stops_or_rests_ends_its_streams_at_both_ends(bool stops)
    {
        ConnectNodes();
        (RawStreamClient client, RawStreamClient server) = await ConnectStreamsAsync();
        Assert.True(await client.WriteAsync(new byte[1]).WaitAsync(Patience));
        await server.ReadAsync().WaitAsync(Patience);
        Watch(ServerNode);
        ServerNode.Tell(stops ? new DhtNodeProtocol.Stop(Patience) : new DhtNodeProtocol.Suspend());
        Assert.Equal(ConnectionCloseReason.Destroyed, (await server.Closed.WaitAsync(Patience)).Reason);
        Assert.Equal(ConnectionCloseReason.Reset, (await client.Closed.WaitAsync(Patience)).Reason);
        if (stops)
            ExpectTerminated(ServerNode, Patience);
        else
            Assert.Null(await new HyperDhtClient(ServerNode, Patience).CreateRawStreamAsync(Admitted.Connection));
    }

    [Fact]
    public async Task The_owner_hears_of_the_way_and_the_stream_ends_with_it()
    {
        ConnectNodes();
        (_, RawStreamClient server) = await CreateStreamsAsync();
        TestProbe asker = CreateTestProbe(), owner = CreateTestProbe();
        ClientNode.Tell(new HyperDhtProtocol.CreateRawStream(7, Dialled.Connection, owner.Ref), asker.Ref);
        HyperDhtProtocol.RawStreamCreated created = asker.ExpectMsg<HyperDhtProtocol.RawStreamCreated>(Patience);
        Assert.Equal(7, created.Tag);
        created.Stream.Tell(new RawStreamProtocol.Connect(server.Id));
        server.Connect(created.Id);
        Assert.Equal(Dialled.Address, owner.ExpectMsg<RawStreamProtocol.Connected>(Patience).RemoteAddress);
        created.Stream.Tell(new RawStreamProtocol.Write(8, "from a probe"u8.ToArray()), asker.Ref);
        Assert.Equal(8, asker.ExpectMsg<RawStreamProtocol.Written>(Patience).Tag);
        Assert.Equal("from a probe"u8.ToArray(), (await server.ReadAsync().WaitAsync(Patience))!.Value.ToArray());
        Sys.Stop(owner.Ref);
        Assert.Equal(ConnectionCloseReason.Reset, (await server.Closed.WaitAsync(Patience)).Reason);
    }

    [Fact]
    public async Task A_node_makes_streams_up_to_its_limit_and_beside_its_own_connections_only()
    {
        ConnectNodes(RawStreamOptions.Default with { MaxStreams = 2 });
        TestProbe asker = CreateTestProbe();
        RawStreamRefusal Refusal(IActorRef connection)
        {
            ClientNode.Tell(new HyperDhtProtocol.CreateRawStream(1, connection), asker.Ref);
            return asker.ExpectMsg<HyperDhtProtocol.RawStreamRefused>(Patience).Reason;
        }

        (RawStreamClient first, _) = await CreateStreamsAsync();
        await CreateStreamsAsync();
        Assert.Equal(RawStreamRefusal.TooMany, Refusal(Dialled.Connection));
        Assert.Equal(RawStreamRefusal.NoConnection, Refusal(Admitted.Connection));
        await first.DestroyAsync().WaitAsync(Patience);
        await AwaitAssertAsync(async () => Assert.NotNull(await new HyperDhtClient(ClientNode, Patience).CreateRawStreamAsync(Dialled.Connection)), Patience);
    }
}

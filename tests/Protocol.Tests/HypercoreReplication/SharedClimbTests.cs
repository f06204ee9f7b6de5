using System.Text;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class SharedClimbTests
{
    private const int Blocks = 500;

    [Fact]
    public void Requests_of_one_plan_ask_for_no_node_twice()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Open();
        long levels = 0;
        Exchange(source, reader, sent => levels += sent.OfType<RequestMessage>().Sum(request => request.Parts.Block?.Nodes ?? 0));
        Assert.Equal(Blocks, reader.Core.Blocks.Count);
        Assert.InRange(levels, 1, 2 * Blocks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Answers_in_any_order_are_stored_without_a_second_request(int seed)
    {
        Random random = new(seed);
        (ReplicationEnd source, ReplicationEnd reader) = Open();
        int requests = 0;
        Exchange(source, reader, sent =>
        {
            requests += sent.OfType<RequestMessage>().Count(request => request.Parts.Block is not null);
            random.Shuffle(sent);
        });
        Assert.Equal(Blocks, reader.Core.Blocks.Count);
        Assert.Equal(Blocks, requests);
    }

    [Fact]
    public void A_block_that_is_refused_does_not_keep_those_away_that_rest_on_its_proof()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Open();
        HashSet<long> refused = [];
        Exchange(source, reader, sent =>
        {
            for (int i = 0; i < sent.Length; i++)
            {
                if (sent[i] is DataMessage { Proof.Block.Index: var block } data && block % 64 == 0)
                    (sent[i], _) = (new NoDataMessage(data.Request), refused.Add(block));
            }
        });
        Assert.Equal(Blocks - refused.Count, reader.Core.Blocks.Count);
        Assert.Equal((Blocks + 63) / 64, refused.Count);
    }

    [Fact]
    public void A_peer_whose_answers_never_fit_is_asked_no_more()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Open();
        int requests = 0;
        Exchange(source, reader, sent =>
        {
            requests += sent.OfType<RequestMessage>().Count(request => request.Parts.Block is not null);
            for (int i = 0; i < sent.Length; i++)
            {
                if (sent[i] is DataMessage { Proof.Block: { } block } data)
                    sent[i] = data with { Proof = data.Proof with { Block = block with { Nodes = [.. block.Nodes, .. block.Nodes] } } };
            }
        });
        Assert.InRange(reader.Core.Blocks.Count, 0, Blocks - 1);
        Assert.InRange(requests, 1, 16 * Blocks);
    }

    private static (ReplicationEnd Source, ReplicationEnd Reader) Open()
    {
        MemoryCore core = MemoryCore.Writer(7, compat: false);
        core.Append([.. Enumerable.Range(0, Blocks).Select(i => Encoding.UTF8.GetBytes($"block-{i}"))]);
        ReplicationEnd source = new(core, initiator: true, downloading: false), reader = new(MemoryCore.Reader(core.Key), initiator: false);
        source.Open(reader.Handshake);
        reader.Open(source.Handshake);
        return (source, reader);
    }

    /// <summary>Carries what each end has sent as one flight, until nothing moves.</summary>
    private static void Exchange(ReplicationEnd source, ReplicationEnd reader, Action<ReplicationMessage[]> change)
    {
        for (int rounds = 0; source.Sent.Count + reader.Sent.Count > 0; rounds++)
        {
            Assert.True(rounds < 10_000, "the two ends never come to rest");
            Carry(source, reader, change);
            Carry(reader, source, change);
        }
    }

    private static void Carry(ReplicationEnd from, ReplicationEnd to, Action<ReplicationMessage[]> change)
    {
        ReplicationMessage[] flight = [.. from.Sent];
        from.Sent.Clear();
        change(flight);
        foreach (ReplicationMessage message in flight)
            to.Receive(message);
    }
}

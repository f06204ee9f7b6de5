using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Routing;

namespace AuctionActors.Protocol.Tests.DhtRpc.Routing;

public sealed class RoutingTests
{
    private static readonly NodeId Own = new(new SeededEntropy(8, "own").Next32());
    private readonly RoutingMachine _routing = new(Own, new SeededEntropy(8, "routing"), null, TimeSpan.Zero);
    private TimeSpan _now;

    [Fact]
    public void The_closest_nodes_are_exact_and_nearest_first()
        => Gen.Select(Gen.UInt.Array[0, 60], Gen.Byte.Array[32], Gen.Int[0, 25]).Sample((hosts, bytes, count) =>
        {
            Bytes32 target = new(bytes);
            RoutingNode[] nodes = [.. hosts.Distinct().Select(host => RoutingNode.At(new PeerAddress(host, 1)))];
            PeerAddress[] expected =
            [
                .. nodes.OrderBy(node => node.Id.DistanceTo(target).ToHex(), StringComparer.Ordinal)
                    .Take(Math.Min(count, RoutingSnapshot.ClosestCount)).Select(node => node.Address),
            ];
            return new RoutingSnapshot([.. nodes]).Closest(target, count).SequenceEqual(expected);
        });

    [Fact]
    public void The_closest_nodes_of_a_table_are_those_of_all_its_nodes()
        => Gen.Select(Gen.UInt.Array[0, 200], Gen.Byte.Array[32], Gen.Int[0, 256], Gen.Int[0, 25]).Sample((hosts, bytes, shared, count) =>
        {
            Bytes32 target = new(bytes);
            RoutingTable table = new(new NodeId(FirstDifferenceAt(target, shared)));
            foreach (uint host in hosts)
                table.Add(new PeerAddress(host, 1), 1);
            return table.View.Closest(target, count).SequenceEqual(table.Snapshot().Closest(target, count))
                && table.Newest(count).SequenceEqual(table.Snapshot().Newest(count));
        });

    [Fact]
    public void A_view_stays_what_it_was_when_the_table_changes()
    {
        RoutingTable table = new(Own);
        table.Add(new PeerAddress(1, 1), 1);
        RoutingView one = table.View;
        Assert.Same(one, table.View);
        table.Add(new PeerAddress(2, 1), 1);
        RoutingView two = table.View;
        table.Remove(NodeId.Of(new PeerAddress(1, 1)));
        Assert.Equal([1, 2, 1], new[] { one, two, table.View }.Select(view => view.Closest(default).Length));
        Assert.Equal([new PeerAddress(1, 1)], one.Closest(default));
        Assert.Equal([new PeerAddress(2, 1)], table.View.Closest(default));
    }

    [Fact]
    public void A_bucket_holds_twenty_nodes_and_the_table_not_itself()
    {
        PeerAddress own = new(1, 1);
        RoutingTable table = new(NodeId.Of(own));
        Assert.Equal(RoutingAddition.IsSelf, table.Add(own, 1));
        RoutingAddition[] additions = [.. Enumerable.Range(2, 400).Select(host => table.Add(new PeerAddress((uint)host, 1), 1))];
        Assert.Contains(RoutingAddition.BucketFull, additions);
        Assert.Equal(additions.Count(addition => addition == RoutingAddition.Added), table.Count);
        Assert.Equal(20, table.Snapshot().Nodes.Count(node => node.Id.SharedPrefixBits(table.Own) == 0));
    }

    [Fact]
    public void A_full_bucket_pings_its_oldest_node_and_keeps_it_when_it_answers()
    {
        (PeerAddress[] bucket, PeerAddress newcomer) = FillFarBucket();
        _routing.HandleHeard(newcomer, _now);
        PeerAddress pinged = Assert.Single(Pings());
        Assert.Equal(bucket[0], pinged);
        _routing.HandlePingEnded(pinged, answered: true, _now);
        Assert.True(_routing.Table.Contains(NodeId.Of(pinged)));
        Assert.False(_routing.Table.Contains(NodeId.Of(newcomer)));
    }

    [Fact]
    public void A_full_bucket_replaces_its_oldest_node_when_that_is_silent()
    {
        (_, PeerAddress newcomer) = FillFarBucket();
        _routing.HandleHeard(newcomer, _now);
        PeerAddress pinged = Assert.Single(Pings());
        _routing.HandlePingEnded(pinged, answered: false, _now);
        Assert.False(_routing.Table.Contains(NodeId.Of(pinged)));
        Assert.True(_routing.Table.Contains(NodeId.Of(newcomer)));
    }

    [Fact]
    public void A_down_hint_about_a_known_node_is_checked_by_a_ping()
    {
        PeerAddress node = new(5, 5);
        _routing.HandleHeard(node, _now);
        _routing.HandleDownHint(new PeerAddress(6, 6), _now);
        _routing.HandleDownHint(node, _now);
        _routing.HandleDownHint(node, _now);
        Assert.Equal(node, Assert.Single(Pings()));
        _routing.HandlePingEnded(node, answered: false, _now);
        Assert.Equal(0, _routing.Table.Count);
    }

    [Fact]
    public void Snapshots_of_a_small_table_are_published_at_once()
    {
        _routing.HandleHeard(new PeerAddress(1, 1), _now);
        _routing.HandleHeard(new PeerAddress(2, 1), _now);
        Assert.Equal([1, 2], Snapshots().Select(snapshot => snapshot.Count));
    }

    [Fact]
    public void Snapshots_of_a_larger_table_are_not_published_more_often_than_the_interval()
    {
        RoutingOptions options = new() { SmallTableNodes = 0 };
        RoutingMachine routing = new(Own, new SeededEntropy(8, "routing"), options, _now);
        routing.HandleHeard(new PeerAddress(1, 1), _now);
        routing.HandleHeard(new PeerAddress(2, 1), _now);
        Assert.True(routing.TryTake(out RoutingEffect? effect));
        Assert.Equal(1, Assert.IsType<RoutingEffect.Publish>(effect).Snapshot.Count);
        Assert.False(routing.TryTake(out _));
        Assert.Equal(options.PublishInterval, routing.NextDeadline);
        routing.HandleTimeout(options.PublishInterval);
        Assert.True(routing.TryTake(out effect));
        Assert.Equal(2, Assert.IsType<RoutingEffect.Publish>(effect).Snapshot.Count);
    }

    [Fact]
    public void An_idle_table_is_refreshed_within_five_minutes_and_its_nodes_are_pinged()
    {
        _routing.HandleBootstrapped();
        _routing.HandleHeard(new PeerAddress(5, 5), _now);
        List<RoutingEffect> effects = RunFor(TimeSpan.FromMinutes(6));
        Assert.Contains(effects, effect => effect is RoutingEffect.Refresh);
        Assert.Contains(effects, effect => effect is RoutingEffect.Ping);
    }

    [Fact]
    public void A_new_identity_keeps_the_known_nodes()
    {
        for (uint host = 1; host <= 10; host++)
            _routing.HandleHeard(new PeerAddress(host, 1), _now);
        _routing.HandleIdentity(NodeId.Of(new PeerAddress(3, 1)), _now);
        Assert.Equal(9, _routing.Table.Count);
    }

    private static Bytes32 FirstDifferenceAt(Bytes32 id, int bit)
    {
        byte[] bytes = id.ToArray();
        if (bit < NodeId.BitCount)
            bytes[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        return new Bytes32(bytes);
    }

    private (PeerAddress[] Bucket, PeerAddress Newcomer) FillFarBucket()
    {
        PeerAddress[] far =
        [
            .. Enumerable.Range(1, 200)
                .Select(host => new PeerAddress((uint)host, 1))
                .Where(node => NodeId.Of(node).SharedPrefixBits(Own) == 0)
                .Take(21),
        ];
        foreach (PeerAddress node in far[..20])
            _routing.HandleHeard(node, _now);
        _routing.HandleBootstrapped();
        _now = _routing.Table.Count == 20 ? TimeSpan.FromSeconds(5) : throw new InvalidOperationException("the bucket is not full");
        _routing.HandleTimeout(_now);
        Pings();
        foreach (PeerAddress node in far[1..20])
            _routing.HandleHeard(node, _now);
        return (far[..20], far[20]);
    }

    private List<RoutingEffect> RunFor(TimeSpan duration)
    {
        List<RoutingEffect> effects = [];
        while (_routing.NextDeadline is { } due && due <= duration)
        {
            _routing.HandleTimeout(due);
            effects.AddRange(Drain());
        }

        return effects;
    }

    private PeerAddress[] Pings() => [.. Drain().OfType<RoutingEffect.Ping>().Select(ping => ping.Address)];

    private RoutingSnapshot[] Snapshots() => [.. Drain().OfType<RoutingEffect.Publish>().Select(publish => publish.Snapshot)];

    private List<RoutingEffect> Drain()
    {
        List<RoutingEffect> effects = [];
        while (_routing.TryTake(out RoutingEffect? effect))
            effects.Add(effect);
        return effects;
    }
}

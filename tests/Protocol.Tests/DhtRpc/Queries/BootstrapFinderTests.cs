using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;

namespace AuctionActors.Protocol.Tests.DhtRpc.Queries;

public sealed class BootstrapFinderTests
{
    private static readonly PeerAddress First = new(0x01010101, 1), Second = new(0x02020202, 2), Moved = new(0x09090909, 1);

    [Fact]
    public void Nodes_without_names_are_taken_as_they_are()
    {
        BootstrapFinder finder = new([First, Second]);
        finder.Search(TimeSpan.Zero);
        Assert.Empty(Drain(finder));
        Assert.False(finder.IsSearching);
        Assert.Equal((PeerAddress[])[First, Second], finder.Addresses);
    }

    [Fact]
    public void A_name_is_not_looked_up_while_its_suggested_address_answers()
    {
        BootstrapFinder finder = new([Suggested(First, "one"), Second]);
        finder.Search(TimeSpan.Zero);
        Assert.Equal([new BootstrapEffect.Ping(0, First), new BootstrapEffect.Ping(1, Second)], Drain(finder));
        Assert.True(finder.IsSearching);
        finder.HandleAnswer(0);
        Assert.False(finder.IsSearching);
        finder.HandleSilence(1);
        Assert.Empty(Drain(finder));
        Assert.Equal((PeerAddress[])[First, Second], finder.Addresses);
    }

    [Fact]
    public void A_node_that_does_not_answer_is_where_its_name_leads()
    {
        BootstrapFinder finder = new([Suggested(First, "one"), Suggested(Second, "two")]);
        finder.Search(TimeSpan.Zero);
        Drain(finder);
        finder.HandleSilence(0);
        Assert.Equal([new BootstrapEffect.LookUp("one")], Drain(finder));
        finder.HandleSilence(1);
        Drain(finder);
        finder.HandleHost("one", Moved.Host);
        Assert.True(finder.IsSearching);
        finder.HandleHost("two", null);
        Assert.False(finder.IsSearching);
        Assert.Equal((PeerAddress[])[Moved, Second], finder.Addresses);
    }

    [Fact]
    public void A_name_alone_is_looked_up_and_later_only_when_its_address_is_silent()
    {
        Assert.True(BootstrapNode.TryParse("one:1", out BootstrapNode? named));
        BootstrapFinder finder = new([named]);
        Assert.Empty(finder.Addresses);
        finder.Search(TimeSpan.Zero);
        Assert.Equal([new BootstrapEffect.LookUp("one")], Drain(finder));
        finder.HandleHost("one", Moved.Host);
        finder.Search(TimeSpan.FromMinutes(1));
        Assert.Equal([new BootstrapEffect.Ping(0, Moved)], Drain(finder));
    }

    [Fact]
    public void A_search_is_made_once_a_minute_and_at_once_after_a_rest()
    {
        BootstrapFinder finder = new([Suggested(First, "one")]);
        finder.Search(TimeSpan.Zero);
        Assert.Single(Drain(finder));
        finder.HandleCancelled(0);
        finder.Search(TimeSpan.FromSeconds(59));
        Assert.Empty(Drain(finder));
        Assert.False(finder.IsSearching);
        finder.Search(TimeSpan.FromSeconds(60));
        Assert.Single(Drain(finder));
        finder.HandleResumed();
        finder.Search(TimeSpan.FromSeconds(61));
        Assert.Single(Drain(finder));
    }

    [Fact]
    public void A_search_without_any_answer_is_over_in_time_and_made_again_and_its_late_answer_counts()
    {
        Assert.True(BootstrapNode.TryParse("one:1", out BootstrapNode? named));
        BootstrapFinder finder = new([named]);
        finder.Search(TimeSpan.Zero);
        Drain(finder);
        Assert.Equal(TimeSpan.FromSeconds(30), finder.NextDeadline);
        finder.HandleTimeout(TimeSpan.FromSeconds(29));
        Assert.True(finder.IsSearching);
        finder.HandleTimeout(TimeSpan.FromSeconds(30));
        Assert.False(finder.IsSearching);
        Assert.Null(finder.NextDeadline);
        Assert.False(finder.MaySearch(TimeSpan.FromSeconds(59)));

        finder.Search(TimeSpan.FromSeconds(60));
        Assert.Equal([new BootstrapEffect.LookUp("one")], Drain(finder));
        finder.HandleTimeout(TimeSpan.FromSeconds(90));
        finder.HandleHost("one", Moved.Host);
        Assert.Equal((PeerAddress[])[Moved], finder.Addresses);
        Assert.False(finder.IsSearching);
    }

    [Fact]
    public void Two_nodes_on_one_host_share_the_address_of_its_name()
    {
        BootstrapFinder finder = new([Suggested(First, "one"), Suggested(Second, "one")]);
        finder.Search(TimeSpan.Zero);
        finder.HandleSilence(0);
        finder.HandleSilence(1);
        finder.HandleHost("one", Moved.Host);
        Assert.Equal((PeerAddress[])[Moved, Moved with { Port = 2 }], finder.Addresses);
        Assert.False(finder.IsSearching);
        finder.HandleHost("another", 5);
        finder.HandleHost("one", 5);
        Assert.Equal((PeerAddress[])[Moved, Moved with { Port = 2 }], finder.Addresses);
    }

    private static BootstrapNode Suggested(PeerAddress address, string name)
        => BootstrapNode.TryParse($"{address.HostText}@{name}:{address.Port}", out BootstrapNode? node) ? node : throw new ArgumentException(name);

    private static BootstrapEffect[] Drain(BootstrapFinder finder)
    {
        List<BootstrapEffect> effects = [];
        while (finder.TryTake(out BootstrapEffect? effect))
            effects.Add(effect);
        return [.. effects];
    }
}

using AuctionActors.Auctions.Market.Discovery;
using AuctionActors.Auctions.Tests.Rules;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Tests.Market.Discovery;

public sealed class DialPlannerTests
{
    private static readonly PublicKey[] People = [.. Enumerable.Range(1, 40).Select(number => AuctionStory.Person(number).Author)];

    [Fact]
    public void A_few_others_are_dialled_and_never_oneself()
    {
        DialPlanner planner = Planner();
        planner.HandleFound(People, TimeSpan.Zero);
        PublicKey[] dialled = Drain(planner);
        Assert.Equal(new DialOptions().Others, dialled.Distinct().Count());
        Assert.DoesNotContain(People[0], dialled);
        planner.HandleFound(People, TimeSpan.Zero);
        Assert.Empty(Drain(planner));
    }

    [Fact]
    public void Different_people_dial_different_others()
    {
        var one = Planner();
        var two = new DialPlanner(People[1], new DialOptions());
        one.HandleFound(People, TimeSpan.Zero);
        two.HandleFound(People, TimeSpan.Zero);
        Assert.NotEqual(Drain(one).Order(), Drain(two).Order());
    }

    [Fact]
    public void Sellers_are_dialled_beyond_the_limit()
    {
        DialPlanner planner = Planner();
        planner.HandleFound(People, TimeSpan.Zero);
        PublicKey[] others = Drain(planner);
        PublicKey seller = People.Skip(1).First(key => !others.Contains(key));
        planner.HandleSeller(seller, TimeSpan.Zero);
        Assert.Equal(seller, Assert.Single(Drain(planner)));
    }

    [Fact]
    public void Whoever_has_connected_is_not_dialled()
    {
        DialPlanner planner = Planner();
        planner.HandleConnected(People[3], dialled: false);
        planner.HandleSeller(People[3], TimeSpan.Zero);
        Assert.Empty(Drain(planner));
        Assert.True(planner.IsConnected(People[3]));
    }

    [Fact]
    public void A_lost_seller_is_dialled_again_with_growing_waits()
    {
        DialPlanner planner = Planner();
        planner.HandleSeller(People[3], TimeSpan.Zero);
        Drain(planner);
        planner.HandleFailed(People[3], TimeSpan.Zero);
        Assert.Empty(Drain(planner));
        Assert.Equal(TimeSpan.FromSeconds(1), planner.NextDeadline);
        planner.HandleTimeout(TimeSpan.FromSeconds(1));
        Assert.Single(Drain(planner));
        planner.HandleFailed(People[3], TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(3), planner.NextDeadline);
        planner.HandleConnected(People[3], dialled: true);
        planner.HandleDisconnected(People[3], TimeSpan.FromSeconds(9));
        Assert.Equal(TimeSpan.FromSeconds(10), planner.NextDeadline);
    }

    private static DialPlanner Planner() => new(People[0], new DialOptions());

    private static PublicKey[] Drain(DialPlanner planner)
    {
        var dials = new List<PublicKey>();
        while (planner.TryTake(out PublicKey key))
            dials.Add(key);
        return [.. dials];
    }
}

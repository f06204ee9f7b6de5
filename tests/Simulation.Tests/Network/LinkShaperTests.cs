using AuctionActors.Simulation.Network;

namespace AuctionActors.Simulation.Tests.Network;

public sealed class LinkShaperTests
{
    [Fact]
    public void The_observed_loss_is_the_configured_one_within_three_sigma()
    {
        const int Datagrams = 100_000;
        const double Loss = 0.05;
        var shaper = new LinkShaper(1, new LinkConditions(Loss, 0, default, default));

        int lost = Enumerable.Range(0, Datagrams).Count(_ => shaper.Decide("a", "b").DropReason == "loss");

        double expected = Datagrams * Loss, sigma = Math.Sqrt(expected * (1 - Loss));
        Assert.InRange(lost, expected - (3 * sigma), expected + (3 * sigma));
    }

    [Fact]
    public void Delays_fall_in_the_configured_range()
    {
        TimeSpan from = TimeSpan.FromMilliseconds(2), to = TimeSpan.FromMilliseconds(5);
        var shaper = new LinkShaper(1, new LinkConditions(0, 0, from, to));

        TimeSpan[] delays = [.. Enumerable.Range(0, 1000).Select(_ => shaper.Decide("a", "b").Delay)];

        Assert.All(delays, delay => Assert.InRange(delay, from, to));
        Assert.InRange(delays.Average(delay => delay.TotalMilliseconds), 3.3, 3.7);
    }

    [Fact]
    public void Traffic_on_one_link_does_not_shift_the_decisions_on_another()
    {
        var conditions = new LinkConditions(0.5, 0, default, default);
        var quiet = new LinkShaper(1, conditions);
        var busy = new LinkShaper(1, conditions);
        for (int i = 0; i < 100; i++)
            busy.Decide("a", "b");

        for (int i = 0; i < 100; i++)
            Assert.Equal(quiet.Decide("a", "c"), busy.Decide("a", "c"));
    }

    [Fact]
    public void A_partition_cuts_both_ways_until_it_is_removed()
    {
        var shaper = new LinkShaper(1, LinkConditions.Perfect);
        var rule = new PartitionRule(new HashSet<string> { "a" }, new HashSet<string> { "b", "c" });
        shaper.Add(rule);

        Assert.Equal("partition", shaper.Decide("a", "b").DropReason);
        Assert.Equal("partition", shaper.Decide("c", "a").DropReason);
        Assert.Null(shaper.Decide("b", "c").DropReason);

        shaper.Remove(rule);
        Assert.True(shaper.IsIdle);
        Assert.Null(shaper.Decide("a", "b").DropReason);
    }

    [Fact]
    public void A_one_way_partition_lets_the_other_way_through()
    {
        var shaper = new LinkShaper(1, LinkConditions.Perfect);
        shaper.Add(new PartitionRule(new HashSet<string> { "a" }, new HashSet<string> { "b" }, OneWay: true));

        Assert.Equal("partition", shaper.Decide("a", "b").DropReason);
        Assert.Null(shaper.Decide("b", "a").DropReason);
    }

    [Fact]
    public void A_delay_fault_adds_to_what_the_link_has()
    {
        TimeSpan five = TimeSpan.FromMilliseconds(5), ten = TimeSpan.FromMilliseconds(10);
        var shaper = new LinkShaper(1, new LinkConditions(0, 0, five, five));
        shaper.Add(new DelayRule(new HashSet<string> { "a" }, ten, ten));

        Assert.Equal(five + ten, shaper.Decide("b", "a").Delay);
        Assert.Equal(five, shaper.Decide("b", "c").Delay);
    }
}

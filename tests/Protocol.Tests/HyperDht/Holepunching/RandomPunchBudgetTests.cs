using Hyper.Protocol.HyperDht.Holepunching;

namespace AuctionActors.Protocol.Tests.HyperDht.Holepunching;

public sealed class RandomPunchBudgetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void One_search_runs_at_a_time_and_the_next_after_a_rest()
    {
        RandomPunchBudget budget = new(new HolepunchOptions(), default);
        Assert.True(budget.TryReserve(1, default));
        Assert.True(budget.TryReserve(1, default));
        Assert.False(budget.TryReserve(2, default));
        budget.Release(1, wasUsed: true, 5 * Second);
        Assert.False(budget.TryReserve(2, 24.9 * Second));
        Assert.True(budget.TryReserve(2, 25 * Second));
    }

    [Fact]
    public void A_search_that_never_began_needs_no_rest()
    {
        RandomPunchBudget budget = new(new HolepunchOptions(), default);
        budget.TryReserve(1, default);
        budget.Release(1, wasUsed: false, Second);
        Assert.True(budget.TryReserve(2, Second));
    }

    [Fact]
    public void Only_who_searches_can_end_a_search()
    {
        RandomPunchBudget budget = new(new HolepunchOptions(), default);
        budget.TryReserve(1, default);
        budget.Release(2, wasUsed: false, Second);
        Assert.True(budget.IsHeldBy(1));
        Assert.False(budget.TryReserve(2, Second));
    }

    [Fact]
    public void A_node_may_rest_before_its_first_search()
    {
        RandomPunchBudget budget = new(new HolepunchOptions { DefersRandomPunches = true }, Second);
        Assert.False(budget.TryReserve(1, 20.9 * Second));
        Assert.True(budget.TryReserve(1, 21 * Second));
        budget.Release(1, wasUsed: false, 21 * Second);
        budget.HandleResumed(60 * Second);
        Assert.False(budget.TryReserve(1, 79.9 * Second));
    }
}

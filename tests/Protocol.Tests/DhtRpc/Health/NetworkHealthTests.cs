using Hyper.Protocol.DhtRpc.Health;

namespace AuctionActors.Protocol.Tests.DhtRpc.Health;

public sealed class NetworkHealthTests
{
    private readonly NetworkHealth _health = new();
    private long _responses;
    private long _timeouts;

    [Fact]
    public void A_node_is_online_until_it_knows_better()
    {
        Assert.True(_health.IsOnline);
        Tick(times: 3, timeouts: 20);
        Assert.True(_health.IsOnline);
    }

    [Fact]
    public void Two_ticks_without_any_answer_mean_offline_and_one_with_answers_means_online()
    {
        FillWindow();
        Tick(times: 1, timeouts: 20);
        Assert.True(_health.IsOnline);
        Tick(times: 1, timeouts: 20);
        Assert.False(_health.IsOnline);
        Tick(times: 1, responses: 3);
        Assert.False(_health.IsOnline);
        Tick(times: 1, responses: 10);
        Assert.True(_health.IsOnline);
        Assert.False(_health.IsDegraded);
    }

    [Fact]
    public void Four_ticks_with_mostly_timeouts_mean_degraded_and_four_better_ones_end_it()
    {
        FillWindow();
        Tick(times: 3, responses: 10, timeouts: 30);
        Assert.False(_health.IsDegraded);
        Tick(times: 1, responses: 10, timeouts: 30);
        Assert.True(_health.IsDegraded);
        Assert.True(_health.IsOnline);
        Tick(times: 3, responses: 40);
        Assert.True(_health.IsDegraded);
        Tick(times: 1, responses: 40);
        Assert.False(_health.IsDegraded);
    }

    [Fact]
    public void A_node_that_is_offline_is_not_degraded()
    {
        FillWindow();
        Tick(times: 4, responses: 10, timeouts: 30);
        Assert.True(_health.IsDegraded);
        Tick(times: 2, timeouts: 20);
        Assert.Equal((false, false), (_health.IsOnline, _health.IsDegraded));
    }

    [Fact]
    public void An_idle_tick_changes_nothing()
    {
        FillWindow();
        Tick(times: 2, timeouts: 10);
        Tick(times: 5);
        Assert.False(_health.IsOnline);
    }

    [Fact]
    public void Waking_up_forgets_what_was_known()
    {
        FillWindow();
        Tick(times: 2, timeouts: 20);
        _health.Reset();
        Assert.True(_health.IsOnline);
        Tick(times: 2, timeouts: 20);
        Assert.True(_health.IsOnline);
    }

    private void FillWindow() => Tick(times: 4);

    private void Tick(int times, int responses = 0, int timeouts = 0)
    {
        for (int i = 0; i < times; i++)
            _health.Tick(_responses += responses, _timeouts += timeouts);
    }
}

namespace AuctionActors.Auctions.Market.Delivery;

/// <summary>How often an unanswered envelope is sent again.</summary>
public sealed record OutboxOptions
{
    /// <summary>How long one attempt waits for its answer.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Part of a wait by which it varies, either way.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>Envelopes waiting for an answer at most.</summary>
    public int Capacity { get; init; } = 4096;
}

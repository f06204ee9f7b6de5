namespace AuctionActors.Protocol.Tests;

/// <summary>Tests that grow with what they are given: a short form always, the long one from <c>.ci/long</c>.</summary>
internal static class LongForm
{
    private static bool IsAsked => Environment.GetEnvironmentVariable("AUCTION_LONG_TESTS") == "1";

    /// <summary>How much to do.</summary>
    public static int Choose(int shortForm, int longForm) => IsAsked ? longForm : shortForm;
}

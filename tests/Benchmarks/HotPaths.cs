using AuctionActors.Benchmarks.Comparing;

namespace AuctionActors.Benchmarks;

/// <summary>Every hot path that is compared, in the order of the table.</summary>
internal static class HotPaths
{
    public static IReadOnlyList<IHotPath> All { get; } = [];
}

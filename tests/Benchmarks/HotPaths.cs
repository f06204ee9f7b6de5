using AuctionActors.Benchmarks.Auctions;
using AuctionActors.Benchmarks.Bees;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Cores;
using AuctionActors.Benchmarks.Dht;
using AuctionActors.Benchmarks.Rpc;
using AuctionActors.Benchmarks.Streams;

namespace AuctionActors.Benchmarks;

/// <summary>Every hot path that is compared, in the order of the table.</summary>
internal static class HotPaths
{
    public static IReadOnlyList<IHotPath> All { get; } =
    [
        new RpcHotPath(),
        new ConnectHotPath(),
        new StreamHotPath(),
        new BareHotPath(),
        new DhtHotPath(100),
        new DhtHotPath(1000),
        new CoreHotPath("11"),
        new BeeHotPath("11"),
        new AuctionHotPath(),
        new CoreHotPath("10"),
        new BeeHotPath("10"),
    ];

    public static IHotPath Get(string name)
        => All.FirstOrDefault(path => path.Name == name)
            ?? throw new ArgumentException($"there is no hot path {name}; there are {string.Join(", ", All.Select(path => path.Name))}");
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Benchmarks.Cores;

/// <summary>A new reader's peer dials the writer's and downloads its whole core to disk.</summary>
internal static class ReplicationRun
{
    public const int SmallBlocks = 30_000;
    public const int BigBlocks = 1500;
    private const int SeedBatch = 256;

    public static int[] Sizes { get; } = [1024, 65536];

    public static async Task ServeAsync(ServingSide side)
    {
        using RealRuntime runtime = new("replication");
        using DiskFileStore files = new();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("benchmark-writer-");
        Testnet net = await Testnet.StartAsync(runtime, 4);
        PeerRuntime peer = runtime.Peer("writer", files);
        KeyPair keys = KeyPair.Generate(SystemEntropy.Instance);
        IActorRef host = await PeerHostActor.StartAsync(runtime.System, peer, OptionsOf(keys, net.Bootstrap, folder));
        JsonObject ready = new() { ["bootstrap"] = (int)net.Bootstrap.Port, ["key"] = keys.PublicKey.ToHex() };
        foreach (int size in Sizes)
        {
            KeyPair writer = KeyPair.Generate(SystemEntropy.Instance);
            PeerProtocol.OpenOwnCore open = new(new PeerRequestId(size), writer, Path.Combine(folder.FullName, $"{size}"), IsShared: true);
            PeerProtocol.CoreOpened core = await PeerHostActor.AskAsync<PeerProtocol.CoreOpened>(host, open);
            await SeedAsync(core.Core, size);
            ready[$"{size}"] = core.Key.ToHex();
        }

        await side.RunAsync(ready);
        folder.Delete(recursive: true);
    }

    /// <summary>Blocks for each second, counted from the dial on.</summary>
    public static async Task<double> DownloadAsync(RealRuntime runtime, ServingProcess server, int size)
    {
        using DiskFileStore files = new();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("benchmark-reader-");
        PeerRuntime peer = runtime.Peer(folder.Name, files);
        PeerOptions options = OptionsOf(KeyPair.Generate(SystemEntropy.Instance), server.Bootstrap, folder);
        IActorRef host = await PeerHostActor.StartAsync(runtime.System, peer, options);
        PeerProtocol.FollowCore follow = new(new PeerRequestId(1), server.KeyOf($"{size}"));
        PeerProtocol.CoreOpened core = await PeerHostActor.AskAsync<PeerProtocol.CoreOpened>(host, follow);
        int blocks = CountOf(size);
        Task stored = DownloadWatchActor.WhenStoredAsync(runtime.System, core.Core, blocks, Testnet.Patience);
        long began = Stopwatch.GetTimestamp();
        host.Tell(new PeerProtocol.Connect(server.KeyOf("key")));
        await stored;
        double rate = blocks / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await host.GracefulStop(Testnet.Patience);
        folder.Delete(recursive: true);
        return rate;
    }

    private static async Task SeedAsync(IActorRef core, int size)
    {
        CoreClient client = new(core, Testnet.Patience);
        foreach (ReadOnlyMemory<byte>[] chunk in CoreBench.MakeBlocks(CountOf(size), size).Chunk(SeedBatch))
            await client.AppendAsync(chunk);
    }

    private static int CountOf(int size) => size == Sizes[0] ? SmallBlocks : BigBlocks;

    private static PeerOptions OptionsOf(KeyPair keys, PeerAddress bootstrap, DirectoryInfo folder) => new()
    {
        KeyPair = keys,
        Bind = PeerAddress.Loopback(0),
        Bootstrap = [bootstrap],
        IsFirewalled = true,
        Storage = folder.FullName,
    };
}

using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Benchmarks.Dht;

/// <summary>Persistent nodes in one process, and the queries of one more node beside them.</summary>
internal sealed class DhtHotPath(int nodes) : IHotPath
{
    private const int Servers = 8;
    private const int Walks = 20;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(0.7);

    public string Name => string.Create(CultureInfo.InvariantCulture, $"dht.{nodes}");

    public IReadOnlyList<string> Script => ["dht.js", "--nodes", $"{nodes}", "--seconds", "0.7"];

    public IReadOnlyList<string> Metrics =>
    [
        .. ((string[])
        [
            "start", "rss_per_node", "findPeer.full", "lookup.full", "lookup.random", "lookup.rate.c1", "lookup.rate.c16", "findNode.rate.c16",
            "announce.rate.c1", "announce.rate.c16", "immutablePut.rate.c16", "mutablePut.rate.c16", "ping.rate.c1", "ping.rate.c64",
            "echo.rate.c1", "ping.share.c1", "echo.rate.c64", "ping.share.c64", "datagrams.rate.c64",
            "start.share", "lookup.share.c16",
        ]).Select(metric => $"{Name}.{metric}"),
    ];

    public IReadOnlyDictionary<string, string> LeftOut => new Dictionary<string, string>
    {
        [$"{Name}.findPeer.firsthit"] = "not measured: our search answers when its walk has ended",
        [$"{Name}.echo.rate.c1"] = "a bare echo of batched system calls, one datagram out at once",
        [$"{Name}.echo.rate.c64"] = "the same with 64 out; no datagrams joined",
        [$"{Name}.ping.share.c1"] = "pings answered, against the bare echo",
        [$"{Name}.ping.share.c64"] = "the same with 64 out",
        [$"{Name}.start.share"] = "the datagrams of the start, against those of the bare echo of 64",
        [$"{Name}.lookup.share.c16"] = "the datagrams of 16 lookups at once, against the same",
        [$"{Name}.datagrams.rate.c64"] = "the system's limit: bare datagrams one way, 64 with each call",
    };

    public async Task MeasureAsync(MetricReport report)
    {
        CountedPorts ports = new(new UdpPorts());
        using RealRuntime runtime = new("dht", ports: ports);
        long memory = MeasureMemory();
        long began = Stopwatch.GetTimestamp();
        Testnet net = await Testnet.StartAsync(runtime, nodes);
        TimeSpan started = Stopwatch.GetElapsedTime(began);
        double startRate = ports.Sent / started.TotalSeconds;
        report.Add($"{Name}.start", "s", started.TotalSeconds);
        report.Add($"{Name}.rss_per_node", "KB", (MeasureMemory() - memory) / 1024.0 / nodes);

        IActorRef asker = await StartNodeAsync(runtime, net, "asker");
        PublicKey[] servers = await Task.WhenAll(Enumerable.Range(0, Servers).Select(number => ListenAsync(runtime, net, number)));
        KeyPair keys = KeyPair.Generate(SystemEntropy.Instance);
        Bytes32 topic = Random32();
        await asker.Ask<HyperDhtProtocol.Stored>(new HyperDhtProtocol.Announce(0, topic, keys), Testnet.Patience);
        IActorRef loader = LoadActor.Start(runtime.System, runtime.Peer("load", new MemoryFileStore()).NetworkDispatcher);
        await TimeAsync(report, "findPeer.full", loader, Ask(asker, number => new HyperDhtProtocol.FindPeer(number, servers[number % Servers])));
        await TimeAsync(report, "lookup.full", loader, Ask(asker, number => new HyperDhtProtocol.Lookup(number, topic)));
        await TimeAsync(report, "lookup.random", loader, Ask(asker, number => new HyperDhtProtocol.Lookup(number, Random32())));
        await RateAsync(report, loader, asker, keys);
        double lookupRate = await CountAsync(ports, loader, Lookups(asker) with { Window = 16, Duration = Sample });
        double bareRate = 2 * await PingAsync(report, loader, Ask(
            asker, number => new DhtNodeProtocol.SendRequest(number, new OutgoingRequest(net.Nodes[^1].Address, DhtCommand.Ping))));
        report.Add($"{Name}.start.share", "%", 100 * startRate / bareRate);
        report.Add($"{Name}.lookup.share.c16", "%", 100 * lookupRate / bareRate);
    }

    private static Load Lookups(IActorRef asker) => Ask(asker, number => new HyperDhtProtocol.Lookup(number, Random32()));

    // Datagrams for each second.
    private static async Task<double> CountAsync(CountedPorts ports, IActorRef loader, Load load)
    {
        (long sent, long began) = (ports.Sent, Stopwatch.GetTimestamp());
        await load.RateAsync(loader);
        return (ports.Sent - sent) / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private async Task RateAsync(MetricReport report, IActorRef loader, IActorRef asker, KeyPair keys)
    {
        Load lookup = Lookups(asker);
        Load announce = Ask(asker, number => new HyperDhtProtocol.Announce(number, Random32(), keys));
        Load findNode = Ask(asker, number => new DhtNodeProtocol.StartQuery(number, QueryDefinition.FindNode(Random32())) { EndOnly = true });
        Load immutablePut = Ask(asker, number => new HyperDhtProtocol.PutImmutable(number, RandomBytes(100)));
        Load mutablePut = Ask(
            asker, number => new HyperDhtProtocol.PutMutable(number, KeyPair.Generate(SystemEntropy.Instance), 0, RandomBytes(100)));
        (string Metric, int Window, Load Load)[] rates =
        [
            ("lookup.rate.c1", 1, lookup), ("lookup.rate.c16", 16, lookup), ("findNode.rate.c16", 16, findNode),
            ("announce.rate.c1", 1, announce), ("announce.rate.c16", 16, announce),
            ("immutablePut.rate.c16", 16, immutablePut), ("mutablePut.rate.c16", 16, mutablePut),
        ];
        foreach ((string metric, int window, Load load) in rates)
        {
            Load sized = load with { Window = window };
            await (sized with { Duration = WarmUp }).RateAsync(loader);
            await report.SampleAsync($"{Name}.{metric}", "ops/s", () => (sized with { Duration = Sample }).RateAsync(loader));
        }
    }

    // Answers the rate of the bare echo of 64.
    private async Task<double> PingAsync(MetricReport report, IActorRef loader, Load ping)
    {
        UdpPorts ports = new(UdpOptions.Default with { UsesSegmentation = false });
        double bare = 0;
        foreach (int window in (int[])[1, 64])
        {
            Load sized = ping with { Window = window };
            await (sized with { Duration = WarmUp }).RateAsync(loader);
            await BareEcho.RateAsync(ports, window, WarmUp);
            List<double> pings = [], echoes = [];
            while (pings.Count < report.Samples)
            {
                pings.Add(await (sized with { Duration = Sample }).RateAsync(loader));
                echoes.Add(await BareEcho.RateAsync(ports, window, Sample));
            }

            report.Add($"{Name}.ping.rate.c{window}", "ops/s", pings);
            report.Add($"{Name}.echo.rate.c{window}", "ops/s", echoes);
            report.Add($"{Name}.ping.share.c{window}", "%", [.. pings.Zip(echoes, (answered, echoed) => 100 * answered / echoed)]);
            bare = echoes.Order().ElementAt(echoes.Count / 2);
        }

        await report.SampleAsync($"{Name}.datagrams.rate.c64", "1/s", () => BareEcho.OneWayRateAsync(ports, 64, Sample));
        return bare;
    }

    private async Task TimeAsync(MetricReport report, string metric, IActorRef loader, Load load)
    {
        List<double> milliseconds = [];
        while (milliseconds.Count < Walks)
        {
            int number = milliseconds.Count;
            milliseconds.Add(1000 / await (load with { Request = _ => load.Request(number), Count = 1 }).RateAsync(loader));
        }

        report.Add($"{Name}.{metric}", "ms", milliseconds);
    }

    private static Load Ask(IActorRef asker, Func<long, object> request) => new(asker, request, IsAnswer);

    private static bool IsAnswer(object message)
        => message is HyperDhtProtocol.PeersFound { Responders: > 0 } or HyperDhtProtocol.Stored { Nodes.Length: > 0 }
            or DhtNodeProtocol.Replied or DhtNodeProtocol.QueryFinished;

    private static async Task<IActorRef> StartNodeAsync(RealRuntime runtime, Testnet net, string name)
    {
        PeerRuntime peer = runtime.Peer(name, new MemoryFileStore());
        return (await HyperDhtClient.StartAsync(runtime.System, peer, Testnet.OrdinaryNode(net.Bootstrap), Testnet.Patience)).Dht.Dht;
    }

    private static async Task<PublicKey> ListenAsync(RealRuntime runtime, Testnet net, int number)
    {
        KeyPair keys = KeyPair.Generate(SystemEntropy.Instance);
        IActorRef dht = await StartNodeAsync(runtime, net, $"server-{number}");
        await ListenerActor.ListenAsync(runtime.System, dht, keys, Testnet.Patience);
        return keys.PublicKey;
    }

    private static long MeasureMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private static Bytes32 Random32() => SystemEntropy.Instance.Next32();

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        SystemEntropy.Instance.Fill(bytes);
        return bytes;
    }
}

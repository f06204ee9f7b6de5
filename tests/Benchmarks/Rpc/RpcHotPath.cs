using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Benchmarks.Rpc;

/// <summary>Echo calls over one DHT connection between two processes, with one or many calls out.</summary>
internal sealed class RpcHotPath : IHotPath
{
    private const int SampleMilliseconds = 700;
    private const int WarmUpMilliseconds = 2000;
    private static readonly RpcMethod Echo = new("echo");
    private static readonly int[] Sizes = [64, 1024];
    private static readonly (string Name, int Window)[] Windows =
        [("sequential", 1), ("pipelined16", 16), ("pipelined256", 256), ("pipelined1000", 1000)];

    public string Name => "rpc";

    public IReadOnlyList<string> Script => ["rpc.js", "--ms", $"{SampleMilliseconds}", "--warm", $"{WarmUpMilliseconds}"];

    public IReadOnlyList<string> Metrics => [.. Sizes.SelectMany(size => Windows.Select(window => MetricOf(window.Name, size)))];

    public async Task MeasureAsync(MetricReport report)
    {
        using ServingProcess server = await ServingProcess.StartAsync(this);
        using RealRuntime runtime = new("rpc");
        PeerRuntime peer = runtime.Peer("client", new MemoryFileStore());
        HyperDhtOptions options = Testnet.OrdinaryNode(server.Bootstrap);
        (HyperDhtClient dht, _) = await HyperDhtClient.StartAsync(runtime.System, peer, options, Testnet.Patience);
        IActorRef session = await CallerActor.DialAsync(runtime.System, peer, dht.Dht, server.KeyOf("key"), Testnet.Patience);
        IActorRef loader = LoadActor.Start(runtime.System, peer.ConnectionDispatcher);
        foreach (int size in Sizes)
        {
            byte[] value = Enumerable.Repeat((byte)1, size).ToArray();
            Load load = new(session, number => new RpcSessionProtocol.Call(number, Echo, value, null), IsReply)
            {
                Bundle = calls => new RpcSessionProtocol.Calls([.. calls.Cast<RpcSessionProtocol.Call>()]),
                Unbundle = outcomes => ((RpcSessionProtocol.Outcomes)outcomes).Each,
            };
            foreach ((string name, int window) in Windows)
            {
                Load sized = load with { Window = window };
                await (sized with { Duration = TimeSpan.FromMilliseconds(WarmUpMilliseconds) }).RateAsync(loader);
                sized = sized with { Duration = TimeSpan.FromMilliseconds(SampleMilliseconds) };
                await report.SampleAsync(MetricOf(name, size), "req/s", () => sized.RateAsync(loader));
            }
        }
    }

    public async Task ServeAsync(ServingSide side, IReadOnlyList<string> args)
    {
        using RealRuntime runtime = new("rpc");
        Testnet net = await Testnet.StartAsync(runtime, 4);
        KeyPair keys = KeyPair.Generate(SystemEntropy.Instance);
        PeerRuntime peer = runtime.Peer("server", new MemoryFileStore());
        IActorRef echo = EchoActor.Start(runtime.System, peer.ConnectionDispatcher);
        HyperswarmRpcOptions options = new()
        {
            KeyPair = keys,
            Servers = [new HyperswarmRpcServer { KeyPair = keys, Methods = [new ServedMethod(Echo, echo) { TakesBatches = true }] }],
            Dht = Testnet.OrdinaryNode(net.Bootstrap),
        };
        await HyperswarmRpcClient.StartAsync(runtime.System, peer, options, Testnet.Patience);
        await side.RunAsync(new JsonObject { ["bootstrap"] = (int)net.Bootstrap.Port, ["key"] = keys.PublicKey.ToHex() });
    }

    private static bool IsReply(object message) => message is RpcSessionProtocol.Replied;

    private static string MetricOf(string name, int size) => $"rpc.{name}.{size}B";
}

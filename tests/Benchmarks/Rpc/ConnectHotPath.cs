using System.Diagnostics;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Benchmarks.Rpc;

/// <summary>Time from dialling a public key to the first RPC reply, with a node that has joined and with a new one.</summary>
internal sealed class ConnectHotPath : IHotPath
{
    private const int Nodes = 10;
    private const int Servers = 21;
    private const string OpenServers = "--open";
    private static readonly RpcMethod Echo = new("echo");

    public string Name => "connect";

    public IReadOnlyList<string> Script => ["connect.js"];

    public IReadOnlyList<string> Metrics =>
    [
        "connect.firstreply.warmdht", "connect.firstreply.colddht",
        "connect.firstreply.warmdht.openserver", "connect.firstreply.colddht.openserver",
    ];

    public async Task MeasureAsync(MetricReport report)
    {
        foreach (string[] args in (string[][])[[], [OpenServers]])
        {
            string tag = args.Length > 0 ? ".openserver" : "";
            using ServingProcess server = await ServingProcess.StartAsync(this, args);
            PublicKey[] keys = [.. Enumerable.Range(0, Servers).Select(number => server.KeyOf($"key{number}"))];
            using RealRuntime runtime = new("connect");
            HyperswarmRpcClient warm = await JoinAsync(runtime, "warm", server.Bootstrap);
            await TimeAsync(report, $"connect.firstreply.warmdht{tag}", keys, async key =>
            {
                await CallAsync(warm, key);
                return Task.CompletedTask;
            });
            await TimeAsync(report, $"connect.firstreply.colddht{tag}", keys, async key =>
            {
                IActorRef cold = Start(runtime, $"cold-{key.ToShort()}", server.Bootstrap);
                Check(await cold.Ask<RpcClientsProtocol.IEvent>(new RpcClientsProtocol.Call(1, key, Echo, "x"u8.ToArray(), Testnet.Patience)));
                return cold.GracefulStop(Testnet.Patience);
            });
        }
    }

    public async Task ServeAsync(ServingSide side, IReadOnlyList<string> args)
    {
        using RealRuntime runtime = new("connect");
        Testnet net = await Testnet.StartAsync(runtime, Nodes);
        IActorRef echo = EchoActor.Start(runtime.System, runtime.Peer("echo", new MemoryFileStore()).ConnectionDispatcher);
        JsonObject ready = new() { ["bootstrap"] = (int)net.Bootstrap.Port };
        for (int i = 0; i < Servers; i++)
        {
            KeyPair keys = KeyPair.Generate(SystemEntropy.Instance);
            HyperswarmRpcOptions options = new()
            {
                KeyPair = keys,
                Servers = [new HyperswarmRpcServer { KeyPair = keys, Methods = [new ServedMethod(Echo, echo)] }],
                Dht = args.Contains(OpenServers)
                    ? new HyperDhtOptions { Node = Testnet.OpenNode(net.Bootstrap) }
                    : Testnet.OrdinaryNode(net.Bootstrap),
            };
            await HyperswarmRpcClient.StartAsync(runtime.System, runtime.Peer($"server-{i}", new MemoryFileStore()), options, Testnet.Patience);
            ready[$"key{i}"] = keys.PublicKey.ToHex();
        }

        await side.RunAsync(ready);
    }

    // The first one warms up, and what cleans up is not timed, as in the script.
    private static async Task TimeAsync(MetricReport report, string metric, PublicKey[] keys, Func<PublicKey, Task<Task>> connect)
    {
        List<double> milliseconds = [];
        foreach (PublicKey key in keys)
        {
            long began = Stopwatch.GetTimestamp();
            Task cleaned = await connect(key);
            milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await cleaned;
        }

        report.Add(metric, "ms", milliseconds[1..]);
    }

    private static Task<HyperswarmRpcClient> JoinAsync(RealRuntime runtime, string name, PeerAddress bootstrap)
        => HyperswarmRpcClient.StartAsync(runtime.System, runtime.Peer(name, new MemoryFileStore()), OptionsFor(bootstrap), Testnet.Patience);

    // Dials before it has joined, as the script does.
    private static IActorRef Start(RealRuntime runtime, string name, PeerAddress bootstrap)
        => runtime.System.ActorOf(HyperswarmRpcActor.Props(runtime.Peer(name, new MemoryFileStore()), OptionsFor(bootstrap)), name);

    private static HyperswarmRpcOptions OptionsFor(PeerAddress bootstrap)
        => new() { KeyPair = KeyPair.Generate(SystemEntropy.Instance), Dht = Testnet.OrdinaryNode(bootstrap) };

    private static async Task CallAsync(HyperswarmRpcClient client, PublicKey server) => Check(await client.CallAsync(server, Echo, "x"u8.ToArray()));

    private static void Check(RpcClientsProtocol.IEvent outcome)
    {
        if (outcome is not RpcClientsProtocol.Replied)
            throw new InvalidOperationException("the call failed");
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Benchmarks.Comparing;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Benchmarks.Streams;

/// <summary>Bytes in one direction: raw UDX and a DHT connection between two processes, and encryption alone in memory.</summary>
internal sealed class StreamHotPath : IHotPath
{
    public const int ChunkBytes = 65536;
    private const double Megabyte = 1e6;
    private const uint MeasuringStream = 1;
    private const uint ServingStream = 2;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LossyWarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(2);

    public string Name => "stream";

    public IReadOnlyList<string> Script => ["stream.js", "--seconds", "2", "--link", typeof(StreamHotPath).Assembly.Location];

    public IReadOnlyList<string> Metrics =>
        ["stream.secretstream.memory", "stream.udx.raw", "stream.hyperdht.secretstream", "stream.udx.lossy.1pct.20ms"];

    public async Task MeasureAsync(MetricReport report)
    {
        SecretStreamPair pair = new(SystemEntropy.Instance);
        pair.Pump(WarmUp);
        await report.SampleAsync(Metrics[0], "MB/s", () => Task.FromResult(pair.Pump(Sample) / Megabyte / Sample.TotalSeconds));

        using ServingProcess server = await ServingProcess.StartAsync(this);
        using RealRuntime runtime = new("stream");
        (IActorRef raw, int own) = await StartRawAsync(runtime, "raw");
        await ConnectAsync(raw, server, "raw", own, (int)server.Ready["raw"]!);
        await MeasureAsync(report, Metrics[1], WarmUp, server, "rawbytes", duration => raw.Ask(new PumpFor(duration), Testnet.Patience));

        PeerRuntime peer = runtime.Peer("client", new MemoryFileStore());
        HyperDhtOptions options = Testnet.OrdinaryNode(server.Bootstrap);
        (HyperDhtClient dht, _) = await HyperDhtClient.StartAsync(runtime.System, peer, options, Testnet.Patience);
        IActorRef source = StreamSourceActor.Start(runtime.System, dht.Dht, server.KeyOf("key"));
        await MeasureAsync(report, Metrics[2], WarmUp, server, "bytes", duration => source.Ask(new PumpFor(duration), Testnet.Patience));

        (IActorRef lossy, int near) = await StartRawAsync(runtime, "lossy");
        (Process link, ushort first, ushort second) = await LossyLink.StartAsync(near, (int)server.Ready["lossy"]!);
        await ConnectAsync(lossy, server, "lossy", second, first);
        await MeasureAsync(report, Metrics[3], LossyWarmUp, server, "lossybytes", duration => lossy.Ask(new PumpFor(duration), Testnet.Patience));
        link.StandardInput.Close();
    }

    public async Task ServeAsync(ServingSide side, IReadOnlyList<string> args)
    {
        using RealRuntime runtime = new("stream");
        Testnet net = await Testnet.StartAsync(runtime, 4);
        ByteCount rawBytes = new(), lossyBytes = new(), bytes = new();
        (IActorRef raw, int rawPort) = await StartRawAsync(runtime, "raw", rawBytes);
        (IActorRef lossy, int lossyPort) = await StartRawAsync(runtime, "lossy", lossyBytes);
        KeyPair keys = KeyPair.Generate(SystemEntropy.Instance);
        PeerRuntime peer = runtime.Peer("server", new MemoryFileStore());
        (HyperDhtClient dht, _) = await HyperDhtClient.StartAsync(
            runtime.System, peer, Testnet.OrdinaryNode(net.Bootstrap), Testnet.Patience);
        await StreamSinkActor.ListenAsync(runtime.System, dht.Dht, keys, bytes, Testnet.Patience);
        JsonObject ready = new()
        {
            ["bootstrap"] = (int)net.Bootstrap.Port,
            ["key"] = keys.PublicKey.ToHex(),
            ["raw"] = rawPort,
            ["lossy"] = lossyPort,
        };
        await side.RunAsync(ready, (op, question) =>
        {
            if (op is "raw" or "lossy")
                (op == "raw" ? raw : lossy).Tell(new RawStreamActor.Connect(MeasuringStream, PeerAddress.Loopback((ushort)(int)question["port"]!)));
            return Task.FromResult(new JsonObject
            {
                ["bytes"] = op switch { "rawbytes" => rawBytes.Value, "lossybytes" => lossyBytes.Value, _ => bytes.Value },
            });
        });
    }

    private static async Task<(IActorRef Stream, int Port)> StartRawAsync(RealRuntime runtime, string name, ByteCount? received = null)
    {
        uint id = received is null ? MeasuringStream : ServingStream;
        IActorRef stream = RawStreamActor.Start(runtime.System, runtime.Peer(name, new MemoryFileStore()), id, received);
        PeerAddress own = await stream.Ask<PeerAddress>(new RawStreamActor.GetAddress(), Testnet.Patience);
        return (stream, own.Port);
    }

    /// <summary>Tells each side the port where it meets the other.</summary>
    private static async Task ConnectAsync(IActorRef stream, ServingProcess server, string op, int oursForServer, int servers)
    {
        await server.AskAsync(op, new JsonObject { ["port"] = oursForServer });
        stream.Tell(new RawStreamActor.Connect(ServingStream, PeerAddress.Loopback((ushort)servers)));
    }

    private static async Task MeasureAsync(
        MetricReport report, string metric, TimeSpan warmUp, ServingProcess server, string op, Func<TimeSpan, Task> pump)
    {
        async Task<double> PumpAsync(TimeSpan duration)
        {
            long before = (long)(await server.AskAsync(op))["bytes"]!;
            long began = Stopwatch.GetTimestamp();
            await pump(duration);
            long after = (long)(await server.AskAsync(op))["bytes"]!;
            return (after - before) / Megabyte / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        await PumpAsync(warmUp);
        await report.SampleAsync(metric, "MB/s", () => PumpAsync(Sample));
    }
}

/// <summary>Write for so long, then answer with the same message.</summary>
internal sealed record PumpFor(TimeSpan Duration);

/// <summary>Bytes that have arrived; read from outside of the actor that counts.</summary>
internal sealed class ByteCount
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Add(long bytes) => Interlocked.Add(ref _value, bytes);
}

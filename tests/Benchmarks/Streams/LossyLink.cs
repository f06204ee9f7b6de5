using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AuctionActors.Benchmarks.Comparing;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Benchmarks.Streams;

/// <summary>A process between two UDP ports that delays every datagram and loses some; both sides of a comparison use the same one.</summary>
internal static class LossyLink
{
    public const int DelayMilliseconds = 20;
    public const int LossPercent = 1;

    /// <summary>Bytes on their way in one direction; what comes on top is lost, as at a full router.</summary>
    private const long MostBytes = 4 << 20;

    private const int Seed = 1;

    /// <summary>Starts it between two ports of this host; each of them is then told the port that stands for the other.</summary>
    public static async Task<(Process Process, ushort First, ushort Second)> StartAsync(int first, int second)
    {
        ProcessStartInfo start = OurSide.Start("link", Text(first), Text(second));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Process process = Process.Start(start)!;
        JsonObject ready = JsonNode.Parse((await process.StandardOutput.ReadLineAsync())!)!.AsObject();
        return (process, (ushort)(int)ready["first"]!, (ushort)(int)ready["second"]!);
    }

    /// <summary>Runs until its input ends.</summary>
    public static void Run(ushort first, ushort second)
    {
        UdpPorts ports = new();
        Direction toFirst = new(PeerAddress.Loopback(first), Seed), toSecond = new(PeerAddress.Loopback(second), Seed + 1);
        using IDatagramPort nextToFirst = ports.Bind(PeerAddress.Loopback(0), toSecond);
        using IDatagramPort nextToSecond = ports.Bind(PeerAddress.Loopback(0), toFirst);
        Console.WriteLine(new JsonObject
        {
            ["first"] = (int)nextToFirst.LocalAddress.Port,
            ["second"] = (int)nextToSecond.LocalAddress.Port,
        }.ToJsonString());
        Thread pump = new(() =>
        {
            while (true)
            {
                toFirst.Deliver(nextToFirst);
                toSecond.Deliver(nextToSecond);
                Thread.Sleep(1);
            }
        })
        { IsBackground = true };
        pump.Start();
        while (Console.In.ReadLine() is not null)
            ;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private sealed class Direction(PeerAddress to, int seed) : IDatagramReceiver
    {
        private readonly ConcurrentQueue<(long Due, byte[] Bytes)> _queue = new();
        private readonly Random _random = new(seed);
        private readonly List<OutgoingDatagram> _due = [];
        private long _bytes;

        public void Receive(DatagramBatch batch)
        {
            long due = Stopwatch.GetTimestamp() + DelayMilliseconds * Stopwatch.Frequency / 1000;
            foreach (Datagram datagram in batch.Read())
            {
                if (_random.Next(100) < LossPercent || Interlocked.Read(ref _bytes) > MostBytes)
                    continue;
                Interlocked.Add(ref _bytes, datagram.Bytes.Length);
                _queue.Enqueue((due, datagram.Bytes.ToArray()));
            }

            batch.Dispose();
        }

        public void Deliver(IDatagramPort from)
        {
            long now = Stopwatch.GetTimestamp();
            while (_queue.TryPeek(out (long Due, byte[] Bytes) next) && next.Due <= now && _queue.TryDequeue(out next))
            {
                Interlocked.Add(ref _bytes, -next.Bytes.Length);
                _due.Add(new OutgoingDatagram(next.Bytes, to));
            }

            if (_due.Count == 0)
                return;
            from.Send(CollectionsMarshal.AsSpan(_due));
            _due.Clear();
        }
    }
}

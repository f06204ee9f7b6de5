using System.Diagnostics;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Benchmarks.Dht;

/// <summary>Two ports that do nothing but send datagrams to and fro, many with each system call: what a node's pings are held against.</summary>
internal sealed class BareEcho : IDisposable
{
    /// <summary>Bytes of a ping, and of its answer.</summary>
    private const int RequestBytes = 11, ReplyBytes = 42;

    private readonly Side _asker;
    private readonly IDatagramPort _server;
    private readonly IDatagramPort _client;

    private BareEcho(IDatagramPorts ports, int window, Answering answering)
    {
        Side server = new();
        _asker = new Side();
        _server = ports.Bind(PeerAddress.Loopback(0), server);
        _client = ports.Bind(PeerAddress.Loopback(0), _asker);
        server.Handle = answering == Answering.Each
            ? count => Send(_server, _client.LocalAddress, ReplyBytes, count)
            : count => Acknowledge(count, window);
        _asker.Handle = count => Send(_client, _server.LocalAddress, RequestBytes, answering == Answering.Each ? count : window);
    }

    private enum Answering
    {
        Each,
        WindowsAtOnce,
    }

    private long Acknowledged { get; set; }

    /// <summary>Datagrams answered for each second, so many of them being out at once.</summary>
    public static async Task<double> RateAsync(IDatagramPorts ports, int window, TimeSpan duration)
    {
        using BareEcho echo = new(ports, window, Answering.Each);
        return await echo.RunAsync(window, duration, () => echo._asker.Received);
    }

    /// <summary>Datagrams taken by the receiver for each second; a window is sent when all of the one before has arrived.</summary>
    public static async Task<double> OneWayRateAsync(IDatagramPorts ports, int window, TimeSpan duration)
    {
        using BareEcho echo = new(ports, window, Answering.WindowsAtOnce);
        return await echo.RunAsync(window, duration, () => echo._asker.Received * window);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private async Task<double> RunAsync(int window, TimeSpan duration, Func<long> count)
    {
        Send(_client, _server.LocalAddress, RequestBytes, window);
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(duration);
        return count() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private void Acknowledge(int count, int window)
    {
        Acknowledged += count;
        for (; Acknowledged >= window; Acknowledged -= window)
            Send(_server, _client.LocalAddress, ReplyBytes, 1);
    }

    private static void Send(IDatagramPort port, PeerAddress to, int bytes, int count)
    {
        OutgoingDatagram[] batch = new OutgoingDatagram[count];
        Array.Fill(batch, new OutgoingDatagram(new byte[bytes], to));
        port.Send(batch);
    }

    private sealed class Side : IDatagramReceiver
    {
        private long _received;

        public long Received => Interlocked.Read(ref _received);

        public Action<int> Handle { get; set; } = _ => { };

        public void Receive(DatagramBatch batch)
        {
            using (batch)
            {
                Interlocked.Add(ref _received, batch.Count);
                Handle(batch.Count);
            }
        }
    }
}

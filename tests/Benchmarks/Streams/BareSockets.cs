using System.Diagnostics;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Benchmarks.Streams;

/// <summary>Two of our UDP ports on the loopback interface, with neither actor nor protocol between them.</summary>
internal static class BareSockets
{
    private const int BatchDatagrams = 45;

    /// <summary>Bytes of full packets that arrive while one thread does nothing but send.</summary>
    public static double Bulk(int packetBytes, TimeSpan duration)
    {
        UdpPorts ports = new();
        ByteCount received = new();
        using IDatagramPort to = ports.Bind(PeerAddress.Loopback(0), new Counting(received));
        using IDatagramPort from = ports.Bind(PeerAddress.Loopback(0), new Counting(new ByteCount()));
        byte[] packet = new byte[packetBytes];
        OutgoingDatagram[] batch = [.. Enumerable.Repeat(new OutgoingDatagram(packet, to.LocalAddress), BatchDatagrams)];
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration;)
            from.Send(batch);
        return received.Value;
    }

    private sealed class Counting(ByteCount bytes) : IDatagramReceiver
    {
        public void Receive(DatagramBatch batch)
        {
            bytes.Add(batch.ByteLength);
            batch.Dispose();
        }
    }
}

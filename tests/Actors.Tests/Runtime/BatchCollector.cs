using System.Collections.Concurrent;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Actors.Tests.Runtime;

internal sealed class BatchCollector : IDatagramReceiver
{
    private readonly BlockingCollection<(PeerAddress From, byte[] Bytes)> _received = [];

    public void Receive(DatagramBatch batch)
    {
        foreach (Datagram datagram in batch.Read())
            _received.Add((datagram.From, datagram.Bytes.ToArray()));
        batch.Dispose();
    }

    public (PeerAddress From, byte[] Bytes) Next()
        => _received.TryTake(out var datagram, TimeSpan.FromSeconds(5)) ? datagram : throw new TimeoutException("no datagram arrived");
}

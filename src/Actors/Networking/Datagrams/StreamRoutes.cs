using System.Collections.Concurrent;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Actors.Networking.Datagrams;

/// <summary>Parts what a port receives: packets of live streams for their connections, the rest for the owner.</summary>
/// <remarks>Runs on the port's thread, so that datagrams take one mailbox, not two; the table is the actor's.</remarks>
internal sealed class StreamRoutes(IActorRef owner, IActorRef port) : IDatagramReceiver, IStreamRoutes
{
    private readonly ConcurrentDictionary<uint, IActorRef> _connections = new(concurrencyLevel: 1, capacity: 1);
    private readonly Dictionary<IActorRef, DatagramBatch> _parts = [];

    /// <summary>The port that it parts the datagrams of.</summary>
    public IDatagramPort? Port { get; set; }

    public void Add(uint streamId, IActorRef connection) => _connections[streamId] = connection;

    public IActorRef? Remove(uint streamId) => _connections.TryRemove(streamId, out IActorRef? connection) ? connection : null;

    /// <summary>Passes a batch for one receiver on as it is; only mixed ones are copied apart.</summary>
    public void Receive(DatagramBatch batch)
    {
        IActorRef first = ReceiverOf(batch.Peek(0));
        for (int i = 1; i < batch.Count; i++)
        {
            if (ReceiverOf(batch.Peek(i)).Equals(first))
                continue;
            Part(batch);
            return;
        }

        first.Tell(new DatagramProtocol.Received(batch, Port), port);
    }

    private void Part(DatagramBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            IActorRef receiver = ReceiverOf(batch.Peek(i));
            if (!_parts.TryGetValue(receiver, out DatagramBatch? part))
                _parts.Add(receiver, part = new DatagramBatch());
            batch.CopyTo(part, i);
        }

        batch.Dispose();
        foreach ((IActorRef receiver, DatagramBatch part) in _parts)
            receiver.Tell(new DatagramProtocol.Received(part, Port), port);
        _parts.Clear();
    }

    private IActorRef ReceiverOf(ReadOnlySpan<byte> datagram)
        => PacketCodec.TryPeekStreamId(datagram, out uint id) && _connections.TryGetValue(id, out IActorRef? connection) ? connection : owner;
}

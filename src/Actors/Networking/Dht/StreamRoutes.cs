using System.Buffers.Binary;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Hands stream packets to the actor that owns their stream, those of one wake-up together.</summary>
internal sealed class StreamRoutes(int limit)
{
    private const int IdOffset = 4;
    private const int HeaderSize = 20;

    private readonly Dictionary<uint, IActorRef> _receivers = [];
    private readonly Dictionary<uint, DatagramBatch> _gathered = [];

    /// <summary>Packets of streams that nobody has.</summary>
    public long Unclaimed { get; private set; }

    /// <summary>Delivers the stream packets of a batch and hands everything else to <paramref name="other"/>; disposes the batch.</summary>
    public void Sort(DatagramBatch batch, LocalSocket socket, IActorRef sender, Action<Datagram, LocalSocket> other)
    {
        foreach (Datagram datagram in batch.Read())
        {
            if (IsStreamPacket(datagram.Bytes.Span))
                Gather(datagram);
            else
                other(datagram, socket);
        }

        batch.Dispose();
        foreach ((uint streamId, DatagramBatch packets) in _gathered)
            _receivers[streamId].Tell(new DhtNodeProtocol.StreamPackets(streamId, socket, packets), sender);
        _gathered.Clear();
    }

    private static bool IsStreamPacket(ReadOnlySpan<byte> datagram) => datagram.Length >= HeaderSize && datagram[0] == 0xff && datagram[1] == 1;

    /// <summary>Refused when the limit is reached or another actor has the stream.</summary>
    public void Register(uint streamId, IActorRef receiver)
    {
        if (_receivers.Count >= limit || !_receivers.TryAdd(streamId, receiver))
            receiver.Tell(new DhtNodeProtocol.StreamRefused(streamId));
    }

    public void Release(uint streamId) => _receivers.Remove(streamId);

    public void Release(IActorRef receiver)
    {
        foreach (uint streamId in _receivers.Where(entry => entry.Value.Equals(receiver)).Select(entry => entry.Key).ToArray())
            _receivers.Remove(streamId);
    }

    private void Gather(Datagram datagram)
    {
        uint streamId = BinaryPrimitives.ReadUInt32LittleEndian(datagram.Bytes.Span[IdOffset..]);
        if (!_receivers.ContainsKey(streamId))
        {
            Unclaimed++;
            return;
        }

        if (!_gathered.TryGetValue(streamId, out DatagramBatch? batch))
            _gathered.Add(streamId, batch = new DatagramBatch());
        batch.Add(datagram.From, datagram.Bytes.Span);
    }
}

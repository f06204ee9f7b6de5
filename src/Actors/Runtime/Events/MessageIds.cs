using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Runtime.Events;

/// <summary>
/// Computes message ids and numbers the copies of equal datagrams among the most recent ones. The actors that share a port call it at the
/// same time.
/// </summary>
public sealed class MessageIds(int remembered = 256)
{
    private readonly Dictionary<UInt128, ushort> _copies = [];
    private readonly Queue<UInt128> _order = new();
    private readonly Lock _lock = new();

    public MessageId Next(PeerAddress from, PeerAddress to, ReadOnlySpan<byte> datagram)
    {
        UInt128 hash = Hash(from, to, datagram);
        lock (_lock)
            return new MessageId(hash, CountCopy(hash));
    }

    public static UInt128 Hash(PeerAddress from, PeerAddress to, ReadOnlySpan<byte> datagram)
    {
        Span<byte> ends = stackalloc byte[2 * PeerAddress.EncodedSize];
        from.CopyTo(ends);
        to.CopyTo(ends[PeerAddress.EncodedSize..]);
        return BinaryPrimitives.ReadUInt128LittleEndian(Blake2b.Hash256(ends, datagram).Span);
    }

    private ushort CountCopy(UInt128 hash)
    {
        if (_copies.TryGetValue(hash, out ushort copy))
        {
            _copies[hash] = ++copy;
            return copy;
        }

        if (_order.Count == remembered)
            _copies.Remove(_order.Dequeue());
        _order.Enqueue(hash);
        _copies.Add(hash, 0);
        return 0;
    }
}

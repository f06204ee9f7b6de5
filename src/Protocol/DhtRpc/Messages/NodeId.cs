using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.DhtRpc.Messages;

/// <summary>Position of a node in the key space; a persistent node's is the hash of its public address.</summary>
public readonly record struct NodeId(Bytes32 Value) : IComparable<NodeId>
{
    /// <summary>Bits of the key space.</summary>
    public const int BitCount = Bytes32.Size * 8;

    /// <summary>Addresses whose ids a thread remembers: the same few are asked for with every message.</summary>
    private const int RecentCount = 2048;

    [ThreadStatic]
    private static (PeerAddress Address, NodeId Id)[]? t_recent;

    /// <summary>BLAKE2b-256 of the six address bytes: the only id that others accept from that address.</summary>
    public static NodeId Of(PeerAddress address)
    {
        (PeerAddress Address, NodeId Id)[] recent = t_recent ??= new (PeerAddress, NodeId)[RecentCount];
        ref (PeerAddress Address, NodeId Id) known = ref recent[(address.Port ^ address.Host ^ (address.Host >> 16)) % RecentCount];
        if (known.Address != address || known.Id.Value.IsZero)
            known = (address, Hash(address));
        return known.Id;
    }

    private static NodeId Hash(PeerAddress address)
    {
        Span<byte> bytes = stackalloc byte[PeerAddress.EncodedSize];
        address.CopyTo(bytes);
        return new NodeId(Blake2b.Hash256(bytes));
    }

    /// <summary>XOR distance to a target; compare two of them to see who is closer.</summary>
    public Bytes32 DistanceTo(Bytes32 target) => Bytes32.Distance(Value, target);

    /// <summary>Number of leading bits that both ids share: 0 to 256.</summary>
    public int SharedPrefixBits(NodeId other)
    {
        ReadOnlySpan<byte> left = Value.Span;
        ReadOnlySpan<byte> right = other.Value.Span;
        int equal = left.CommonPrefixLength(right);
        return equal == Bytes32.Size
            ? BitCount
            : equal * 8 + System.Numerics.BitOperations.LeadingZeroCount((uint)(left[equal] ^ right[equal])) - 24;
    }

    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value.ToHex();
}

using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Folding;

/// <summary>Who broke which rule at which place of its chain; several proofs of one breach share a key.</summary>
public readonly record struct FaultKey(FaultKind Kind, PublicKey Author, ulong Sequence) : IComparable<FaultKey>
{
    /// <summary>Order of the encoded bytes.</summary>
    public int CompareTo(FaultKey other) => Encode().AsSpan().SequenceCompareTo(other.Encode());

    public byte[] Encode() => new CompactWriter(48).UInt((ulong)Kind).Fixed32(Author.Value).UInt(Sequence).ToArray();

    public static bool operator <(FaultKey left, FaultKey right) => left.CompareTo(right) < 0;

    public static bool operator >(FaultKey left, FaultKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(FaultKey left, FaultKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FaultKey left, FaultKey right) => left.CompareTo(right) >= 0;
}

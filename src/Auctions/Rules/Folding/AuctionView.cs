using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Folding;

/// <summary>What two peers must agree on about an auction.</summary>
public sealed record AuctionView
{
    public required Bytes32 Id { get; init; }

    public required AuctionStatus Status { get; init; }

    public required ChainHead Head { get; init; }

    public required long EndsAt { get; init; }

    public required Bytes32 HighBid { get; init; }

    public required uint Accepts { get; init; }

    public required uint Rejects { get; init; }

    public required AuctionResult? Result { get; init; }

    public required ImmutableArray<FaultKey> Faults { get; init; }

    public static AuctionView Of(AuctionState state) => new()
    {
        Id = state.Id,
        Status = state.Status,
        Head = state.Head,
        EndsAt = state.EndsAt,
        HighBid = state.High?.Hash ?? default,
        Accepts = state.Accepts,
        Rejects = state.Rejects,
        Result = state.Result,
        Faults = [.. state.Faults],
    };

    public Bytes32 Digest() => Blake2b.Hash256(Encode());

    /// <summary>The fixed layout whose hash is the digest.</summary>
    public byte[] Encode()
    {
        CompactWriter writer = new CompactWriter()
            .Fixed32(Id)
            .UInt((ulong)Status)
            .UInt(Head.Sequence)
            .Fixed32(Head.Hash)
            .UInt((ulong)EndsAt)
            .Fixed32(HighBid)
            .UInt(Accepts)
            .UInt(Rejects)
            .UInt((ulong)(Result?.Outcome ?? 0))
            .Fixed32(Result?.Winner.Value ?? default)
            .UInt((ulong)(Result?.PriceUnits ?? 0))
            .UInt((ulong)Faults.Length);
        foreach (FaultKey fault in Faults)
            writer.Raw(fault.Encode());
        return writer.ToArray();
    }
}

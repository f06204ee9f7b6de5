using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Amounts;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Terms;

/// <summary>How an auction ends: when its seller says so, or at a time in its terms.</summary>
public enum ClosePolicy
{
    Manual = 0,
    Timed = 1,
}

/// <summary>From <paramref name="FromUnits"/> on, a bid must be <paramref name="AddUnits"/> above the high one.</summary>
public sealed record IncrementStep(long FromUnits, long AddUnits);

/// <summary>What the seller promised when it opened the auction; immutable, since the auction's id is the hash of it. Times are UTC milliseconds.</summary>
public sealed record AuctionTerms
{
    public required string Item { get; init; }

    public string Title { get; init; } = "";

    public required Currency Currency { get; init; }

    public required long StartUnits { get; init; }

    /// <summary>Null when there is none; a reserve of zero is the same as none.</summary>
    public long? ReserveUnits { get; init; }

    public ImmutableArray<IncrementStep> Increments { get; init; } = [];

    public uint IncrementBasisPoints { get; init; }

    public ClosePolicy Close { get; init; }

    /// <summary>Zero opens the auction at once.</summary>
    public long StartsAt { get; init; }

    public long EndsAt { get; init; }

    public long SoftCloseMilliseconds { get; init; }

    public long HardEndAt { get; init; }

    /// <summary>The seller's public core, where the auction is written.</summary>
    public required PublicKey Core { get; init; }

    /// <summary>Makes two auctions with the same terms differ.</summary>
    public required Bytes32 Salt { get; init; }

    /// <summary>Empty lets everybody bid.</summary>
    public ImmutableArray<PublicKey> Allowed { get; init; } = [];

    /// <summary>The least a bid must be: a first bid may equal the start price, each later one exceeds the high bid by the increment.</summary>
    public long Need(long? highUnits)
    {
        if (highUnits is not { } high)
            return StartUnits;
        Int128 basis = ((((Int128)high * IncrementBasisPoints) + 9_999) / 10_000);
        Int128 need = high + Int128.Max(Int128.Max(StepAt(high), basis), 1);
        return (long)Int128.Min(need, long.MaxValue);
    }

    private long StepAt(long units)
    {
        long add = 0;
        foreach (IncrementStep step in Increments)
        {
            if (step.FromUnits <= units)
                add = step.AddUnits;
        }

        return add;
    }
}

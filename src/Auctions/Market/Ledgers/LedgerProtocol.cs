using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Ledgers;

/// <summary>What the single writer of the public core is told and what it tells.</summary>
public static class LedgerProtocol
{
    /// <summary>An order to the ledger.</summary>
    public interface ICommand;

    /// <summary>A fact the ledger tells.</summary>
    public interface IEvent;

    /// <summary>Write and flush; answered to the sender by <see cref="Appended"/>.</summary>
    public sealed record Append(Envelope Envelope) : ICommand;

    /// <summary>Write and flush a block that is no envelope; answered to the sender by <see cref="BlockAppended"/>.</summary>
    public sealed record AppendBlock(long Number, ReadOnlyMemory<byte> Block) : ICommand;

    /// <summary>The envelope survives a crash from now on.</summary>
    public sealed record Appended(Envelope Envelope) : IEvent;

    public sealed record BlockAppended(long Number) : IEvent;

    /// <summary>The core's envelopes of former runs, all of them and in order; told to the participant once.</summary>
    public sealed record Replayed(IReadOnlyList<Envelope> Envelopes) : IEvent;

    /// <summary>The core's length on disk; told to the participant.</summary>
    public sealed record Grown(ulong Length, Bytes32 TreeHash) : IEvent;

    /// <summary>The core could not be read or written; nothing that was not yet confirmed may be relied on.</summary>
    public sealed record Failed(string Reason) : IEvent;
}

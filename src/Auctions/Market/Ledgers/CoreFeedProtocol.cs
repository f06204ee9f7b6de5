using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Ledgers;

/// <summary>What the reader of one core tells its owner.</summary>
public static class CoreFeedProtocol
{
    /// <summary>A fact about the core.</summary>
    public interface IEvent;

    /// <summary>The next blocks, without a gap from the first on.</summary>
    /// <param name="Length">Blocks read so far, these included.</param>
    /// <param name="TreeHash">Root of the core as it was last heard of, which may be ahead of what was read.</param>
    public sealed record Read(PublicKey Core, ulong Length, Bytes32 TreeHash, IReadOnlyList<ReadOnlyMemory<byte>> Blocks) : IEvent;
}

using AuctionActors.Auctions.Rules.Envelopes;

namespace AuctionActors.Auctions.Market.Ledgers;

/// <summary>Blocks of a public core as envelopes; others may write what is none, and it is passed over.</summary>
internal static class CoreBlocks
{
    public static IReadOnlyList<Envelope> Envelopes(IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        var envelopes = new List<Envelope>(blocks.Count);
        foreach (ReadOnlyMemory<byte> block in blocks)
        {
            if (Envelope.TryDecode(block.Span, out Envelope? envelope))
                envelopes.Add(envelope);
        }

        return envelopes;
    }
}

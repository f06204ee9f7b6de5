using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Rules.Auditing;

/// <summary>The three ways an audit ends.</summary>
public enum AuditVerdict
{
    Ok,
    Fault,
    Incomplete,
}

/// <summary>What an audit of a bundle found.</summary>
/// <param name="Missing">Places of the seller's chain, below the highest one heard of, that the bundle lacks.</param>
/// <param name="Signatures">Signatures checked, embedded bids included.</param>
public sealed record AuditReport(
    AuditVerdict Verdict, AuctionView? View, Bytes32 Digest, ImmutableArray<ulong> Missing, int Events, int Bids, int Signatures, int Unsound);

/// <summary>Recomputes an auction from its envelopes alone, as any stranger can.</summary>
public static class Audit
{
    public const int MaxMissingListed = 64;

    /// <summary>Audits the encoded bundle that an export writes.</summary>
    public static AuditReport Bundle(ReadOnlySpan<byte> bundle)
        => EnvelopeList.TryDecode(bundle, out ImmutableArray<Envelope> envelopes, out int unsound)
            ? Envelopes(envelopes, unsound)
            : Nothing(1);

    public static AuditReport Envelopes(ImmutableArray<Envelope> envelopes, int unsound = 0)
    {
        Envelope? opening = envelopes.FirstOrDefault(envelope => envelope.Message is Message.Open or Message.UnsupportedOpen);
        if (opening is null)
            return Nothing(unsound);
        AuctionState state = AuctionState.Unknown(opening.Hash, opening.Content.Network);
        foreach (Envelope envelope in envelopes.OrderBy(envelope => envelope.Sequence).ThenBy(envelope => envelope.Hash))
            state = AuctionFold.Apply(state, envelope);
        ImmutableArray<ulong> missing = MissingPlaces(state, envelopes);
        AuctionView view = AuctionView.Of(state);
        int bids = state.Chain.Count(envelope => envelope.Message is Message.Decision);
        AuditVerdict verdict = state.Faults.Count > 0 || unsound > 0 ? AuditVerdict.Fault
            : missing.Length > 0 || state.Terms is null ? AuditVerdict.Incomplete
            : AuditVerdict.Ok;
        return new AuditReport(verdict, view, view.Digest(), missing, state.Chain.Count, bids, state.Chain.Count + bids, unsound);
    }

    private static ImmutableArray<ulong> MissingPlaces(AuctionState state, ImmutableArray<Envelope> envelopes)
    {
        if (state.ForkedAt is not null)
            return [];
        ulong end = (ulong)state.Chain.Count;
        var present = new HashSet<ulong>();
        foreach (Envelope envelope in envelopes)
        {
            if (envelope.Message is Message.HeadNote note && note.Seller == state.Seller && envelope.Auction == state.Id)
                end = Math.Max(end, note.Head.Sequence + 1);
            if (envelope.Author != state.Seller || envelope.Auction != state.Id || !envelope.Message.IsChained)
                continue;
            present.Add(envelope.Sequence);
            end = Math.Max(end, envelope.Sequence + 1);
        }

        var missing = ImmutableArray.CreateBuilder<ulong>();
        for (ulong place = (ulong)state.Chain.Count; place < end && missing.Count < MaxMissingListed; place++)
        {
            if (!present.Contains(place))
                missing.Add(place);
        }

        return missing.ToImmutable();
    }

    private static AuditReport Nothing(int unsound) => new(AuditVerdict.Incomplete, null, default, [], 0, 0, 0, unsound);
}

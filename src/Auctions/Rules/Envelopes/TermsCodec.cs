using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Terms;
using AuctionActors.Auctions.Rules.Wire;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>Terms on the wire, and the ones this version runs.</summary>
internal static class TermsCodec
{
    public static Open ToWire(AuctionTerms terms)
    {
        var open = new Open
        {
            Title = terms.Title,
            Item = terms.Item,
            Code = terms.Currency.Code,
            Scale = (uint)terms.Currency.Scale,
            Start = new Money { Units = terms.StartUnits },
            Reserve = terms.ReserveUnits is { } reserve ? new Money { Units = reserve } : null,
            IncBps = terms.IncrementBasisPoints,
            Close = (Wire.ClosePolicy)terms.Close,
            StartMs = terms.StartsAt,
            EndMs = terms.EndsAt,
            SoftMs = terms.SoftCloseMilliseconds,
            HardEndMs = terms.HardEndAt,
            Core = WireBytes.Of(terms.Core.Value),
            Salt = WireBytes.Of(terms.Salt),
        };
        open.Inc.AddRange(terms.Increments.Select(step => new Step { FromUnits = step.FromUnits, AddUnits = step.AddUnits }));
        open.Allow.AddRange(terms.Allowed.Select(key => WireBytes.Of(key.Value)));
        return open;
    }

    /// <summary>Terms out of this version's reach are still a chained opening, so that their chain can be carried.</summary>
    public static Message Read(Open open)
    {
        if (Unsupported(open) is { } feature)
            return new Message.UnsupportedOpen($"{feature} not supported");
        var allowed = ImmutableArray.CreateBuilder<PublicKey>();
        foreach (Google.Protobuf.ByteString bytes in open.Allow.Take(TermsRule.MaxAllowed + 1))
        {
            if (!WireBytes.TryKey(bytes, out PublicKey key))
                return new Message.UnsupportedOpen("a bidder's key has 32 bytes");
            allowed.Add(key);
        }

        if (Currency.Of(open.Code, (int)Math.Min(open.Scale, int.MaxValue)) is not { } currency)
            return new Message.UnsupportedOpen("a currency has a code of 1 to 12 letters and digits and at most 9 decimals");
        if (!WireBytes.TryKey(open.Core, out PublicKey core) || !WireBytes.TryHash(open.Salt, out Bytes32 salt))
            return new Message.UnsupportedOpen("core and salt have 32 bytes");
        AuctionTerms terms = Assemble(open, currency, core, salt, allowed.ToImmutable());
        return TermsRule.Violation(terms) is { } violation ? new Message.UnsupportedOpen(violation) : new Message.Open(terms);
    }

    private static AuctionTerms Assemble(
        Open open, Currency currency, PublicKey core, Bytes32 salt, ImmutableArray<PublicKey> allowed) => new()
        {
            Title = open.Title,
            Item = open.Item,
            Currency = currency,
            StartUnits = open.Start?.Units ?? 0,
            ReserveUnits = open.Reserve?.Units,
            Increments = [.. open.Inc.Take(TermsRule.MaxIncrementSteps + 1).Select(step => new IncrementStep(step.FromUnits, step.AddUnits))],
            IncrementBasisPoints = open.IncBps,
            Close = (Terms.ClosePolicy)open.Close,
            StartsAt = open.StartMs,
            EndsAt = open.EndMs,
            SoftCloseMilliseconds = open.SoftMs,
            HardEndAt = open.HardEndMs,
            Core = core,
            Salt = salt,
            Allowed = allowed,
        };

    private static string? Unsupported(Open open)
    {
        if (open.Kind != Kind.English)
            return $"auction kind {open.Kind} is";
        if (open.Close is not (Wire.ClosePolicy.Manual or Wire.ClosePolicy.Timed))
            return $"close policy {open.Close} is";
        if (open.Witnesses.Count > 0 || open.F > 0)
            return "witnesses are";
        if (open.Delegates.Count > 0)
            return "delegates are";
        if (open.BuyNow is not null)
            return "a buy-now price is";
        if (!open.ReserveCommit.IsEmpty)
            return "a hidden reserve is";
        if (open.ClockOnFirstBid)
            return "a clock that starts with the first bid is";
        if (open.RetractUntilMs != 0)
            return "retraction is";
        return open.Quantity > 1 ? "more than one item is" : null;
    }
}

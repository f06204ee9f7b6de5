using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Auctions.Rules.Wire;
using Google.Protobuf;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Rules.Envelopes;

/// <summary>Between the wire's messages and the ones the rules read.</summary>
internal static class MessageCodec
{
    public const int MaxEvidence = 64;

    public const int MaxNameLength = 64;

    public static void Write(Body body, Message message)
    {
        switch (message)
        {
            case Message.Open open:
                body.Open = TermsCodec.ToWire(open.Terms);
                break;
            case Message.Bid bid:
                body.Bid = new Bid { Amount = new Money { Units = bid.Units }, Qty = bid.Quantity, Saw = HeadOf(bid.Saw), Code = bid.Code };
                break;
            case Message.Decision decision:
                body.Dec = new Decision
                {
                    Bid = decision.Subject?.ToWire(),
                    Verdict = (Wire.Verdict)decision.Verdict,
                    TMs = decision.DecidedAt,
                    EndAfterMs = decision.EndAfter,
                };
                break;
            case Message.Close close:
                body.Close = new Close
                {
                    Outcome = (Wire.Outcome)close.Outcome,
                    Winner = WireBytes.OfOptional(close.Winner.Value),
                    Bid = WireBytes.OfOptional(close.WinningBid),
                    Price = new Money { Units = close.PriceUnits },
                };
                break;
            case Message.Cancel cancel:
                body.Cancel = new Cancel { Reason = cancel.Reason };
                break;
            case Message.HeadNote note:
                body.Head = HeadNoteOf(note);
                break;
            case Message.Fault fault:
                body.Fault = new Fault { Kind = (Wire.FaultKind)fault.Kind };
                body.Fault.Evidence.AddRange(fault.Evidence.Select(evidence => evidence.ToWire()));
                break;
            case Message.Profile profile:
                body.Profile = new Profile { Name = profile.Name };
                break;
            default:
                throw new ArgumentException($"nobody writes {message.GetType().Name}", nameof(message));
        }
    }

    public static bool TryRead(Body body, bool nested, [NotNullWhen(true)] out Message? message)
    {
        message = body.MCase switch
        {
            Body.MOneofCase.Open => TermsCodec.Read(body.Open),
            Body.MOneofCase.Bid => ReadBid(body.Bid),
            Body.MOneofCase.Dec when !nested => ReadDecision(body.Dec),
            Body.MOneofCase.Close => ReadClose(body.Close),
            Body.MOneofCase.Cancel => new Message.Cancel(body.Cancel.Reason),
            Body.MOneofCase.Head => ReadHeadNote(body.Head, nested),
            Body.MOneofCase.Fault => ReadFault(body.Fault, nested),
            Body.MOneofCase.Profile => body.Profile.Name.Length <= MaxNameLength ? new Message.Profile(body.Profile.Name) : null,
            _ => new Message.Opaque((int)body.MCase),
        };
        return message is not null;
    }

    private static Message.Bid? ReadBid(Bid bid)
    {
        long units = bid.Amount?.Units ?? 0;
        return TryHead(bid.Saw, out ChainHead saw) && units is >= 0 and <= Currency.MaxUnits && !bid.BuyNow
            && bid.Code.Length <= Currency.MaxCodeLength
                ? new Message.Bid(units, bid.Qty, saw, bid.Code)
                : null;
    }

    private static Message.Decision ReadDecision(Decision decision)
    {
        _ = Envelope.TryFromWire(decision.Bid, nested: true, out Envelope? bid);
        Envelope? subject = bid?.Message is Message.Bid && decision.Receipts.Count == 0 ? bid : null;
        return new Message.Decision(subject, (Verdict)decision.Verdict, decision.TMs, decision.EndAfterMs);
    }

    private static Message.Close? ReadClose(Close close)
        => WireBytes.TryHashOrEmpty(close.Winner, out Bytes32 winner) && WireBytes.TryHashOrEmpty(close.Bid, out Bytes32 bid)
            ? new Message.Close((Outcome)close.Outcome, new PublicKey(winner), bid, close.Price?.Units ?? 0)
            : null;

    private static Message.HeadNote? ReadHeadNote(HeadNote note, bool nested)
    {
        if (!WireBytes.TryKey(note.Seller, out PublicKey seller) || !TryHead(note.Head, out ChainHead head))
            return null;
        Envelope? newest = null;
        if (!nested && !note.Env.IsEmpty)
            _ = Envelope.TryDecode(note.Env.Span, out newest);
        return new Message.HeadNote(seller, head, newest?.Message.IsChained == true ? newest : null, note.CoreLen, note.CoreFork);
    }

    private static Message.Fault? ReadFault(Fault fault, bool nested)
    {
        if (nested || fault.Evidence.Count > MaxEvidence)
            return null;
        var evidence = ImmutableArray.CreateBuilder<Envelope>(fault.Evidence.Count);
        foreach (Wire.Envelope wire in fault.Evidence)
        {
            if (!Envelope.TryFromWire(wire, nested: true, out Envelope? envelope))
                return null;
            evidence.Add(envelope);
        }

        return new Message.Fault((FaultKind)fault.Kind, evidence.MoveToImmutable());
    }

    private static HeadNote HeadNoteOf(Message.HeadNote note) => new()
    {
        Seller = WireBytes.Of(note.Seller.Value),
        Head = HeadOf(note.Head),
        Env = note.Newest is null ? ByteString.Empty : ByteString.CopyFrom(note.Newest.Encode()),
        CoreLen = note.CoreLength,
        CoreFork = note.CoreFork,
    };

    private static Head HeadOf(ChainHead head) => new() { Seq = head.Sequence, Hash = WireBytes.Of(head.Hash) };

    private static bool TryHead(Head? wire, out ChainHead head)
    {
        Bytes32 hash = default;
        bool read = wire is not null && WireBytes.TryHash(wire.Hash, out hash);
        head = read ? new ChainHead(wire!.Seq, hash) : default;
        return read;
    }
}

using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>What a server said in a round.</summary>
/// <param name="PeerAddress">The server as the relay sees it.</param>
/// <param name="VerifiedHost">A host that has just echoed a token sent to it.</param>
internal sealed record HolepunchWord(HolepunchPayload Payload, PeerAddress PeerAddress, uint? VerifiedHost);

/// <summary>The rounds of a client: numbered, sealed, one under way at a time.</summary>
internal sealed class HolepunchRounds(HolepunchSession session, Func<PunchTicket> nextTicket, Queue<PunchEffect> effects)
{
    private (PunchTicket Ticket, HolepunchRelay Via, Bytes32? Token)? _pending;

    /// <summary>Rounds that were begun.</summary>
    public int Count { get; private set; }

    /// <param name="socket">Whose NAT the round is about.</param>
    public void Send(HolepunchRoute route, HolepunchRelay via, LocalSocket socket, HolepunchPayload payload)
    {
        PunchTicket ticket = nextTicket();
        _pending = (ticket, via, payload.Token);
        OutgoingRequest request = route.Request(via, session.Seal(payload with { Round = (ulong)Count++ }));
        effects.Enqueue(new PunchEffect.Send(ticket, request with { Socket = socket }));
    }

    public bool IsPending(PunchTicket ticket) => _pending?.Ticket == ticket;

    /// <summary>The round came to nothing.</summary>
    public void End() => _pending = null;

    /// <summary>Ends the round; false when the reply is not the server's, or not from the relay that was asked.</summary>
    public bool TryEnd(ReceivedReply reply, [NotNullWhen(true)] out HolepunchWord? word)
    {
        word = null;
        if (_pending is not { } round)
            return false;
        _pending = null;
        if (reply.From != round.Via.RelayAddress || reply.Error != DhtError.None || reply.Value is not { } value
            || !HolepunchMessage.TryDecode(value.Span, out HolepunchMessage message) || message.Mode != PeerRoutingMode.Reply
            || !session.TryOpen(message.Payload.Span, out HolepunchPayload payload))
            return false;
        bool hasEchoed = round.Token is not null && payload.RemoteToken == round.Token;
        word = new HolepunchWord(payload, message.PeerAddress ?? round.Via.RelayAddress, hasEchoed ? round.Via.PeerAddress.Host : null);
        return true;
    }

    public Bytes32 TokenFor(PeerAddress address) => session.TokenFor(address);
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Decides how PEER_HANDSHAKE and PEER_HOLEPUNCH travel on, and keeps no state: every node relays for strangers.</summary>
public sealed class PeerRouter
{
    private static readonly PeerRoute Silence = new PeerRoute.Silence();
    private readonly ForwardTable _forwards;

    public PeerRouter(ForwardTable forwards) => _forwards = forwards;

    /// <summary>Messages that were dropped because they were malformed or led nowhere.</summary>
    public long DroppedCount { get; private set; }

    public PeerRoute RouteHandshake(Bytes32? target, ReadOnlyMemory<byte>? value, PeerAddress from, TimeSpan now)
    {
        PeerRoute route = value is { } bytes && HandshakeMessage.TryDecode(bytes.Span, out HandshakeMessage message) && !message.Noise.IsEmpty
            ? RouteHandshake(Find(target, now), message, from)
            : Silence;
        return Counted(route);
    }

    public PeerRoute RouteHolepunch(Bytes32? target, ReadOnlyMemory<byte>? value, PeerAddress from, TimeSpan now)
    {
        PeerRoute route = value is { } bytes && HolepunchMessage.TryDecode(bytes.Span, out HolepunchMessage message)
            ? RouteHolepunch(Find(target, now), message, from)
            : Silence;
        return Counted(route);
    }

    private static PeerRoute RouteHandshake(Forward? forward, HandshakeMessage message, PeerAddress from)
        => forward is { IsHosted: true } ? Accept(message, from) : message.Mode switch
        {
            PeerRoutingMode.FromClient => FromClient(forward, message, from),
            PeerRoutingMode.FromRelay when forward?.Address is { } server => new PeerRoute.Forward(
                (message with { Mode = PeerRoutingMode.FromSecondRelay, RelayAddress = from }).Encode(), server),
            PeerRoutingMode.FromServer when message.PeerAddress is { } client => new PeerRoute.Answer(
                new HandshakeMessage(PeerRoutingMode.Reply, message.Noise, from).Encode(), client),
            _ => Silence,
        };

    private static PeerRoute FromClient(Forward? forward, HandshakeMessage message, PeerAddress from)
    {
        if ((message.RelayAddress ?? forward?.Address) is not { } next)
            return new PeerRoute.CloserNodes();
        return new PeerRoute.Forward(new HandshakeMessage(PeerRoutingMode.FromRelay, message.Noise, from).Encode(), next);
    }

    private static PeerRoute Accept(HandshakeMessage message, PeerAddress from)
        => message.Mode switch
        {
            PeerRoutingMode.FromClient => Admit(message, from, null),
            PeerRoutingMode.FromRelay => Admit(message, from, from),
            PeerRoutingMode.FromSecondRelay when message.RelayAddress is { } relay => Admit(message, from, relay),
            _ => Silence,
        };

    private static PeerRoute.Accept Admit(HandshakeMessage message, PeerAddress from, PeerAddress? answerTo)
        => new(message.Noise, message.PeerAddress ?? from, message.PeerAddress is null, answerTo, message.PeerAddress);

    private static PeerRoute RouteHolepunch(Forward? forward, HolepunchMessage message, PeerAddress from)
        => message.Mode switch
        {
            PeerRoutingMode.FromClient when (message.PeerAddress ?? forward?.Address) is { } next => new PeerRoute.Forward(
                (message with { Mode = PeerRoutingMode.FromRelay, PeerAddress = from }).Encode(), next),
            PeerRoutingMode.FromRelay when forward is { IsHosted: true } && message.PeerAddress.HasValue => new PeerRoute.Punch(message),
            PeerRoutingMode.FromServer when message.PeerAddress is { } client => new PeerRoute.Answer(
                (message with { Mode = PeerRoutingMode.Reply, PeerAddress = from }).Encode(), client),
            _ => Silence,
        };

    private Forward? Find(Bytes32? target, TimeSpan now)
        => target is { } id && _forwards.TryFind(id, now, out Forward? forward) ? forward : null;

    private PeerRoute Counted(PeerRoute route)
    {
        if (route is PeerRoute.Silence)
            DroppedCount++;
        return route;
    }
}

/// <summary>Where a routed message goes next.</summary>
public abstract record PeerRoute
{
    private PeerRoute()
    {
    }

    public sealed record Silence : PeerRoute;

    /// <summary>Answer with closer nodes and neither value nor token, so that the client can find a better node.</summary>
    public sealed record CloserNodes : PeerRoute;

    /// <summary>A request with the same transaction id, command and target to another node.</summary>
    public sealed record Forward(ReadOnlyMemory<byte> Value, PeerAddress To) : PeerRoute;

    /// <summary>A response with the same transaction id to the client, who waits for it from this node.</summary>
    public sealed record Answer(ReadOnlyMemory<byte> Value, PeerAddress To) : PeerRoute;

    /// <summary>A handshake for a server on this node.</summary>
    /// <param name="ClientAddress">The client as the relay saw it, or the sender.</param>
    /// <param name="IsDirect">No relay was involved.</param>
    /// <param name="AnswerTo">The relay that takes the answer; nothing means that the sender gets a response.</param>
    /// <param name="PeerAddress">What the relay wants back to find the client again.</param>
    public sealed record Accept(
        ReadOnlyMemory<byte> Noise, PeerAddress ClientAddress, bool IsDirect, PeerAddress? AnswerTo, PeerAddress? PeerAddress) : PeerRoute;

    /// <summary>A round of a holepunch for a server on this node.</summary>
    public sealed record Punch(HolepunchMessage Message) : PeerRoute;
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Holepunching;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Names one request of an attempt to connect.</summary>
public readonly record struct ConnectTicket(int Number);

/// <summary>Why a connection did not come about.</summary>
public enum ConnectFailure
{
    /// <summary>No node knows the key.</summary>
    PeerNotFound,

    /// <summary>Nodes know the key, but no handshake through them was answered.</summary>
    PeerConnectionFailed,

    /// <summary>The server speaks another version of the handshake.</summary>
    ServerIncompatible,

    /// <summary>The server ended the handshake.</summary>
    ServerError,

    /// <summary>Both sides are behind firewalls, share no local network and cannot or do not want to punch holes.</summary>
    CannotHolepunch,

    /// <summary>Probes did not come through, or one side gave up.</summary>
    HolepunchAborted,

    /// <summary>One side did not find out about its NAT.</summary>
    HolepunchProbeTimeout,

    /// <summary>Both NATs give every destination another port.</summary>
    HolepunchDoubleRandomizedNats,

    /// <summary>The key is no valid public key.</summary>
    InvalidPublicKey,

    /// <summary>There was no other way, and the relay did not pair the two.</summary>
    RelayAborted,
}

/// <summary>What an attempt to connect asks of its owner.</summary>
public abstract record ConnectEffect
{
    private ConnectEffect()
    {
    }

    /// <summary>Begin this walk; report what it finds and its end.</summary>
    public sealed record Walk(QueryDefinition Definition) : ConnectEffect;

    /// <summary>The walk is not needed any more; its end need not be reported.</summary>
    public sealed record StopWalk : ConnectEffect;

    /// <summary>Send a request and report its reply or failure under the ticket.</summary>
    public sealed record Send(ConnectTicket Ticket, OutgoingRequest Request) : ConnectEffect;

    /// <summary>The way of an earlier connection led nowhere: its socket is not needed any more for this attempt, others may use it.</summary>
    public sealed record LeaveSocket(LocalSocket Socket) : ConnectEffect;

    /// <summary>Something that a holepunch needs; its requests come as <see cref="Send"/>.</summary>
    public sealed record Punch(PunchEffect Order) : ConnectEffect;

    /// <summary>Meet the server at a relay as well, and report the outcome; packets that come from elsewhere show another way.</summary>
    public sealed record Relay(EstablishedConnection Connection, RelayRoute Route) : ConnectEffect;

    /// <summary>The stream goes through the relay and found no better way; nothing follows.</summary>
    public sealed record StaysRelayed : ConnectEffect;

    /// <summary>The stream can begin, or leaves its relay; nothing follows.</summary>
    /// <param name="RelayAddresses">Where to find this server next time.</param>
    public sealed record Connected(EstablishedConnection Connection, IReadOnlyList<PeerAddress> RelayAddresses) : ConnectEffect;

    /// <summary>The attempt is over; nothing follows.</summary>
    public sealed record Failed(ConnectFailure Reason) : ConnectEffect;
}

using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime.Events;

/// <summary>Names one recorded event; 0 is no event.</summary>
public readonly record struct EventId(ulong Value)
{
    public static EventId None => default;

    public bool IsNone => Value == 0;
}

/// <summary>Ties events of one thing together across peers; keys are auction, core, rpc, lookup, conn, stream, op.</summary>
public readonly record struct Correlation(string Key, string Value);

/// <summary>Names one datagram alike at its sender and its receiver, without touching its bytes.</summary>
/// <param name="Hash">The first 16 bytes of BLAKE2b(from ‖ to ‖ datagram), little-endian.</param>
/// <param name="Copy">How often the same bytes went the same way before.</param>
public readonly record struct MessageId(UInt128 Hash, ushort Copy);

/// <summary>What one event says. The recorder adds number and time, and the current actor and cause where they are not given.</summary>
public readonly record struct EventEntry(EventKind Kind)
{
    /// <summary>Name of the peer; a peer's own recorder fills it in.</summary>
    public string? Peer { get; init; }

    /// <summary>The actor it happened in; the current one when null.</summary>
    public ActorPath? Actor { get; init; }

    /// <summary>The event that led to this one; the current cause when none is given.</summary>
    public EventId Cause { get; init; }

    public MessageId? Message { get; init; }

    public PeerAddress? From { get; init; }

    public PeerAddress? To { get; init; }

    /// <summary>Type of the message, method of the request, name of the fault, and the like.</summary>
    public string? Type { get; init; }

    /// <summary>Bytes carried or stored.</summary>
    public int Size { get; init; }

    /// <summary>A readable sentence, values filled in.</summary>
    public string? Text { get; init; }

    public ImmutableArray<Correlation> Correlations { get; init; }
}

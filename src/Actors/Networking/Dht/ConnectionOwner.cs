using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Whom a connection belongs to, and what is told of it when it is there.</summary>
/// <param name="Consumer">Hears of the connection and of its end.</param>
/// <param name="DialTag">The tag of the order to dial; absent on accepted connections.</param>
/// <param name="Key">The remote key that was dialled, or the local key that accepted.</param>
/// <param name="Preamble">What the connection is told before its first packet.</param>
/// <param name="Listener">Accepted it and may be punching a hole for it.</param>
internal sealed record ConnectionOwner(
    IActorRef Consumer, long? DialTag, PublicKey Key, ImmutableArray<ConnectionProtocol.ICommand> Preamble, IActorRef? Listener)
{
    /// <summary>Of an accepted connection: who sent the handshake.</summary>
    public PeerAddress Via { get; init; }

    /// <summary>The consumer has messages as soon as the connection is there.</summary>
    public bool SpeaksAtOnce { get; init; }

    /// <summary>The next connection with the remote may go the way of this one.</summary>
    public bool ReusesSocket { get; init; }

    /// <summary>Another interval than every connection has, zero for none.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>Whoever ordered the dial.</summary>
    public static ConnectionOwner Of(HyperDhtProtocol.Connect order, IActorRef consumer)
        => new(consumer, order.Tag, order.Remote, order.Preamble, null)
        {
            KeepAlive = order.KeepAlive,
            ReusesSocket = order.ReusesSocket,
            SpeaksAtOnce = order.SpeaksAtOnce,
        };

    internal ConnectionOptions Adapt(ConnectionOptions options)
        => KeepAlive is { } interval
            ? options with { SecretStream = options.SecretStream with { KeepAlive = interval > TimeSpan.Zero ? interval : null } }
            : options;
}

using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Dht.Pooling;

/// <summary>What a pool of connections is told and what it tells; name the pool as the owner of a server to share what that accepts.</summary>
public static class ConnectionPoolProtocol
{
    /// <summary>How <see cref="Connect"/> ended.</summary>
    public interface IOutcome;

    /// <summary>Answered by <see cref="ConnectionsListed"/>.</summary>
    public sealed record GetConnections;

    /// <summary>The connections of the pool, one for each remote, and how many remotes are being dialled.</summary>
    public sealed record ConnectionsListed(ImmutableArray<Connected> Connections, int Dialling);

    /// <summary>Asks for the connection to a key, dialled if there is none; answered by <see cref="Connected"/> or <see cref="ConnectFailed"/>.</summary>
    public sealed record Connect(PublicKey Remote)
    {
        /// <summary>What the connection is told before its first packet, if it is dialled for this asker.</summary>
        public ImmutableArray<ConnectionProtocol.ICommand> Preamble { get; init; } = [];
    }

    /// <summary>A connection is the pool's only one to its remote; told to the owner, and to everybody who asked for it.</summary>
    public sealed record Connected(IActorRef Connection, NoiseResult Session, PeerAddress Address) : IOutcome;

    /// <summary>There is no connection.</summary>
    public sealed record ConnectFailed(PublicKey Remote, string Code) : IOutcome;

    /// <summary>A connection of the pool is over; told to the owner.</summary>
    public sealed record Closed(IActorRef Connection, PublicKey Remote);
}

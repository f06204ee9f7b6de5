using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>One open connection of a peer and the session through which it calls the remote.</summary>
internal sealed class PeerLink(IActorRef connection, NoiseResult session, PeerAddress address)
{
    public IActorRef Connection { get; } = connection;

    public NoiseResult Session { get; } = session;

    public PeerAddress Address { get; } = address;

    public PublicKey Remote => Session.RemotePublicKey;

    /// <summary>The RPC session that calls the remote's server; made when it is first needed.</summary>
    public IActorRef? Calls { get; set; }
}

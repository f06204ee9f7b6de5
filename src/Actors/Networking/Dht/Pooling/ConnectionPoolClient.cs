using Akka.Actor;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht.Pooling;

/// <summary>A pool of connections for commands and tests, which wait for answers.</summary>
public sealed class ConnectionPoolClient
{
    private readonly IActorRef _dht;
    private readonly TimeSpan _timeout;

    /// <param name="system">Where the pool lives.</param>
    /// <param name="dht">A <see cref="HyperDhtActor"/>.</param>
    /// <param name="keyPair">Whom the pool dials as.</param>
    /// <param name="owner">Hears of each connection and of its end, and what servers of the pool tell.</param>
    /// <param name="timeout">How long answers may take.</param>
    public ConnectionPoolClient(IActorRefFactory system, IActorRef dht, KeyPair keyPair, IActorRef owner, TimeSpan timeout)
    {
        (_dht, _timeout) = (dht, timeout);
        Pool = system.ActorOf(ConnectionPoolActor.Props(dht, keyPair, owner));
    }

    public IActorRef Pool { get; }

    /// <summary>The connection that everybody shares, or <see cref="ConnectionPoolProtocol.ConnectFailed"/>.</summary>
    public Task<ConnectionPoolProtocol.IOutcome> ConnectAsync(PublicKey remote)
        => Pool.Ask<ConnectionPoolProtocol.IOutcome>(new ConnectionPoolProtocol.Connect(remote), _timeout);

    public Task<ConnectionPoolProtocol.ConnectionsListed> GetConnectionsAsync()
        => Pool.Ask<ConnectionPoolProtocol.ConnectionsListed>(new ConnectionPoolProtocol.GetConnections(), _timeout);

    /// <summary>Serves a key, whose clients' connections become the pool's; the owner hears when it is announced.</summary>
    public void Listen(KeyPair keyPair, ConnectionFirewall? firewall = null)
        => _dht.Tell(new HyperDhtProtocol.Listen(keyPair, Pool, firewall));
}

using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>The listening key of a swarm: started, stopped, and started again only when it has stopped.</summary>
internal sealed class SwarmServer(SwarmOptions options, IActorRef dht, IActorRef self)
{
    private readonly PublicKey _own = options.KeyPair.PublicKey;
    private readonly HashSet<PublicKey> _banned = [];
    private bool _isStopping;
    private bool _isWanted;

    /// <summary>Where the server is reached.</summary>
    public ImmutableArray<PeerAddress> Relays { get; set; } = [];

    /// <summary>From the firewall of the server: a client was refused by the owner's rule.</summary>
    public sealed record ClientRefused(PublicKey Remote);

    public void Start()
    {
        _isWanted = true;
        if (_isStopping)
            return;
        ImmutableArray<ConnectionProtocol.ICommand> preamble = options.Preamble;
        dht.Tell(new HyperDhtProtocol.Listen(options.KeyPair, self, (key, _, _) => Refuses(key)) { Preamble = preamble }, self);
        foreach (PublicKey key in _banned)
            dht.Tell(new HyperDhtProtocol.Refuse(_own, key), self);
    }

    public void Stop()
    {
        _isWanted = false;
        if (_isStopping)
            return;
        _isStopping = true;
        dht.Tell(new HyperDhtProtocol.StopListening(_own), self);
    }

    /// <summary>The key is free again.</summary>
    public void HandleStopped()
    {
        _isStopping = false;
        Relays = [];
        if (_isWanted)
            Start();
    }

    public void Ban(PublicKey key, bool isBanned)
    {
        if (isBanned ? _banned.Add(key) : _banned.Remove(key))
            dht.Tell(new HyperDhtProtocol.Refuse(_own, key, isBanned), self);
    }

    // Runs in the actor that listens.
    private bool Refuses(PublicKey client)
    {
        if (client == _own)
            return true;
        bool refuses = options.Refuses(client);
        if (refuses)
            self.Tell(new ClientRefused(client));
        return refuses;
    }
}

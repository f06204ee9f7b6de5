using Akka.Actor;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Exchanges that are being stopped, and what begins once they are: two of one core would contend for its channels.</summary>
internal sealed class EndingExchanges
{
    private readonly Dictionary<DiscoveryKey, Ending> _endings = [];

    public void Add(DiscoveryKey name, IActorRef exchange) => _endings.Add(name, new Ending(exchange));

    /// <summary>Whether the core has to wait until its former exchange has ended.</summary>
    public bool TryPostpone(DiscoveryKey name, ReplicationProtocol.AddCore add)
    {
        if (!_endings.TryGetValue(name, out Ending? ending))
            return false;
        ending.Next = add;
        return true;
    }

    /// <summary>A remote asks for a core meanwhile; false when it is not to be replicated again.</summary>
    public bool TryPostpone(DiscoveryKey name, ReplicationProtocol.AddConnection connection)
    {
        if (!_endings.TryGetValue(name, out Ending? ending) || ending.Next is null)
            return false;
        ending.Asking.Add(connection);
        return true;
    }

    /// <summary>The core is not to be replicated again.</summary>
    public void Withdraw(DiscoveryKey name)
    {
        if (_endings.TryGetValue(name, out Ending? ending))
            ending.Next = null;
    }

    /// <summary>An actor has stopped; null when it was no such exchange.</summary>
    public Ending? TryEnd(IActorRef stopped)
    {
        foreach ((DiscoveryKey name, Ending ending) in _endings)
        {
            if (ending.Exchange.Equals(stopped) && _endings.Remove(name))
                return ending;
        }

        return null;
    }

    /// <summary>One exchange on its way out.</summary>
    internal sealed class Ending(IActorRef exchange)
    {
        public IActorRef Exchange { get; } = exchange;

        /// <summary>What is replicated next under the name, if anything.</summary>
        public ReplicationProtocol.AddCore? Next { get; set; }

        /// <summary>Connections whose remotes have asked for it already.</summary>
        public HashSet<ReplicationProtocol.AddConnection> Asking { get; } = [];
    }
}

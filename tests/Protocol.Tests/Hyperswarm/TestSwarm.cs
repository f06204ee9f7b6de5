using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.Hyperswarm;
using Hyper.Protocol.Hyperswarm.Topics;

namespace AuctionActors.Protocol.Tests.Hyperswarm;

/// <summary>One swarm of a <see cref="SwarmNetwork"/>: performs the effects of its machine and remembers what it told.</summary>
internal sealed class TestSwarm
{
    private readonly SwarmNetwork _network;
    private readonly Func<PublicKey, bool> _refuses;
    private readonly HashSet<TopicWalkId> _cancelled = [];
    private readonly Dictionary<SwarmConnectionId, Link?> _links = [];
    private readonly HashSet<PublicKey> _banned = [];
    private bool _isListening;

    public TestSwarm(SwarmNetwork network, int number, HyperswarmOptions options, Func<PublicKey, bool> refuses)
    {
        (_network, _refuses) = (network, refuses);
        Key = KeyPair.FromSeed(Blake2b.Hash256([(byte)number])).PublicKey;
        Machine = new SwarmMachine(options, new SwarmIdentity(Key, refuses), new SeededEntropy((ulong)number, "swarm"));
    }

    public PublicKey Key { get; }

    public SwarmMachine Machine { get; }

    public List<SwarmEffect> Effects { get; } = [];

    public int Dials => Effects.OfType<SwarmEffect.Dial>().Count();

    public int Opened => Effects.OfType<SwarmEffect.ConnectionOpened>().Count();

    public int Connections => Machine.Counts.Connections;

    /// <summary>The remotes of the connections that are open, in the order in which they were opened.</summary>
    public List<PublicKey> ConnectedTo
    {
        get
        {
            HashSet<SwarmConnectionId> closed = [.. Effects.OfType<SwarmEffect.ConnectionClosed>().Select(end => end.Id)];
            return [.. Effects.OfType<SwarmEffect.ConnectionOpened>().Where(opened => !closed.Contains(opened.Id)).Select(opened => opened.Remote)];
        }
    }

    /// <summary>Ends every connection as soon as it opens.</summary>
    public bool EndsAtOnce { get; set; }

    public IEnumerable<TopicWalkKind> Walks => Effects.OfType<SwarmEffect.Walk>().Select(walk => walk.Kind);

    public DiscoverySessionId Join(bool isServer = true, bool isClient = true, TopicKey? topic = null, int? limit = null)
    {
        Assert.True(Machine.TryJoin(topic ?? SwarmNetwork.Topic, new JoinOptions(isServer, isClient, limit), out DiscoverySessionId session));
        Drain();
        return session;
    }

    public bool? Flushed(long tag) => Effects.OfType<SwarmEffect.Flushed>().FirstOrDefault(flushed => flushed.Tag == tag)?.Succeeded;

    public void End(PublicKey remote)
        => Close(_links.Single(entry => entry.Value is { } link && (link.Client.Key == remote || link.Server.Key == remote)).Key);

    public void Advance()
    {
        if (Machine.NextDeadline <= _network.Now)
            Machine.HandleTimeout(_network.Now);
        Drain();
    }

    public void Drain()
    {
        while (Machine.TryTake(out SwarmEffect? effect))
        {
            Effects.Add(effect);
            Perform(effect);
        }
    }

    private void Perform(SwarmEffect effect)
    {
        switch (effect)
        {
            case SwarmEffect.Listen:
                _network.After(5, () =>
                {
                    _isListening = true;
                    Machine.HandleListening();
                });
                break;
            case SwarmEffect.StopListening:
                _isListening = false;
                _network.After(5, Machine.HandleListeningStopped);
                break;
            case SwarmEffect.Walk walk:
                _network.After(10, () => Finish(walk));
                break;
            case SwarmEffect.CancelWalk cancel:
                _cancelled.Add(cancel.Id);
                break;
            case SwarmEffect.Dial dial:
                _links[dial.Id] = null;
                _network.After(4, () => Reach(dial));
                break;
            case SwarmEffect.Disconnect disconnect:
                Close(disconnect.Id);
                break;
            case SwarmEffect.PeerBanned banned:
                _banned.Add(banned.Remote);
                break;
            case SwarmEffect.ConnectionOpened opened when EndsAtOnce:
                Close(opened.Id);
                break;
        }
    }

    private void Finish(SwarmEffect.Walk walk)
    {
        if (_cancelled.Contains(walk.Id))
            return;
        if (!_network.Announced.TryGetValue(walk.Topic, out HashSet<PublicKey>? announced))
            _network.Announced[walk.Topic] = announced = [];
        if (walk.Kind != TopicWalkKind.Unannounce)
        {
            foreach (PublicKey key in announced)
                Machine.HandleFound(walk.Id, new PeerRecord(key), _network.Now);
        }

        if (walk.Kind is TopicWalkKind.Announce or TopicWalkKind.ClearAndAnnounce)
            announced.Add(Key);
        else if (walk.Kind != TopicWalkKind.Lookup)
            announced.Remove(Key);
        Machine.HandleWalkFinished(walk.Id, true, [PeerAddress.Loopback(1)], _network.Now);
    }

    private void Reach(SwarmEffect.Dial dial)
    {
        if (!_links.ContainsKey(dial.Id))
            return;
        if (_network.Find(dial.Remote) is not { _isListening: true } server || server.Refuses(Key))
        {
            _network.After(6, () => Lose(dial.Id));
            return;
        }

        Link link = new(this, dial.Id, server, server.Machine.HandleAccepted(Key));
        server._links[link.ServerId] = link;
        _links[dial.Id] = link;
        _network.After(2, () =>
        {
            if (_links.ContainsKey(dial.Id))
                Machine.HandleOpened(dial.Id, _network.Now);
        });
    }

    private bool Refuses(PublicKey key)
    {
        if (!_banned.Contains(key) && _refuses(key))
            Machine.Ban(key);
        return _banned.Contains(key) || _refuses(key);
    }

    private void Close(SwarmConnectionId id)
    {
        if (!_links.TryGetValue(id, out Link? link))
            return;
        _network.After(1, () => Lose(id));
        if (link is null)
            return;
        TestSwarm other = link.Client == this ? link.Server : link.Client;
        SwarmConnectionId otherId = link.Client == this ? link.ServerId : link.ClientId;
        _network.After(3, () => other.Lose(otherId));
    }

    private void Lose(SwarmConnectionId id)
    {
        if (_links.Remove(id))
            Machine.HandleClosed(id, _network.Now);
    }

    private sealed record Link(TestSwarm Client, SwarmConnectionId ClientId, TestSwarm Server, SwarmConnectionId ServerId);
}

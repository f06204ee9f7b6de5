using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>The topics a peer announces and looks up, over its DHT.</summary>
internal sealed class PeerTopics(IActorRef dht, KeyPair keyPair, IScheduler scheduler, IActorRef self)
{
    /// <summary>Announcements live for 20 minutes upstream; half of that leaves room for a lost round.</summary>
    private static readonly TimeSpan AnnounceAgainAfter = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<long, TopicKey> _announcing = [];
    private readonly Dictionary<long, PeerProtocol.LookupTopic> _lookups = [];
    private readonly Dictionary<TopicKey, ICancelable> _timers = [];
    private ImmutableArray<PeerAddress> _relays = [];
    private long _lastTag;

    /// <summary>Every topic that nodes may hold under the peer's key.</summary>
    public IReadOnlyList<TopicKey> Announced => [.. _timers.Keys.Union(_announcing.Values)];

    /// <summary>Tells the peer that a topic is due again.</summary>
    public sealed record AnnounceDue(TopicKey Topic);

    /// <summary>Where the own server is reached; goes into announcements from now on.</summary>
    public void HandleListening(ImmutableArray<PeerAddress> relays) => _relays = relays;

    public void Announce(TopicKey topic)
    {
        _announcing[++_lastTag] = topic;
        dht.Tell(new HyperDhtProtocol.Announce(_lastTag, topic.Value, keyPair) { Relays = [.. _relays.Take(3)] }, self);
    }

    /// <summary>The topic whose announcement has ended, and the nodes that keep it.</summary>
    public PeerProtocol.TopicAnnounced? HandleStored(HyperDhtProtocol.Stored stored)
    {
        if (!_announcing.Remove(stored.Tag, out TopicKey topic))
            return null;
        TimeSpan again = stored.Nodes.IsEmpty ? RetryAfter : AnnounceAgainAfter;
        if (_timers.Remove(topic, out ICancelable? timer))
            timer.Cancel();
        _timers[topic] = scheduler.ScheduleTellOnceCancelable(again, self, new AnnounceDue(topic), self);
        return new PeerProtocol.TopicAnnounced(topic, stored.Nodes);
    }

    public void Lookup(PeerProtocol.LookupTopic lookup)
    {
        _lookups[++_lastTag] = lookup;
        dht.Tell(new HyperDhtProtocol.Lookup(_lastTag, lookup.Topic.Value), self);
    }

    /// <summary>The answer to a lookup of the owner's: every announcer but this peer, once, sorted.</summary>
    public PeerProtocol.TopicPeersFound? HandleFound(HyperDhtProtocol.PeersFound found)
    {
        if (!_lookups.Remove(found.Tag, out PeerProtocol.LookupTopic? lookup))
            return null;
        IEnumerable<PublicKey> peers = found.Peers.Select(peer => peer.Record.PublicKey).Where(key => key != keyPair.PublicKey).Distinct().Order();
        return new PeerProtocol.TopicPeersFound(lookup.Request, lookup.Topic, [.. peers]);
    }

    public void Stop()
    {
        foreach (ICancelable timer in _timers.Values)
            timer.Cancel();
    }
}

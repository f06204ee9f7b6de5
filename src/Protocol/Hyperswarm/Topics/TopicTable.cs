using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht;

namespace Hyper.Protocol.Hyperswarm.Topics;

/// <summary>The topics of a swarm and who in the program is interested in them.</summary>
internal sealed class TopicTable(TopicWalks walks, Queue<SwarmEffect> effects)
{
    private readonly Dictionary<TopicKey, TopicDiscovery> _joined = [];
    private readonly List<TopicDiscovery> _leaving = [];
    private readonly Dictionary<DiscoverySessionId, Session> _sessions = [];
    private long _lastSession;
    private bool _isSuspended;

    public TimeSpan? NextDeadline => _joined.Values.Min(discovery => discovery.NextDeadline);

    public IEnumerable<TopicState> States => _joined.Values.Select(discovery => discovery.State);

    /// <summary>No walk is under way and nothing is left to be taken back.</summary>
    public bool IsAtRest => _leaving.Count == 0 && _joined.Values.All(discovery => discovery.IsAtRest);

    /// <summary>The joined topics whose walks are not finished.</summary>
    public IEnumerable<TopicKey> Refreshing => _joined.Values.Where(discovery => discovery.IsRefreshing).Select(discovery => discovery.Topic);

    public bool IsJoined(TopicKey topic) => _joined.ContainsKey(topic);

    public bool TryJoin(TopicKey topic, JoinOptions options, out DiscoverySessionId id)
    {
        id = new DiscoverySessionId(++_lastSession);
        if (!_joined.TryGetValue(topic, out TopicDiscovery? discovery))
        {
            if (_joined.Count + _leaving.Count >= walks.Options.MaxTopics)
                return false;
            discovery = new TopicDiscovery(topic, walks, _leaving.FindLast(left => left.Topic == topic));
            _joined.Add(topic, discovery);
            if (_isSuspended)
                discovery.Suspend();
        }

        Session session = new(discovery);
        _sessions.Add(id, session);
        discovery.Sessions++;
        Apply(session, options);
        return true;
    }

    /// <summary>Walks anew, for other ends if there are options.</summary>
    public void Refresh(DiscoverySessionId id, JoinOptions? options)
    {
        if (_sessions.TryGetValue(id, out Session? session))
            Apply(session, options ?? new JoinOptions(session.IsServer, session.IsClient));
    }

    public void LeaveSession(DiscoverySessionId id)
    {
        if (!_sessions.Remove(id, out Session? session))
            return;
        TopicDiscovery discovery = session.Discovery;
        Count(session, isServer: false, isClient: false);
        discovery.Sessions--;
        if (discovery.Sessions == 0)
            Leave(discovery.Topic);
        else if (discovery.MustUnannounce)
            discovery.Refresh();
    }

    public void Leave(TopicKey topic)
    {
        if (!_joined.Remove(topic, out TopicDiscovery? discovery))
            return;
        foreach (DiscoverySessionId id in _sessions.Where(session => session.Value.Discovery == discovery).Select(session => session.Key).ToArray())
            _sessions.Remove(id);
        discovery.Destroy();
        _leaving.Add(discovery);
        SettleLeaving();
    }

    public void LeaveAll()
    {
        foreach (TopicKey topic in _joined.Keys.ToArray())
            Leave(topic);
    }

    public void HandleListening()
    {
        walks.HandleListening();
        foreach (TopicDiscovery discovery in _joined.Values)
            discovery.ProceedIfWaiting();
    }

    /// <summary>The topic of a walk under way.</summary>
    public TopicDiscovery? Find(TopicWalkId walk)
        => _joined.Values.FirstOrDefault(discovery => discovery.Walk == walk) ?? _leaving.Find(discovery => discovery.Walk == walk);

    public void HandleWalkFinished(TopicWalkId walk, bool succeeded, IReadOnlyList<PeerAddress> closest, TimeSpan now)
    {
        Find(walk)?.HandleWalkFinished(succeeded, closest, now);
        SettleLeaving();
    }

    public void HandleTimeout(TimeSpan now)
    {
        foreach (TopicDiscovery discovery in _joined.Values)
            discovery.HandleTimeout(now);
    }

    public void RefreshAll()
    {
        foreach (TopicDiscovery discovery in _joined.Values)
            discovery.Refresh();
    }

    public void Suspend()
    {
        _isSuspended = true;
        foreach (TopicDiscovery discovery in _joined.Values)
            discovery.Suspend();
    }

    public void Resume()
    {
        _isSuspended = false;
        foreach (TopicDiscovery discovery in _joined.Values)
            discovery.Resume();
    }

    private void SettleLeaving()
    {
        bool isAnyGone = false;
        for (int i = 0; i < _leaving.Count; i++)
        {
            if (!_leaving[i].IsGone)
                continue;
            effects.Enqueue(new SwarmEffect.TopicLeft(_leaving[i].Topic));
            _leaving.RemoveAt(i--);
            isAnyGone = true;
        }

        if (!isAnyGone)
            return;
        foreach (TopicDiscovery discovery in _joined.Values)
            discovery.ProceedIfWaiting();
    }

    private static void Apply(Session session, JoinOptions options)
    {
        Count(session, options.IsServer, options.IsClient);
        session.Discovery.Limit = options.Limit;
        session.Discovery.Refresh();
    }

    private static void Count(Session session, bool isServer, bool isClient)
    {
        session.Discovery.ServerSessions += (isServer ? 1 : 0) - (session.IsServer ? 1 : 0);
        session.Discovery.ClientSessions += (isClient ? 1 : 0) - (session.IsClient ? 1 : 0);
        (session.IsServer, session.IsClient) = (isServer, isClient);
    }

    private sealed class Session(TopicDiscovery discovery)
    {
        public TopicDiscovery Discovery { get; } = discovery;

        public bool IsServer { get; set; }

        public bool IsClient { get; set; }
    }
}

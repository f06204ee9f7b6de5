using System.Diagnostics.CodeAnalysis;

namespace Hyper.Protocol.BlindRelay;

/// <summary>Pairs those who name the same token, one in each role, and has their packets forwarded; it sees nothing of what they say.</summary>
public sealed class RelayServerMachine(RelayServerOptions options, Func<uint> nextStreamId)
{
    private readonly Dictionary<RelaySessionId, Session> _sessions = [];
    private readonly Dictionary<RelayToken, Half> _waiting = [];
    private readonly Dictionary<RelayLinkId, Link> _links = [];
    private readonly Queue<RelayServerEffect> _effects = new();
    private long _lastLink;

    /// <summary>Messages that no honest peer sends, or that were beyond a limit.</summary>
    public long Dropped { get; private set; }

    public RelayStatistics Statistics { get; } = new();

    public int Waiting => _waiting.Count;

    public int Links => _links.Count;

    public bool TryTake([NotNullWhen(true)] out RelayServerEffect? effect) => _effects.TryDequeue(out effect);

    public void AddSession(RelaySessionId id)
    {
        if (_sessions.TryAdd(id, new Session()))
            Statistics.SessionsOpened++;
    }

    /// <summary>The session's channel is gone, and so is all that it wanted; what is on its way over its links may still arrive.</summary>
    public void RemoveSession(RelaySessionId id)
    {
        if (!_sessions.Remove(id, out Session? session))
            return;
        Statistics.SessionsClosed++;
        Statistics.PairingsCancelled += session.Waiting.Count;
        foreach (RelayToken token in session.Waiting)
            _waiting.Remove(token);
        foreach (RelayLinkId link in session.Links.Values.ToArray())
            End(link);
    }

    public void HandleMessage(RelaySessionId id, int type, ReadOnlySpan<byte> bytes)
    {
        if (!_sessions.TryGetValue(id, out Session? session) || !RelayMessage.TryDecode(type, bytes, out RelayMessage? message))
            Dropped++;
        else if (message is RelayMessage.Pair pair)
            Handle(id, session, pair);
        else if (message is RelayMessage.Unpair unpair)
            Handle(session, unpair.Token);
    }

    /// <summary>A link has ended by itself.</summary>
    public void HandleLinkEnded(RelayLinkId id)
    {
        if (_links.TryGetValue(id, out Link? link))
            Detach(id, link);
        if (_links.Remove(id))
            Statistics.StreamsClosed += 2;
    }

    private void Handle(RelaySessionId id, Session session, RelayMessage.Pair pair)
    {
        bool isKnown = _waiting.TryGetValue(pair.Token, out Half? other);
        if ((isKnown && other!.IsInitiator == pair.IsInitiator) || session.Links.ContainsKey(pair.Token)
            || session.Links.Count >= options.MaxLinksPerSession)
        {
            Dropped++;
        }
        else if (isKnown)
            Match(other!, new Half(id, pair.IsInitiator, pair.StreamId), pair.Token);
        else if (session.Waiting.Count >= options.MaxPendingPerSession)
            Dropped++;
        else
        {
            Statistics.PairingsRequested++;
            session.Waiting.Add(pair.Token);
            _waiting.Add(pair.Token, new Half(id, pair.IsInitiator, pair.StreamId));
        }
    }

    // Only those who named the token may withdraw it.
    private void Handle(Session session, RelayToken token)
    {
        RelayLinkId link = default;
        bool isWaiting = session.Waiting.Remove(token);
        if (!isWaiting && !session.Links.TryGetValue(token, out link))
            return;
        Statistics.PairingsCancelled++;
        if (isWaiting)
            _waiting.Remove(token);
        else
            Close(link);
    }

    private void Match(Half first, Half second, RelayToken token)
    {
        if (_links.Count >= options.MaxLinks)
        {
            Dropped++;
            return;
        }

        Statistics.PairingsRequested++;
        Statistics.PairingsMatched++;
        Statistics.StreamsOpened += 2;
        _waiting.Remove(token);
        _sessions[first.Session].Waiting.Remove(token);
        RelayLinkId id = new(++_lastLink);
        (Half initiator, Half responder) = first.IsInitiator ? (first, second) : (second, first);
        RelayEnd left = new(nextStreamId(), initiator.StreamId, initiator.Session), right = new(nextStreamId(), responder.StreamId, responder.Session);
        _links.Add(id, new Link(token, initiator.Session, responder.Session));
        _sessions[initiator.Session].Links[token] = id;
        _sessions[responder.Session].Links[token] = id;
        _effects.Enqueue(new RelayServerEffect.OpenLink(id, left, right));
        _effects.Enqueue(new RelayServerEffect.Send(responder.Session, new RelayMessage.Pair(false, token, right.LocalId)));
        _effects.Enqueue(new RelayServerEffect.Send(initiator.Session, new RelayMessage.Pair(true, token, left.LocalId)));
    }

    private void Close(RelayLinkId id)
    {
        _effects.Enqueue(new RelayServerEffect.CloseLink(id));
        HandleLinkEnded(id);
    }

    // A peer leaves once it has met its partner elsewhere, while older packets of both still go this way.
    private void End(RelayLinkId id)
    {
        _effects.Enqueue(new RelayServerEffect.EndLink(id));
        Detach(id, _links[id]);
    }

    private void Detach(RelayLinkId id, Link link)
    {
        foreach (RelaySessionId end in (RelaySessionId[])[link.Initiator, link.Responder])
        {
            if (_sessions.TryGetValue(end, out Session? session) && session.Links.TryGetValue(link.Token, out RelayLinkId held) && held == id)
                session.Links.Remove(link.Token);
        }
    }

    private sealed record Half(RelaySessionId Session, bool IsInitiator, uint StreamId);

    private sealed record Link(RelayToken Token, RelaySessionId Initiator, RelaySessionId Responder);

    private sealed class Session
    {
        public HashSet<RelayToken> Waiting { get; } = [];

        public Dictionary<RelayToken, RelayLinkId> Links { get; } = [];
    }
}

using Akka.Actor;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace Hyper.Actors.Storage.Cores;

/// <summary>The sessions in which a core is exchanged, and what has passed in them and in those that have ended.</summary>
internal sealed class CorePeers(CoreLimits limits)
{
    private readonly List<Session> _sessions = [];
    private readonly List<Round> _rounds = [];
    private ReplicationStatistics _left = ReplicationStatistics.None;
    private long _lastRound;

    /// <summary>Whether there has ever been a peer.</summary>
    public bool HadPeers { get; private set; }

    /// <summary>The last round of questions for something newer that every session has answered.</summary>
    public long AnsweredByAll => _sessions.Count == 0 ? long.MaxValue : _sessions.Min(session => session.Answered);

    public void Add(IActorRef session, PublicKey key)
    {
        HadPeers = true;
        if (!_sessions.Exists(present => present.Actor.Equals(session)))
            _sessions.Add(new Session(session, key));
    }

    public void Tell(CoreProtocol.IEvent question)
    {
        foreach (Session session in _sessions)
            session.Actor.Tell(question);
    }

    /// <summary>A subscriber has ended, which may have been such a session.</summary>
    public void Forget(IActorRef ended)
    {
        if (_sessions.RemoveAll(session => session.Actor.Equals(ended)) == 0)
            return;
        foreach (Round round in _rounds)
            round.Awaited.Remove(ended);
        Settle();
    }

    /// <summary>Whether the message was about peers and not about something newer.</summary>
    public bool Handle(object message, IActorRef sender)
    {
        switch (message)
        {
            case CorePeerProtocol.GetPeers get when _rounds.Count >= limits.MaxPeerQuestions:
                sender.Tell(new CoreProtocol.Failed(get.Request, CoreProblem.LimitReached, $"{limits.MaxPeerQuestions} ask the same already"));
                return true;
            case CorePeerProtocol.GetPeers get:
                _rounds.Add(new Round(++_lastRound, sender, get.Request, [.. _sessions.Select(session => session.Actor)]));
                Tell(new CorePeerProtocol.TakeStatistics(_lastRound));
                Settle();
                return true;
            case CorePeerProtocol.StatisticsTaken taken:
                Take(taken, sender);
                return true;
            case CorePeerProtocol.PeerLeft left:
                _left += left.Statistics;
                Forget(sender);
                return true;
            case CorePeerProtocol.NothingNewer nothing when Find(sender) is { } session:
                session.Answered = nothing.Round;
                return false;
            default:
                return false;
        }
    }

    private void Take(CorePeerProtocol.StatisticsTaken taken, IActorRef sender)
    {
        if (Find(sender) is { } session)
            session.Statistics = taken.Statistics;
        _rounds.Find(round => round.Number == taken.Round)?.Awaited.Remove(sender);
        Settle();
    }

    private void Settle()
    {
        foreach (Round round in _rounds.Where(round => round.Awaited.Count == 0))
        {
            ReplicationStatistics total = _sessions.Aggregate(_left, (sum, session) => sum + session.Statistics);
            CorePeer[] present = [.. _sessions.Select(session => new CorePeer(session.Key, session.Statistics))];
            round.Asker.Tell(new CorePeerProtocol.Peers(round.Request, total, [.. present]));
        }

        _rounds.RemoveAll(round => round.Awaited.Count == 0);
    }

    private Session? Find(IActorRef actor) => _sessions.Find(session => session.Actor.Equals(actor));

    private sealed record Round(long Number, IActorRef Asker, long Request, HashSet<IActorRef> Awaited);

    private sealed class Session(IActorRef actor, PublicKey key)
    {
        public IActorRef Actor => actor;

        public PublicKey Key => key;

        public long Answered { get; set; }

        public ReplicationStatistics Statistics { get; set; } = ReplicationStatistics.None;
    }
}

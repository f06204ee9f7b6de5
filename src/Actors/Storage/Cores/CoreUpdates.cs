using Akka.Actor;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Those who wait to hear whether peers have something newer, and those who are still looking for peers.</summary>
internal sealed class CoreUpdates(HypercoreMachine core, CorePeers peers, CoreLimits limits)
{
    private readonly List<(IActorRef Asker, long Request, long Round)> _waiting = [];
    private readonly List<(IActorRef Asker, long Request)> _finding = [];
    private long _lastRound;

    /// <summary>What a new session is asked at once; null when nobody waits.</summary>
    public CorePeerProtocol.NewerWanted? Wanted => _waiting.Count == 0 ? null : new CorePeerProtocol.NewerWanted(_lastRound);

    /// <summary>Whether the message was about updates.</summary>
    public bool Handle(object message, IActorRef sender)
    {
        switch (message)
        {
            case CorePeerProtocol.Update update:
                Begin(update, sender);
                return true;
            case CorePeerProtocol.BeginFindingPeers begin when _finding.Count >= limits.MaxPeerSearches:
                sender.Tell(new CoreProtocol.Failed(begin.Request, CoreProblem.LimitReached, $"{limits.MaxPeerSearches} look for peers already"));
                return true;
            case CorePeerProtocol.BeginFindingPeers begin:
                _finding.Add((sender, begin.Request));
                return true;
            case CorePeerProtocol.EndFindingPeers end:
                if (_finding.Remove((sender, end.Request)))
                    sender.Tell(new CorePeerProtocol.FindingPeersEnded(end.Request));
                Settle();
                return true;
            case CorePeerProtocol.NothingNewer:
                Settle();
                return true;
            default:
                return false;
        }
    }

    /// <summary>The core has changed: that is what they wait for.</summary>
    public void Handle(CoreEffect effect)
    {
        if (effect is not (Appended or Truncated))
            return;
        foreach ((IActorRef asker, long request, _) in _waiting)
            asker.Tell(new CorePeerProtocol.Updated(request, IsNewer: true));
        _waiting.Clear();
    }

    public void Cancel(IActorRef asker, long request)
        => _waiting.RemoveAll(waiting => waiting.Request == request && waiting.Asker.Equals(asker));

    /// <summary>Tells those that there is nothing newer whose question every peer has answered.</summary>
    public void Settle()
    {
        if (_waiting.Count == 0 || (_finding.Count > 0 && !peers.HadPeers))
            return;
        long answered = peers.AnsweredByAll;
        foreach ((IActorRef asker, long request, _) in _waiting.Where(waiting => waiting.Round <= answered))
            asker.Tell(new CorePeerProtocol.Updated(request, IsNewer: false));
        _waiting.RemoveAll(waiting => waiting.Round <= answered);
    }

    /// <summary>Tells everybody who waits that no answer will come.</summary>
    public void Close()
    {
        foreach ((IActorRef asker, long request, _) in _waiting)
            asker.Tell(PendingOrders.Closed(request));
        _waiting.Clear();
    }

    private void Begin(CorePeerProtocol.Update update, IActorRef asker)
    {
        if (core.Writable || !(update.Wait ?? _finding.Count > 0))
        {
            asker.Tell(new CorePeerProtocol.Updated(update.Request, IsNewer: false));
        }
        else if (_waiting.Count >= limits.MaxUpdates)
        {
            asker.Tell(new CoreProtocol.Failed(update.Request, CoreProblem.LimitReached, $"{limits.MaxUpdates} wait for the same already"));
        }
        else
        {
            _waiting.Add((asker, update.Request, ++_lastRound));
            peers.Tell(new CorePeerProtocol.NewerWanted(_lastRound));
            Settle();
        }
    }
}

using Akka.Actor;
using Hyper.Actors.Networking.Dht.Listening;
using Hyper.Actors.Networking.Dht.Punching;

namespace Hyper.Actors.Networking.Dht;

/// <summary>How a node goes to rest and comes back, or stops: servers are taken back first, then connections end, then the sockets close.</summary>
internal sealed class NodeRest(IActorRef node, Listeners listeners, ConnectionTable connections, PunchOrders punches)
{
    private Phase _phase;
    private bool _wantsResume;
    private bool _isStopping;
    private ICancelable? _limit;

    private enum Phase
    {
        Awake,
        TakingBack,
        Disconnecting,
        Resting,
    }

    /// <summary>Nothing is dialled.</summary>
    public bool IsSuspended => _phase != Phase.Awake;

    /// <summary>Why nothing is dialled.</summary>
    public string Code => _isStopping ? ConnectFailureCodes.Destroyed : ConnectFailureCodes.Suspended;

    public void Handle(IActorContext context, DhtNodeProtocol.IRestCommand order)
    {
        switch (order)
        {
            case DhtNodeProtocol.Suspend when !_isStopping:
                Suspend(context);
                break;
            case DhtNodeProtocol.Resume when !_isStopping:
                Resume();
                break;
            case DhtNodeProtocol.Stop stop when !_isStopping:
                Stop(context, stop);
                break;
            case LimitReached when _phase == Phase.TakingBack:
                EndConnections(context);
                Advance(context);
                break;
        }
    }

    /// <summary>Nothing is waited for any more.</summary>
    public void Cancel() => _limit?.Cancel();

    /// <summary>A listener or a connection has ended its part; the next step follows when it was the last.</summary>
    public void Advance(IActorContext context)
    {
        if (_phase == Phase.TakingBack && listeners.AreGone)
            EndConnections(context);
        if (_phase != Phase.Disconnecting || !connections.IsEmpty)
            return;
        _phase = Phase.Resting;
        node.Tell(_isStopping ? new DhtNodeProtocol.Stop(TimeSpan.Zero) : new DhtNodeProtocol.Suspend());
        if (_wantsResume)
            Resume();
    }

    /// <summary>The node has sockets.</summary>
    public void HandleBound()
    {
        if (_phase == Phase.Awake)
            listeners.ResumeAll();
    }

    /// <summary>A server that begins during the rest waits for its end.</summary>
    public void HandleListening()
    {
        if (IsSuspended)
            listeners.SuspendAll();
    }

    private void EndConnections(IActorContext context)
    {
        Cancel();
        _phase = Phase.Disconnecting;
        connections.EndAll(context, Code);
    }

    private void Stop(IActorContext context, DhtNodeProtocol.Stop stop)
    {
        _isStopping = true;
        if (_phase == Phase.Resting)
            node.Tell(stop);
        else
            _limit = context.System.Scheduler.ScheduleTellOnceCancelable(stop.TakeBackWithin, context.Self, LimitReached.Instance, context.Self);
        Suspend(context);
    }

    private void Suspend(IActorContext context)
    {
        _wantsResume = false;
        if (_phase == Phase.Resting && !_isStopping)
            node.Tell(new DhtNodeProtocol.Suspend());
        if (_phase != Phase.Awake)
            return;
        _phase = Phase.TakingBack;
        listeners.SuspendAll();
        Advance(context);
    }

    private void Resume()
    {
        if (_phase == Phase.Awake)
            return;
        _wantsResume = _phase != Phase.Resting;
        if (_wantsResume)
            return;
        connections.Sockets = null;
        punches.HandleResumed();
        _phase = Phase.Awake;
        node.Tell(new DhtNodeProtocol.Resume());
    }

    /// <summary>The relays of servers have had their time.</summary>
    private sealed record LimitReached : DhtNodeProtocol.IRestCommand
    {
        public static LimitReached Instance { get; } = new();
    }
}

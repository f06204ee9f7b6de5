using Akka.Actor;
using Hyper.Actors.Networking.Dht.Listening;
using Hyper.Actors.Networking.Dht.Punching;

namespace Hyper.Actors.Networking.Dht;

/// <summary>How a node goes to rest and comes back: servers are taken back first, then connections end, then the sockets close.</summary>
internal sealed class NodeRest(IActorRef node, Listeners listeners, ConnectionTable connections, PunchOrders punches)
{
    private Phase _phase;
    private bool _wantsResume;

    private enum Phase
    {
        Awake,
        TakingBack,
        Disconnecting,
        Resting,
    }

    /// <summary>Nothing is dialled.</summary>
    public bool IsSuspended => _phase != Phase.Awake;

    public void Handle(IActorContext context, DhtNodeProtocol.ISocketCommand order)
    {
        if (order is DhtNodeProtocol.Resume)
            Resume();
        else
            Suspend(context);
    }

    /// <summary>A listener or a connection has ended its part; the next step follows when it was the last.</summary>
    public void Advance(IActorContext context)
    {
        if (_phase == Phase.TakingBack && listeners.AreGone)
        {
            _phase = Phase.Disconnecting;
            connections.EndAll(context, ConnectFailureCodes.Suspended);
        }

        if (_phase != Phase.Disconnecting || !connections.IsEmpty)
            return;
        _phase = Phase.Resting;
        node.Tell(new DhtNodeProtocol.Suspend());
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

    private void Suspend(IActorContext context)
    {
        _wantsResume = false;
        if (_phase != Phase.Awake)
            return;
        _phase = Phase.TakingBack;
        listeners.SuspendAll();
        Advance(context);
    }

    private void Resume()
    {
        _wantsResume = IsSuspended && _phase != Phase.Resting;
        if (_wantsResume)
            return;
        if (_phase == Phase.Resting)
            connections.Sockets = null;
        punches.HandleResumed();
        _phase = Phase.Awake;
        node.Tell(new DhtNodeProtocol.Resume());
    }
}

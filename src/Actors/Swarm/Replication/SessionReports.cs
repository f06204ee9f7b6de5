using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Answers what a core asks of the session of one peer: whether there is something newer, and what has passed.</summary>
internal sealed class SessionReports(IActorRef core, IActorRef session)
{
    private ReplicationStatistics _earlier = ReplicationStatistics.None;
    private long? _wanted;

    /// <summary>Whether the message was such a question.</summary>
    public bool Handle(object message, ReplicationMachine? machine)
    {
        switch (message)
        {
            case CorePeerProtocol.NewerWanted wanted:
                _wanted = wanted.Round;
                return true;
            case CorePeerProtocol.TakeStatistics take:
                core.Tell(new CorePeerProtocol.StatisticsTaken(take.Round, With(machine)), session);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A new machine takes the place of one whose channel was closed.</summary>
    public void HandleReplaced(ReplicationMachine? machine) => _earlier = With(machine);

    /// <summary>The session has done all that there was to do for the moment.</summary>
    public void Settle(ReplicationMachine? machine)
    {
        if (_wanted is not { } round || machine is null or { IsUpdating: true })
            return;
        core.Tell(new CorePeerProtocol.NothingNewer(round), session);
        _wanted = null;
    }

    public void End(ReplicationMachine? machine) => core.Tell(new CorePeerProtocol.PeerLeft(With(machine)), session);

    private ReplicationStatistics With(ReplicationMachine? machine) => machine is null ? _earlier : _earlier + machine.Statistics;
}

using Hyper.Protocol.Hyperswarm;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>Orders that a machine carries out without a word.</summary>
internal static class SwarmOrders
{
    public static void Give(SwarmProtocol.ICommand command, SwarmMachine machine, SwarmSessions sessions, TimeSpan now)
    {
        switch (command)
        {
            case SwarmProtocol.RefreshTopic refresh:
                sessions.Refresh(refresh.Session, refresh.Options);
                break;
            case SwarmProtocol.LeaveSession leave:
                sessions.Leave(leave.Session);
                break;
            case SwarmProtocol.LeaveTopic leave:
                sessions.Leave(leave.Topic);
                break;
            case SwarmProtocol.JoinPeer join:
                machine.JoinPeer(join.Key, now);
                break;
            case SwarmProtocol.LeavePeer leave:
                machine.LeavePeer(leave.Key);
                break;
            case SwarmProtocol.BanPeer ban:
                machine.Ban(ban.Key);
                break;
            case SwarmProtocol.PardonPeer pardon:
                machine.Unban(pardon.Key);
                break;
            case SwarmProtocol.SetReconnecting reconnecting:
                machine.SetReconnecting(reconnecting.Key, reconnecting.Reconnects);
                break;
            case SwarmProtocol.Suspend:
                machine.Suspend();
                break;
            case SwarmProtocol.Resume:
                machine.Resume(now);
                break;
            case SwarmProtocol.Destroy:
                machine.Destroy();
                break;
        }
    }

    public static void Flush(SwarmProtocol.Flush order, SwarmMachine machine, long tag)
    {
        if (order.Topic is { } topic)
            machine.FlushTopic(tag, topic);
        else
            machine.Flush(tag);
    }
}

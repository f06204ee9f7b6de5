using Hyper.Protocol.Hyperswarm.Peers;

namespace Hyper.Protocol.Hyperswarm.Connections;

/// <summary>Accepts what arrives, and decides which of two connections with one peer stays.</summary>
internal sealed class Admission(
    SwarmIdentity identity, HyperswarmOptions options, ConnectionTable connections, PeerTable peers, SwarmTally tally, Queue<SwarmEffect> effects)
{
    /// <summary>False when the arrival is ended, or must wait for an older connection to end.</summary>
    public bool TryAdmit(Arrival arrival, bool isDown)
    {
        if (isDown)
            End(arrival.Id, SwarmCloseReason.Down);
        else if (connections.TryGet(arrival.Remote, out SwarmConnection? present))
            Choose(present, arrival);
        else if (connections.Servers >= options.MaxServerConnections)
            End(arrival.Id, SwarmCloseReason.TooMany);
        else
            Accept(arrival);
        return connections.TryGet(arrival.Id, out _);
    }

    // An open one must be lost on the other side, or the peer would not connect again. Of two that cross, the higher key's dial stays.
    private void Choose(SwarmConnection present, Arrival arrival)
    {
        if (!present.IsOpen && identity.Own > arrival.Remote)
        {
            End(arrival.Id, SwarmCloseReason.Duplicate);
            return;
        }

        End(present.Successor?.Id ?? present.Id, SwarmCloseReason.Duplicate);
        present.Successor = arrival;
    }

    private void Accept(Arrival arrival)
    {
        SwarmPeer peer = peers.GetOrAdd(arrival.Remote);
        SwarmConnection connection = new(arrival.Id, peer, isClient: false);
        connections.Add(connection);
        tally.ServerOpened++;
        peer.IsClient = false;
        effects.Enqueue(connection.Opened);
    }

    private void End(SwarmConnectionId id, SwarmCloseReason reason) => effects.Enqueue(new SwarmEffect.Disconnect(id, reason));
}

using Hyper.Protocol.HyperDht;
using Hyper.Protocol.Hyperswarm;
using Hyper.Protocol.Hyperswarm.Topics;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>The sessions of a swarm by the owner's numbers.</summary>
internal sealed class SwarmSessions(SwarmMachine machine)
{
    private readonly Dictionary<long, (DiscoverySessionId Id, TopicKey Topic)> _sessions = [];

    public bool TryJoin(long number, TopicKey topic, JoinOptions options)
    {
        if (_sessions.ContainsKey(number) || !machine.TryJoin(topic, options, out DiscoverySessionId id))
            return false;
        _sessions.Add(number, (id, topic));
        return true;
    }

    public void Refresh(long number, JoinOptions? options)
    {
        if (_sessions.TryGetValue(number, out (DiscoverySessionId Id, TopicKey) session))
            machine.Refresh(session.Id, options);
    }

    public void Leave(long number)
    {
        if (_sessions.Remove(number, out (DiscoverySessionId Id, TopicKey) session))
            machine.LeaveSession(session.Id);
    }

    public void Leave(TopicKey topic)
    {
        foreach (long number in _sessions.Where(session => session.Value.Topic == topic).Select(session => session.Key).ToArray())
            _sessions.Remove(number);
        machine.Leave(topic);
    }
}

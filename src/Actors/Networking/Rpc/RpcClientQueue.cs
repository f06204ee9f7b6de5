using Akka.Actor;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Orders to a client that wait for its connection, in their order; a call may give up meanwhile.</summary>
internal sealed class RpcClientQueue(int capacity)
{
    private List<Waiting> _waiting = [];

    public TimeSpan? NextDeadline => _waiting.Min(order => order.Deadline);

    public void Add(RpcSessionProtocol.ICommand command, IActorRef sender, TimeSpan now)
    {
        if (command is RpcSessionProtocol.Calls calls)
        {
            foreach (RpcSessionProtocol.Call call in calls.Each)
                Add(new Waiting(call, sender, now + call.Timeout, IsInBatch: true));
        }
        else
        {
            Add(new Waiting(command, sender, command is RpcSessionProtocol.Call call ? now + call.Timeout : null, IsInBatch: false));
        }
    }

    /// <summary>Fails the calls whose time is up.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        foreach (Waiting order in _waiting.Where(order => order.Deadline <= now))
            order.Fail(call => RpcError.TimeoutExceeded(call.Timeout!.Value));
        _waiting.RemoveAll(order => order.Deadline <= now);
    }

    /// <summary>Gives everything to the session, in its order.</summary>
    public void HandOver(IActorRef session, TimeSpan now)
    {
        foreach (Waiting order in Take())
            session.Tell(order.At(now), order.Sender);
    }

    public void FailAll(RpcError error)
    {
        foreach (Waiting order in Take())
            order.Fail(_ => error);
    }

    private void Add(Waiting order)
    {
        if (_waiting.Count < capacity)
            _waiting.Add(order);
        else
            order.Fail(_ => RpcError.ChannelClosed("too many calls wait"));
    }

    private List<Waiting> Take()
    {
        List<Waiting> taken = _waiting;
        _waiting = [];
        return taken;
    }

    private sealed record Waiting(RpcSessionProtocol.ICommand Command, IActorRef Sender, TimeSpan? Deadline, bool IsInBatch)
    {
        public RpcSessionProtocol.ICommand At(TimeSpan now)
        {
            if (Command is not RpcSessionProtocol.Call call)
                return Command;
            RpcSessionProtocol.Call left = call with { Timeout = Deadline - now };
            return IsInBatch ? new RpcSessionProtocol.Calls([left]) : left;
        }

        public void Fail(Func<RpcSessionProtocol.Call, RpcError> error)
        {
            if (Command is not RpcSessionProtocol.Call call)
                return;
            RpcSessionProtocol.Failed failed = new(call.Request, error(call));
            Sender.Tell(IsInBatch ? new RpcSessionProtocol.Outcomes([failed]) : failed);
        }
    }
}

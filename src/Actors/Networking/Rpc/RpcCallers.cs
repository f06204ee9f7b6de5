using Akka.Actor;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Who waits for the outcome of which call.</summary>
internal sealed class RpcCallers(RpcRecorder recorder)
{
    private readonly Dictionary<ulong, Waiting> _callers = [];
    private readonly RpcDeliveries<RpcSessionProtocol.IEvent> _batches = new(each => new RpcSessionProtocol.Outcomes(each));

    internal void Add(ulong id, IActorRef caller, RpcSessionProtocol.Call call, bool inBatch)
    {
        _callers.Add(id, new Waiting(caller, call.Request, inBatch));
        recorder.Called(id, call.Method.Name, call.Value.Length);
    }

    internal void Settle(RpcEffect.ResponseReceived response)
    {
        if (!_callers.Remove(response.RequestId, out Waiting waiting))
            return;
        recorder.Answered(response.RequestId, response.Value.Length);
        Tell(waiting.Caller, waiting.InBatch, new RpcSessionProtocol.Replied(waiting.Request, response.Value));
    }

    internal void Settle(RpcEffect.RequestFailed failed)
    {
        if (!_callers.Remove(failed.RequestId, out Waiting waiting))
            return;
        recorder.Failed(failed.RequestId, failed.Error);
        Tell(waiting.Caller, waiting.InBatch, new RpcSessionProtocol.Failed(waiting.Request, failed.Error));
    }

    internal void Refuse(IActorRef caller, RpcSessionProtocol.Call call, bool inBatch, RpcError error)
        => Tell(caller, inBatch, new RpcSessionProtocol.Failed(call.Request, error));

    private void Tell(IActorRef caller, bool inBatch, RpcSessionProtocol.IEvent outcome)
    {
        if (inBatch)
            _batches.Add(caller, outcome);
        else
            caller.Tell(outcome);
    }

    internal void Flush() => _batches.Flush();

    private readonly record struct Waiting(IActorRef Caller, long Request, bool InBatch);
}

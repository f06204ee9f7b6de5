using Akka.Actor;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Who waits for the outcome of which call.</summary>
internal sealed class RpcCallers(RpcRecorder recorder)
{
    private readonly Dictionary<ulong, (IActorRef Caller, long Request)> _callers = [];

    internal void Add(ulong id, IActorRef caller, RpcSessionProtocol.Call call)
    {
        _callers.Add(id, (caller, call.Request));
        recorder.Called(id, call.Method.Name, call.Value.Length);
    }

    internal void Settle(RpcEffect.ResponseReceived response)
    {
        if (!_callers.Remove(response.RequestId, out (IActorRef Caller, long Request) call))
            return;
        recorder.Answered(response.RequestId, response.Value.Length);
        call.Caller.Tell(new RpcSessionProtocol.Replied(call.Request, response.Value));
    }

    internal void Settle(RpcEffect.RequestFailed failed)
    {
        if (!_callers.Remove(failed.RequestId, out (IActorRef Caller, long Request) call))
            return;
        recorder.Failed(failed.RequestId, failed.Error);
        call.Caller.Tell(new RpcSessionProtocol.Failed(call.Request, failed.Error));
    }
}

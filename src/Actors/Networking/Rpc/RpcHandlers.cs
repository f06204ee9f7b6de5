using Akka.Actor;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Who is told of the remote's calls of which method.</summary>
internal sealed class RpcHandlers(RpcMachine machine, PublicKey remote, RpcRecorder recorder)
{
    private readonly Dictionary<string, ServedMethod> _methods = [];
    private readonly RpcDeliveries<RpcSessionProtocol.RequestReceived> _batches = new(each => new RpcSessionProtocol.RequestsReceived(each));

    internal void Serve(ServedMethod served)
    {
        machine.AddMethod(served.Method);
        _methods[served.Method.Name] = served;
    }

    internal void Deliver(RpcEffect.RequestReceived request)
    {
        recorder.Received(request.RequestId, request.Method, request.Value.Length);
        ServedMethod served = _methods[request.Method];
        RpcSessionProtocol.RequestReceived received = new(request.Token, remote, request.Method, request.Value);
        if (served.TakesBatches)
            _batches.Add(served.Handler, received);
        else
            served.Handler.Tell(received);
    }

    internal void Flush() => _batches.Flush();
}

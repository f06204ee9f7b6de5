using Akka.Actor;
using Hyper.Actors.Networking.Rpc;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Interop.Tests.Rpc;

/// <summary>Answers <c>echo</c> with its value and <c>fail</c> with an error, leaves <c>never</c> unanswered, and reports events.</summary>
internal sealed class EchoHandler(TaskCompletionSource<byte[]> seen, TaskCompletionSource called) : UntypedActor
{
    public static Props Props(TaskCompletionSource<byte[]> seen, TaskCompletionSource called)
        => Akka.Actor.Props.Create(() => new EchoHandler(seen, called));

    protected override void OnReceive(object message)
    {
        if (message is not RpcSessionProtocol.RequestReceived request)
            return;
        if (request.IsEvent)
            seen.TrySetResult(request.Value.ToArray());
        else if (request.Method == "never")
            called.TrySetResult();
        else if (request.Method == "fail")
            Sender.Tell(new RpcSessionProtocol.Refuse(request.Token, new RpcErrorCause("on purpose", "PURPOSE", "a test")));
        else
            Sender.Tell(new RpcSessionProtocol.Answer(request.Token, request.Value));
    }
}

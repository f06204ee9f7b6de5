using Akka.Actor;
using Akka.Dispatch;
using Hyper.Actors.Networking.Rpc;

namespace AuctionActors.Benchmarks.Rpc;

/// <summary>Answers each call with its own value.</summary>
internal sealed class EchoActor : UntypedActor
{
    /// <param name="system">Where it runs.</param>
    /// <param name="dispatcher">On which threads; where the calls come in, as a script's handlers run, or on the pool.</param>
    public static IActorRef Start(IActorRefFactory system, string dispatcher = Dispatchers.DefaultDispatcherId)
        => system.ActorOf(Props.Create(() => new EchoActor()).WithDispatcher(dispatcher));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RpcSessionProtocol.RequestReceived call:
                Sender.Tell(new RpcSessionProtocol.Answer(call.Token, call.Value));
                break;
            case RpcSessionProtocol.RequestsReceived calls:
                Sender.Tell(new RpcSessionProtocol.Answers([.. calls.Each.Select(call => new RpcSessionProtocol.Answer(call.Token, call.Value))]));
                break;
        }
    }
}

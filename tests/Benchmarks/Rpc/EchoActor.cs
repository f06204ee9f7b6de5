using Akka.Actor;
using Hyper.Actors.Networking.Rpc;

namespace AuctionActors.Benchmarks.Rpc;

/// <summary>Answers each call with its own value.</summary>
internal sealed class EchoActor : UntypedActor
{
    public static IActorRef Start(IActorRefFactory system) => system.ActorOf(Props.Create(() => new EchoActor()));

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

using Akka.Actor;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Carries out orders that concern requests: the node's own and those of others.</summary>
internal sealed class RequestOrders(DhtNodeMachine machine, AskerTable askers)
{
    public void Handle(DhtNodeProtocol.IRequestCommand command, IActorRef sender, TimeSpan now)
    {
        switch (command)
        {
            case DhtNodeProtocol.SendRequest send:
                askers.Add(machine.Send(send.Request, now), sender, send);
                break;
            case DhtNodeProtocol.CancelRequest cancel when askers.TryGetRequest(sender, cancel.Tag, out RequestId request):
                machine.Cancel(request, now);
                break;
            case DhtNodeProtocol.HintDown hint:
                machine.SendDownHint(hint.To, hint.Down, now);
                break;
            case DhtNodeProtocol.Answer answer:
                machine.Answer(answer.Request, answer.Reply, now);
                break;
            case DhtNodeProtocol.Relay relay:
                machine.Relay(relay.Request, relay.Value, relay.To, relay.Socket);
                break;
        }
    }
}

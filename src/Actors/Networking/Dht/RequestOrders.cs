using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Carries out orders that concern requests: the node's own and those of others.</summary>
internal sealed class RequestOrders(DhtNodeMachine machine, AskerTable askers, IClock clock)
{
    /// <summary>What is sent now would not leave.</summary>
    public bool IsSuspended => machine.State.IsSuspended;

    public void Handle(DhtNodeProtocol.IRequestCommand command, IActorRef sender)
    {
        switch (command)
        {
            case DhtNodeProtocol.SendRequest send:
                Send(send.Request, new AskingActor(sender), send.Tag);
                break;
            case DhtNodeProtocol.HintDown hint:
                HintDown(hint.To, hint.Down);
                break;
            case DhtNodeProtocol.Answer answer:
                machine.Answer(answer.Request, answer.Reply, clock.Now);
                break;
            case DhtNodeProtocol.Relay relay:
                machine.Relay(relay.Request, relay.Value, relay.To, relay.Socket);
                break;
        }
    }

    public void Send(OutgoingRequest request, IAsker asker, long tag) => askers.Add(machine.Send(request, clock.Now), asker, tag);

    /// <summary>The request still ends.</summary>
    public void Withdraw(IAsker asker, long tag)
    {
        if (askers.Find(asker, tag) is { } request)
            machine.Cancel(request, clock.Now);
    }

    public void UseBootstrapNodes(ImmutableArray<PeerAddress> addresses) => machine.HandleBootstrapNodes(addresses);

    public void HintDown(PeerAddress to, PeerAddress down) => machine.SendDownHint(to, down, clock.Now);
}

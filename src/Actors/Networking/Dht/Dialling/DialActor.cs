using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht.Dialling;

/// <summary>Drives one attempt to connect and stops when it has succeeded or failed.</summary>
internal sealed class DialActor : UntypedActor
{
    private readonly ConnectMachine _machine;
    private readonly IActorRef _node;
    private readonly uint _streamId;
    private long _walks;

    public DialActor(ConnectMachine machine, uint streamId, IActorRef node) => (_machine, _streamId, _node) = (machine, streamId, node);

    /// <param name="machine">Used by this actor alone from here on.</param>
    /// <param name="streamId">Names the attempt to the parent.</param>
    /// <param name="node">Sends the requests and runs the walks.</param>
    public static Props Props(ConnectMachine machine, uint streamId, IActorRef node)
        => ActorProps.Of(() => new DialActor(machine, streamId, node));

    protected override void PreStart()
    {
        _machine.Start();
        Drain();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DhtNodeProtocol.QueryFound found when found.Tag == _walks:
                _machine.HandleFound(found.Reply);
                break;
            case DhtNodeProtocol.QueryFinished finished when finished.Tag == _walks:
                _machine.HandleWalkFinished();
                break;
            case DhtNodeProtocol.Replied replied:
                _machine.HandleReply(new ConnectTicket((int)replied.Tag), replied.Reply);
                break;
            case DhtNodeProtocol.RequestFailed failed:
                _machine.HandleFailure(new ConnectTicket((int)failed.Tag));
                break;
        }

        Drain();
    }

    private void Drain()
    {
        while (_machine.TryTake(out ConnectEffect? effect))
        {
            switch (effect)
            {
                case ConnectEffect.Walk walk:
                    _node.Tell(new DhtNodeProtocol.StartQuery(++_walks, walk.Definition));
                    break;
                case ConnectEffect.StopWalk:
                    _node.Tell(new DhtNodeProtocol.CancelQuery(_walks));
                    break;
                case ConnectEffect.Send send:
                    _node.Tell(new DhtNodeProtocol.SendRequest(send.Ticket.Number, send.Request));
                    break;
                case ConnectEffect.Connected connected:
                    End(new DialProtocol.Succeeded(connected.Connection, [.. connected.RelayAddresses]));
                    break;
                case ConnectEffect.Failed failed:
                    End(new DialProtocol.Failed(_streamId, failed.Reason));
                    break;
            }
        }
    }

    private void End(object outcome)
    {
        Context.Parent.Tell(outcome);
        Context.Stop(Self);
    }
}

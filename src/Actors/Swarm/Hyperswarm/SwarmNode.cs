using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.Hyperswarm;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>What the node of a swarm has told about itself, and the orders that wait until it has joined the DHT.</summary>
internal sealed class SwarmNode(SwarmOptions options, SwarmMachine machine, IActorRef owner)
{
    private readonly Queue<(SwarmProtocol.ICommand Command, IActorRef Sender)> _early = [];
    private PeerAddress _address;
    private DhtNodeState? _state;
    private bool _isReady;

    /// <summary>True when an order must wait, or comes when too many do.</summary>
    public bool TryDefer(SwarmProtocol.ICommand command, IActorRef sender)
    {
        if (!_isReady && _early.Count < options.MaxEarlyCommands)
            _early.Enqueue((command, sender));
        return !_isReady;
    }

    /// <summary>The next of the orders that have waited long enough.</summary>
    public bool TryTakeEarly([NotNullWhen(true)] out SwarmProtocol.ICommand? command, out IActorRef sender)
    {
        (command, sender) = _isReady && _early.TryDequeue(out (SwarmProtocol.ICommand, IActorRef) early) ? early : (null, ActorRefs.Nobody);
        return command is not null;
    }

    public void Handle(DhtNodeProtocol.IEvent fact)
    {
        switch (fact)
        {
            case DhtNodeProtocol.NodeBound bound:
                _address = bound.Server;
                break;
            case DhtNodeProtocol.BindFailed failed:
                owner.Tell(new SwarmProtocol.BindFailed(failed.Address, failed.Reason));
                break;
            case DhtNodeProtocol.StateChanged changed:
                Follow(changed.State);
                break;
            case DhtNodeProtocol.Rested:
                owner.Tell(new SwarmProtocol.Suspended());
                break;
        }
    }

    private void Follow(DhtNodeState state)
    {
        bool hasMoved = _state?.ReflexiveAddress is { } old && state.ReflexiveAddress is { } current && old.Host != current.Host;
        _state = state;
        if (!_isReady && state.IsBootstrapped)
        {
            _isReady = true;
            owner.Tell(new SwarmProtocol.Ready(options.KeyPair.PublicKey, _address));
        }

        machine.HandleOnline(state.IsOnline);
        if (hasMoved)
            machine.HandleNetworkChanged();
    }
}

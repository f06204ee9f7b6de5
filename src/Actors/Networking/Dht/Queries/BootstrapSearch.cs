using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>Finds the bootstrap nodes of a node, which pings them and hears what their names stand for.</summary>
internal sealed class BootstrapSearch(PeerRuntime runtime, ImmutableArray<BootstrapNode> nodes, RequestOrders requests, IActorRef node) : IAsker
{
    private readonly BootstrapFinder _finder = new(nodes);

    public ImmutableArray<PeerAddress> Addresses => _finder.Addresses;

    /// <summary>Whoever knows no other node waits for <see cref="Ended"/>.</summary>
    public bool IsRunning => _finder.IsSearching;

    /// <summary>Called when a node has answered, or all has been tried.</summary>
    public Action? Ended { get; set; }

    /// <summary>Whether there is anything to find out now.</summary>
    public bool MayBegin => _finder.MaySearch(runtime.Clock.Now);

    public TimeSpan? NextDeadline => _finder.NextDeadline;

    public void Begin()
    {
        _finder.Search(runtime.Clock.Now);
        while (_finder.TryTake(out BootstrapEffect? effect))
            Perform(effect);
    }

    public void HandleTimeout()
    {
        if (runtime.Clock.Now >= NextDeadline)
            Go(() => _finder.HandleTimeout(runtime.Clock.Now));
    }

    public void HandleResumed() => _finder.HandleResumed();

    public void HandleReply(long tag, ReceivedReply reply) => Go(() => _finder.HandleAnswer((int)tag));

    public void HandleFailure(long tag, RequestFailure reason)
        => Go(() =>
        {
            if (reason == RequestFailure.TimedOut)
                _finder.HandleSilence((int)tag);
            else
                _finder.HandleCancelled((int)tag);
        });

    public void HandleHost(HostFound found) => Go(() => _finder.HandleHost(found.Name, found.Host));

    private void Go(Action handle)
    {
        bool wasRunning = IsRunning;
        handle();
        while (_finder.TryTake(out BootstrapEffect? effect))
            Perform(effect);
        requests.UseBootstrapNodes(Addresses);
        if (wasRunning && !IsRunning)
            Ended?.Invoke();
    }

    private void Perform(BootstrapEffect effect)
    {
        switch (effect)
        {
            case BootstrapEffect.Ping ping:
                requests.Send(new OutgoingRequest(ping.Address, DhtCommand.Ping), this, ping.Node);
                break;
            case BootstrapEffect.LookUp lookUp:
                runtime.Names.Find(lookUp.Name, node);
                break;
        }
    }
}

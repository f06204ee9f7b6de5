using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace AuctionActors.Protocol.Tests.DhtRpc;

/// <summary>The three machines of a node connected with each other, as an owner connects them.</summary>
internal sealed class VirtualNode
{
    private readonly VirtualNetwork _network;
    private readonly DhtNodeOptions _options;
    private readonly bool _isBehindFirewall;
    private readonly HashSet<PeerAddress> _contacted = [];
    private readonly Dictionary<RequestId, Action<ReceivedReply?, RequestFailure?>> _awaited = [];
    private TimeSpan? _timer;

    public VirtualNode(VirtualNetwork network, DhtNodeOptions options, PeerAddress server, PeerAddress client, bool isBehindFirewall)
    {
        _network = network;
        _options = options;
        _isBehindFirewall = isBehindFirewall;
        ServerAddress = server;
        ClientAddress = client;
        Machine = new DhtNodeMachine(options, network.Entropy("node " + server));
        Routing = new RoutingMachine(Machine.State.TableId, network.Entropy("routing " + server), null, network.Now);
    }

    public PeerAddress ServerAddress { get; }

    public PeerAddress ClientAddress { get; }

    public DhtNodeMachine Machine { get; }

    public RoutingMachine Routing { get; }

    public RoutingSnapshot Snapshot => Routing.Table.Snapshot();

    public DhtNodeState State => Machine.State;

    /// <summary>Answers commands of the layer above; without it they are unknown.</summary>
    public Func<ReceivedRequest, DhtAnswer?> Serve { get; set; } = _ => DhtAnswer.UnknownCommand;

    public void Start()
    {
        Machine.Start(ServerAddress.Port, _network.Now);
        Settle();
    }

    public void Suspend()
    {
        Machine.Suspend(_network.Now);
        Settle();
    }

    public void Receive(ReadOnlyMemory<byte> datagram, PeerAddress from, LocalSocket socket)
    {
        if (_isBehindFirewall && (socket == LocalSocket.Server || !_contacted.Contains(from)))
            return;
        Machine.HandleDatagram(datagram.Span, from, socket, _network.Now);
        Settle();
    }

    public void Ask(OutgoingRequest request, Action<ReceivedReply?, RequestFailure?> ended)
    {
        _awaited.Add(Machine.Send(request, _network.Now), ended);
        Settle();
    }

    public Query Look(QueryDefinition definition, Action<ReceivedReply>? found, Action<QueryResult> finished)
    {
        BootstrapFinder bootstrap = new(_options.BootstrapNodes);
        Query query = new(definition, new QueryOrigin(State.TableId, Routing.Table.View, bootstrap.Addresses, _options.AdmitsNode));
        query.Start();
        Drain(query, found, finished);
        return query;
    }

    public ImmutableArray<ReceivedReply> Look(QueryDefinition definition)
    {
        QueryResult? result = null;
        Look(definition, null, ended => result = ended);
        _network.RunFor(TimeSpan.FromSeconds(30));
        return Assert.IsType<QueryResult>(result).Closest;
    }

    private void Drain(Query query, Action<ReceivedReply>? found, Action<QueryResult>? finished)
    {
        while (query.TryTake(out QueryEffect? effect))
        {
            switch (effect)
            {
                case QueryEffect.Send send:
                    Ask(send.Request, (reply, failure) =>
                    {
                        if (reply is not null)
                            query.HandleReply(send.Ticket, reply);
                        else if (failure is { } reason)
                            query.HandleFailure(send.Ticket, reason);
                        else
                            query.HandleSlow(send.Ticket);
                        Drain(query, found, finished);
                    });
                    break;
                case QueryEffect.HintDown hint:
                    Machine.SendDownHint(hint.To, hint.Down, _network.Now);
                    break;
                case QueryEffect.Found reply:
                    found?.Invoke(reply.Reply);
                    break;
                case QueryEffect.Finished end:
                    finished?.Invoke(end.Result);
                    break;
            }
        }
    }

    private void Settle()
    {
        bool isBusy = true;
        while (isBusy)
        {
            isBusy = false;
            while (Machine.TryTake(out DhtNodeEffect? effect))
            {
                isBusy = true;
                Perform(effect);
            }

            while (Routing.TryTake(out RoutingEffect? effect))
            {
                isBusy = true;
                Perform(effect);
            }

            Machine.HandleRouting(Routing.Table.View);
        }

        Arm();
    }

    private void Perform(DhtNodeEffect effect)
    {
        switch (effect)
        {
            case DhtNodeEffect.Transmit transmit:
                _contacted.Add(transmit.To);
                PeerAddress from = transmit.Socket == LocalSocket.Server ? ServerAddress : ClientAddress;
                _network.Transmit(transmit.Datagram, from, transmit.To);
                break;
            case DhtNodeEffect.Raise raise:
                Handle(raise.Event);
                break;
        }
    }

    private void Handle(DhtNodeEvent happened)
    {
        TimeSpan now = _network.Now;
        switch (happened)
        {
            case DhtNodeEvent.RequestReceived received when Serve(received.Request) is { } answer:
                Machine.Answer(received.Request, answer, now);
                break;
            case DhtNodeEvent.Replied replied when _awaited.Remove(replied.Request, out Action<ReceivedReply?, RequestFailure?>? ended):
                ended(replied.Reply, null);
                break;
            case DhtNodeEvent.RequestFailed failed when _awaited.Remove(failed.Request, out Action<ReceivedReply?, RequestFailure?>? ended):
                ended(null, failed.Reason);
                break;
            case DhtNodeEvent.RequestSlow slow when _awaited.TryGetValue(slow.Request, out Action<ReceivedReply?, RequestFailure?>? ended):
                ended(null, null);
                break;
            case DhtNodeEvent.NodeHeard heard:
                Routing.HandleHeard(heard.Address, now);
                break;
            case DhtNodeEvent.NodeUnreachable unreachable:
                Routing.HandleUnreachable(unreachable.Address, now);
                break;
            case DhtNodeEvent.DownHintReceived hint:
                Routing.HandleDownHint(hint.Address, now);
                break;
            case DhtNodeEvent.BackgroundQueryWanted wanted:
                Look(QueryDefinition.Background(wanted.Target), null, _ => Machine.HandleBackgroundQueryFinished(now));
                break;
            case DhtNodeEvent.StateChanged changed:
                Routing.HandleIdentity(changed.State.TableId, now);
                if (changed.State.IsBootstrapped)
                    Routing.HandleBootstrapped();
                break;
            case DhtNodeEvent.Suspended:
                Routing.HandleSuspended();
                break;
            case DhtNodeEvent.Resumed:
                Routing.HandleResumed(now);
                break;
            case DhtNodeEvent.WokeUp:
                Routing.HandleWakeUp();
                break;
        }
    }

    private void Perform(RoutingEffect effect)
    {
        switch (effect)
        {
            case RoutingEffect.Ping ping:
                Ask(new OutgoingRequest(ping.Address, Hyper.Protocol.DhtRpc.Messages.DhtCommand.Ping), (reply, failure) =>
                {
                    if (reply is not null || failure is not null)
                        Routing.HandlePingEnded(ping.Address, reply?.Id is not null, _network.Now);
                });
                break;
            case RoutingEffect.Publish publish:
                Machine.HandleNodes(publish.Snapshot);
                break;
            case RoutingEffect.Refresh refresh:
                Routing.HandleQueryStarted();
                Look(QueryDefinition.Background(refresh.Target), null, _ => { });
                break;
        }
    }

    private void Arm()
    {
        TimeSpan? due = Machine.NextDeadline is { } machine && (Routing.NextDeadline is not { } routing || machine < routing)
            ? machine
            : Routing.NextDeadline;
        if (due is not { } when || _timer <= when)
            return;
        _timer = when;
        _network.At(when, () =>
        {
            if (_timer == when)
                _timer = null;
            if (!_network.Nodes.Contains(this))
                return;
            if (Machine.NextDeadline <= _network.Now)
                Machine.HandleTimeout(_network.Now);
            if (Routing.NextDeadline <= _network.Now)
                Routing.HandleTimeout(_network.Now);
            Settle();
        });
    }
}

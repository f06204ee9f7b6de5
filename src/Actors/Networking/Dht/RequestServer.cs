using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Decides what becomes of a request from another node: an answer, another leg, silence, or a handshake for a listener.</summary>
internal sealed class RequestServer
{
    private readonly IClock _clock;
    private readonly IEventRecorder _events;
    private readonly RecordServer _records;
    private readonly PeerRouter _router;

    public RequestServer(PeerRuntime runtime, RecordOptions options)
    {
        _clock = runtime.Clock;
        _events = runtime.Events;
        Forwards = new ForwardTable(options);
        _records = new RecordServer(options, new RecordStore(options, runtime.Entropy), Forwards);
        _router = new PeerRouter(Forwards);
    }

    public ForwardTable Forwards { get; }

    public Plugins Plugins { get; } = new();

    /// <summary>The address that a server on another node announced itself from, when this node stores for others.</summary>
    public PeerAddress? AnnouncedAddress(Bytes32 target)
        => Forwards.TryFind(target, _clock.Now, out Forward? forward) ? forward.Address : null;

    /// <summary>What to tell the node, or nothing; what is for this node's servers comes out aside.</summary>
    public DhtNodeProtocol.ICommand? Handle(ReceivedRequest request, NodeId? own, out PeerRoute? local)
    {
        local = null;
        HyperDhtCommand command = (HyperDhtCommand)Math.Min(request.Command.Number, int.MaxValue);
        switch (command)
        {
            case HyperDhtCommand.PeerHandshake:
                local = _router.RouteHandshake(request.Target, request.Value, request.From, _clock.Now);
                return Follow(request, local);
            case HyperDhtCommand.PeerHolepunch:
                local = _router.RouteHolepunch(request.Target, request.Value, request.From, _clock.Now);
                return Follow(request, local);
        }

        if (own is not { } id || !Enum.IsDefined(command))
            return new DhtNodeProtocol.Answer(request, DhtAnswer.UnknownCommand);
        if (command == HyperDhtCommand.Plugin)
        {
            Plugins.Deliver(request);
            return null;
        }

        RecordRequest order = new(command, request.Target, request.Token, request.Value, request.From);
        RecordAnswer answer = _records.Handle(order, id.Value, (ulong)_clock.UnixMilliseconds, _clock.Now);
        if (command == HyperDhtCommand.Announce && answer is RecordAnswer.Reply)
            _ = _events.Record(new EventEntry(EventKind.DhtAnnounce) { From = request.From, Text = $"keeps {order.Target?.ToHex()[..8]}" });
        return Answer(request, answer);
    }

    private static DhtNodeProtocol.ICommand? Follow(ReceivedRequest request, PeerRoute route) => route switch
    {
        PeerRoute.CloserNodes => new DhtNodeProtocol.Answer(request, new DhtAnswer { IncludesToken = false }),
        PeerRoute.Forward forward => new DhtNodeProtocol.Relay(request, forward.Value, forward.To),
        PeerRoute.Answer answer => new DhtNodeProtocol.Answer(
            request, new DhtAnswer { Value = answer.Value, To = answer.To, IncludesToken = false, IncludesCloserNodes = false }),
        _ => null,
    };

    private static DhtNodeProtocol.Answer? Answer(ReceivedRequest request, RecordAnswer answer) => answer switch
    {
        RecordAnswer.Reply reply => new DhtNodeProtocol.Answer(
            request,
            new DhtAnswer
            {
                Value = reply.Value,
                IncludesToken = reply.WithTokenAndCloserNodes,
                IncludesCloserNodes = reply.WithTokenAndCloserNodes,
            }),
        RecordAnswer.Refusal refusal => new DhtNodeProtocol.Answer(request, DhtAnswer.Failure((DhtError)refusal.Error)),
        _ => null,
    };
}

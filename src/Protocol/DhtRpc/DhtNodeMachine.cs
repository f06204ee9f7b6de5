using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Protocol.DhtRpc;

/// <summary>
/// A dht-rpc node without its sockets, its routing table and its queries: it makes and answers requests, learns its own address
/// and says who was heard. The routing table and the queries are machines of their own that the owner connects to it.
/// </summary>
public sealed class DhtNodeMachine
{
    /// <summary>Nodes remembered as heard within a tick; beyond it they are reported again.</summary>
    private const int MaxHeardPerTick = 1024;

    private readonly DhtNodeOptions _options;
    private readonly RequestBook _book;
    private readonly RequestResponder _responder;
    private readonly NodeLifecycle _lifecycle;
    private readonly Queue<DhtNodeEffect> _effects = new();
    private readonly HashSet<PeerAddress> _heard = [];
    private int _downHints;

    public DhtNodeMachine(DhtNodeOptions options, IEntropy entropy)
    {
        _options = options;
        Counters = new DhtNodeCounters();
        _book = new RequestBook(options.Requests, (ushort)entropy.NextUInt32(), Counters, entropy);
        _lifecycle = new NodeLifecycle(options, entropy, Counters);
        _responder = new RequestResponder(options, entropy, _lifecycle.Assessment, Counters, _effects);
    }

    public DhtNodeCounters Counters { get; }

    public DhtNodeState State => _lifecycle.State;

    /// <summary>Requests of ours that are not settled.</summary>
    public int OutstandingRequests => _book.Count;

    public TimeSpan? NextDeadline => Earliest(Earliest(_book.NextDeadline, _lifecycle.NextDeadline), _responder.NextDeadline);

    public bool TryTake([NotNullWhen(true)] out DhtNodeEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Begins with the first walk, or goes on after a rest; the sockets are bound.</summary>
    public void Start(ushort serverPort, TimeSpan now)
    {
        _lifecycle.Start(serverPort, now);
        Drain(now);
    }

    /// <summary>Whom the node knows now, for its answers.</summary>
    public void HandleRouting(IKnownNodes routing) => _responder.HandleRouting(routing);

    /// <summary>The nodes heard last, some of which tell whether ours is reached from outside.</summary>
    public void HandleNodes(RoutingSnapshot nodes) => _lifecycle.HandleNodes(nodes);

    /// <summary>Where the bootstrap nodes are now, which is looked up where they have names.</summary>
    public void HandleBootstrapNodes(ImmutableArray<PeerAddress> addresses) => _lifecycle.HandleBootstrapNodes(addresses);

    /// <summary>The query that <see cref="DhtNodeEvent.BackgroundQueryWanted"/> asked for has ended.</summary>
    public void HandleBackgroundQueryFinished(TimeSpan now)
    {
        _lifecycle.HandleWalkFinished();
        Drain(now);
    }

    public void HandleDatagram(ReadOnlySpan<byte> datagram, PeerAddress from, LocalSocket socket, TimeSpan now)
    {
        if (_lifecycle.IsSuspended)
            return;
        if (from.Port == 0 || !DhtMessageCodec.TryDecode(datagram, out DhtMessage? message))
        {
            Counters.Malformed++;
            return;
        }

        NodeId? id = Verify(message.Id, from);
        if (message is DhtRequest request)
            HandleRequest(request, id, from, socket, now);
        else if (message is DhtReply reply)
            HandleReply(reply, id, from, socket, now);
        Drain(now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        _book.HandleTimeout(now);
        _responder.HandleTimeout(now);
        if (_lifecycle.HandleTimeout(now))
        {
            _downHints = 0;
            _heard.Clear();
            _heard.TrimExcess();
        }

        Drain(now);
    }

    /// <summary>Sends a request; its end is raised as an event under the returned id.</summary>
    public RequestId Send(OutgoingRequest request, TimeSpan now)
    {
        RequestId id = Enqueue(request, now);
        Drain(now);
        return id;
    }

    /// <summary>Withdraws a request; its failure is raised.</summary>
    public void Cancel(RequestId request, TimeSpan now)
    {
        _book.Cancel(request, now);
        Drain(now);
    }

    /// <summary>Fails everything outstanding, before the sockets close.</summary>
    public void CancelAll(TimeSpan now)
    {
        _book.FailAll(RequestFailure.Cancelled, now);
        Drain(now);
    }

    /// <summary>Lets the node rest, before its sockets close: what is outstanding fails, and no time passes for it until it starts again.</summary>
    public void Suspend(TimeSpan now)
    {
        if (!_lifecycle.Suspend())
            return;
        _book.FailAll(RequestFailure.Suspended, now);
        Drain(now);
    }

    /// <summary>Tells a node that another one, which it had named, is down; a budget for each tick applies.</summary>
    public void SendDownHint(PeerAddress to, PeerAddress down, TimeSpan now)
    {
        if (_downHints >= _options.DownHintsPerTick)
            return;
        _downHints++;
        byte[] value = new byte[PeerAddress.EncodedSize];
        down.CopyTo(value);
        Send(new OutgoingRequest(to, DhtCommand.DownHint) { Value = value }, now);
    }

    /// <summary>Answers a request that was raised.</summary>
    public void Answer(ReceivedRequest request, DhtAnswer answer, TimeSpan now) => _responder.Answer(request, answer, now);

    /// <summary>Passes a request on to another node, under its own transaction id and without keeping anything.</summary>
    public void Relay(ReceivedRequest request, ReadOnlyMemory<byte> value, PeerAddress to, LocalSocket? socket = null)
        => _responder.Relay(request, value, to, socket);

    private void HandleRequest(DhtRequest message, NodeId? id, PeerAddress from, LocalSocket socket, TimeSpan now)
    {
        Counters.RequestsReceived++;
        Counters.Commands.Of(message.Command).Received++;
        ReceivedRequest request = new(message, from, id.HasValue, socket);
        if (!_responder.AdmitsToken(request, now))
            return;

        if (id.HasValue)
            Hear(from, isVerified: true, message.To, socket, now);
        if (message.Command.IsInternal)
            _responder.HandleInternal(request, now);
        else
            Raise(new DhtNodeEvent.RequestReceived(request));
    }

    private void HandleReply(DhtReply message, NodeId? id, PeerAddress from, LocalSocket socket, TimeSpan now)
    {
        if (_book.Match(message.TransactionId, from, now) is not { } pending)
            return;
        ReceivedReply reply = new(from, id, message.To)
        {
            Token = message.Token,
            CloserNodes = message.CloserNodes,
            Error = message.Error,
            Value = message.Value,
            Socket = socket,
            Outstanding = _book.Count,
            RoundTrip = now - pending.MadeAt,
        };
        Hear(from, id.HasValue, message.To, socket, now);
        Raise(new DhtNodeEvent.Replied(pending.Id, reply));
        _lifecycle.HandleReply(pending.Id, reply);
    }

    private void Hear(PeerAddress from, bool isVerified, PeerAddress ourAddress, LocalSocket socket, TimeSpan now)
    {
        if (_options.AdmitsNode is { } admits && !admits(from))
            return;
        _lifecycle.Assessment.Hear(from, isVerified, ourAddress, socket, now);
        if (!isVerified || _heard.Contains(from))
            return;
        if (_heard.Count < MaxHeardPerTick)
            _heard.Add(from);
        Raise(new DhtNodeEvent.NodeHeard(from));
    }

    private NodeId? Verify(NodeId? claimed, PeerAddress from)
    {
        if (claimed is not { } id)
            return null;
        if (id == NodeId.Of(from))
            return id;
        Counters.ForeignIds++;
        return null;
    }

    private RequestId Enqueue(OutgoingRequest request, TimeSpan now)
    {
        RequestId id = _book.NextId();
        if (_book.IsFull)
        {
            Raise(new DhtNodeEvent.RequestFailed(id, RequestFailure.Refused));
            return id;
        }

        LocalSocket socket = request.Socket ?? State.RequestSocket;
        DhtRequest message = new(_book.NextTransaction(), request.To, request.Command)
        {
            Id = _lifecycle.Assessment.IdOn(socket),
            Token = request.Token,
            Target = request.Target,
            Value = request.Value,
        };
        _book.Add(new PendingRequest(id, message.TransactionId, request, socket, DhtMessageCodec.Encode(message), now), now);
        return id;
    }

    private void Drain(TimeSpan now)
    {
        bool isDrained;
        do
        {
            isDrained = true;
            while (_book.TryTake(out RequestBookEffect? effect))
            {
                isDrained = false;
                Perform(effect);
            }

            while (_lifecycle.TryTake(out LifecycleEffect? effect))
            {
                isDrained = false;
                Perform(effect, now);
            }
        }
        while (!isDrained);
    }

    private void Perform(RequestBookEffect effect)
    {
        PendingRequest pending = effect.Pending;
        switch (effect)
        {
            case RequestBookEffect.Transmit when _lifecycle.IsSuspended:
                break;
            case RequestBookEffect.Transmit:
                OutgoingRequest request = pending.Request;
                _effects.Enqueue(new DhtNodeEffect.Transmit(pending.Datagram, request.To, pending.Socket, request.TimeToLive));
                break;
            case RequestBookEffect.MarkSlow:
                Raise(new DhtNodeEvent.RequestSlow(pending.Id));
                break;
            case RequestBookEffect.Fail fail:
                if (fail.Reason == RequestFailure.TimedOut && pending.Request.EvictsOnTimeout)
                    Raise(new DhtNodeEvent.NodeUnreachable(pending.Request.To));
                Raise(new DhtNodeEvent.RequestFailed(pending.Id, fail.Reason));
                _lifecycle.HandleFailure(pending.Id);
                break;
        }
    }

    private void Perform(LifecycleEffect effect, TimeSpan now)
    {
        switch (effect)
        {
            case LifecycleEffect.Send send:
                RequestId id = Enqueue(send.Request, now);
                _lifecycle.Asked(id, send.IsQuickCheck);
                if (!_book.IsOutstanding(id))
                    _lifecycle.HandleFailure(id);
                break;
            case LifecycleEffect.Raise raise:
                Raise(raise.Event);
                break;
        }
    }

    private void Raise(DhtNodeEvent happened) => _effects.Enqueue(new DhtNodeEffect.Raise(happened));

    private static TimeSpan? Earliest(TimeSpan? left, TimeSpan? right) => left is null || right < left ? right : left;
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Health;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Protocol.DhtRpc;

/// <summary>The answering half of a node: tokens, internal commands, replies and relayed requests.</summary>
internal sealed class RequestResponder(
    DhtNodeOptions options, IEntropy entropy, NetworkAssessment assessment, DhtNodeCounters counters, Queue<DhtNodeEffect> effects)
{
    private readonly TokenIssuer _tokens = TokenIssuer.From(entropy);
    private readonly DelayedReplies _delayed = new(options.MaxDelayedReplies);
    private IKnownNodes _routing = RoutingSnapshot.Empty;

    public TimeSpan? NextDeadline => _delayed.NextDeadline;

    public void HandleRouting(IKnownNodes routing) => _routing = routing;

    public void HandleTimeout(TimeSpan now)
    {
        while (_delayed.TryTakeDue(now, out ReceivedRequest? request))
            AnswerEmpty(request, now);
    }

    /// <summary>False after a token that is not ours was answered with an error and a fresh one.</summary>
    public bool AdmitsToken(ReceivedRequest request, TimeSpan now)
    {
        if (request.Token is not { } token || _tokens.Accepts(token, request.From, now))
            return true;
        counters.InvalidTokens++;
        Answer(request, new DhtAnswer { Error = DhtError.InvalidToken }, now);
        return false;
    }

    public void Answer(ReceivedRequest request, DhtAnswer answer, TimeSpan now)
    {
        PeerAddress to = answer.To ?? request.From;
        LocalSocket socket = answer.Socket ?? request.Socket;
        DhtReply reply = new(request.TransactionId, to)
        {
            Id = assessment.IdOn(socket),
            Token = answer.IncludesToken ? _tokens.Issue(to, now) : null,
            CloserNodes = answer.IncludesCloserNodes && request.Target is { } target
                ? ImmutableCollectionsMarshal.AsImmutableArray(_routing.Closest(target))
                : [],
            Error = answer.Error,
            Value = answer.Value,
        };
        effects.Enqueue(new DhtNodeEffect.Transmit(DhtMessageCodec.Encode(reply), to, socket));
    }

    public void Relay(ReceivedRequest request, ReadOnlyMemory<byte> value, PeerAddress to, LocalSocket? socket)
    {
        LocalSocket from = socket ?? request.Socket;
        DhtRequest relayed = new(request.TransactionId, to, request.Command)
        {
            Id = assessment.IdOn(from),
            Target = request.Target,
            Value = value,
        };
        effects.Enqueue(new DhtNodeEffect.Transmit(DhtMessageCodec.Encode(relayed), to, from));
    }

    /// <summary>Answers the commands of dht-rpc itself; senseless ones are dropped without an answer.</summary>
    public void HandleInternal(ReceivedRequest request, TimeSpan now)
    {
        ReadOnlySpan<byte> value = request.Value.GetValueOrDefault().Span;
        switch (request.Command.Number)
        {
            case 0:
                AnswerEmpty(request, now);
                break;
            case 1 when value.Length >= 2 && BinaryPrimitives.ReadUInt16LittleEndian(value) is > 0 and ushort port:
                AnswerEmpty(request with { From = request.From with { Port = port } }, now);
                break;
            case 2 when request.Target.HasValue:
                Answer(request, new DhtAnswer { IncludesToken = false }, now);
                break;
            case 3 when new CompactReader(value).TryAddress(out PeerAddress down):
                effects.Enqueue(new DhtNodeEffect.Raise(new DhtNodeEvent.DownHintReceived(down)));
                AnswerEmpty(request, now);
                break;
            case 4 when value.Length >= 4:
                Delay(request, TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(value)), now);
                break;
            case > 4:
                Answer(request, DhtAnswer.UnknownCommand, now);
                break;
            default:
                counters.RequestsIgnored++;
                break;
        }
    }

    private void Delay(ReceivedRequest request, TimeSpan delay, TimeSpan now)
    {
        if (delay > options.MaxPingDelay)
            counters.RequestsIgnored++;
        else if (!_delayed.TryAdd(request, now + delay))
            counters.DelayedRepliesDropped++;
    }

    private void AnswerEmpty(ReceivedRequest request, TimeSpan now)
        => Answer(request, DhtAnswer.Empty, now);
}

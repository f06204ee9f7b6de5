using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Holepunching;

/// <summary>One side of a holepunch, with the nodes that tell it its address; the test is the other side.</summary>
internal sealed class PunchScene
{
    public static readonly PeerAddress Relay = PeerAddress.Loopback(3000), Own = new(0x05050501, 5000), Remote = new(0x06060601, 6000);
    public static readonly Bytes32 Target = Blake2b.Hash256([7]);

    private static readonly byte[] HandshakeHash = new byte[64];
    private readonly SeededEntropy _entropy = new(5, "punch");
    private readonly bool _isInitiator;
    private int _lastTicket;

    public PunchScene(
        bool isInitiator, HolepunchOptions? options = null, int nodes = 4, FirewallState remote = FirewallState.Unknown, bool vetoes = false,
        bool isPatient = false)
    {
        Options = options ?? new HolepunchOptions();
        PunchVantage vantage = new(IsFirewalled: true, [.. Enumerable.Range(1, nodes).Select(node => PeerAddress.Loopback(node))]);
        PunchTicket Next() => new(++_lastTicket);
        Puncher = new Puncher(Options, vantage, isInitiator, remote, Next, _entropy, Effects);
        HolepunchSession session = new(HandshakeHash, _entropy);
        HolepunchVeto? veto = vetoes ? _ => true : null;
        HolepunchRoute route = HolepunchRoute.Through(Target, new HolepunchInfo(3, [new HolepunchRelay(Relay, Remote)]), Relay, Remote);
        _isInitiator = isInitiator;
        Initiator = new HolepunchInitiator(Options, veto, route, session, Puncher, Next, Effects) { IsPatient = isPatient };
        Responder = new HolepunchResponder(Options, veto, session, Puncher, Options.FirstPunchTimeout) { IsPatient = isPatient };
    }

    public HolepunchOptions Options { get; }

    public Puncher Puncher { get; }

    public HolepunchInitiator Initiator { get; }

    public HolepunchResponder Responder { get; }

    /// <summary>The remote's keys: the same secret, other tokens.</summary>
    public HolepunchSession Far { get; } = new(HandshakeHash, new SeededEntropy(6, "far"));

    public Queue<PunchEffect> Effects { get; } = new();

    public TimeSpan Now { get; set; }

    /// <summary>Everything asked for since the last time.</summary>
    public List<PunchEffect> Drain()
    {
        List<PunchEffect> taken = [.. Effects];
        Effects.Clear();
        return taken;
    }

    public List<PunchEffect.Probe> DrainProbes() => [.. Drain().OfType<PunchEffect.Probe>()];

    /// <summary>Lets the asked nodes see the socket under these ports, one after another; port 0 is silence.</summary>
    public void AnswerPings(params int[] ports)
    {
        Queue<int> answers = new(ports);
        while (answers.Count > 0)
        {
            PunchEffect.Send ping = Effects.OfType<PunchEffect.Send>().First(send => send.Request.Command == DhtCommand.Ping);
            List<PunchEffect> rest = [.. Effects];
            rest.Remove(ping);
            Effects.Clear();
            rest.ForEach(Effects.Enqueue);
            int port = answers.Dequeue();
            ReceivedReply reply = new(ping.Request.To, null, Own with { Port = (ushort)port });
            if (port == 0)
                Fail(ping.Ticket);
            else
                Reply(ping.Ticket, reply);
        }
    }

    /// <summary>A round of the client, through a relay.</summary>
    public void HandleRound(HolepunchPayload payload, bool isOwnRelay = true, LocalSocket? on = null)
        => HandleRound(Far.Seal(payload), isOwnRelay, on);

    public void HandleRound(byte[] payload, bool isOwnRelay = true, LocalSocket? on = null)
    {
        ReceivedRequest request = new(new DhtRequest(9, Own, HyperDhtCommand.PeerHolepunch.ToDht()), Relay, IsIdVerified: false, on ?? LocalSocket.Client);
        Responder.HandleRound(request, Remote, payload, isOwnRelay, Now);
    }

    public HolepunchPayload TakeAnswer()
    {
        Assert.True(Responder.TryTakeAnswer(out HolepunchAnswer? answer));
        Assert.True(Far.TryOpen(answer.Payload, out HolepunchPayload payload));
        return payload;
    }

    /// <summary>The client's latest round.</summary>
    public (PunchTicket Ticket, HolepunchPayload Payload) TakeRound()
    {
        PunchEffect.Send send = Drain().OfType<PunchEffect.Send>().Single(send => send.Request.Command != DhtCommand.Ping);
        Assert.Equal((Relay, Target), (send.Request.To, send.Request.Target));
        Assert.True(HolepunchMessage.TryDecode(send.Request.Value!.Value.Span, out HolepunchMessage message));
        Assert.Equal((PeerRoutingMode.FromClient, 3ul), (message.Mode, message.Id));
        Assert.True(Far.TryOpen(message.Payload.Span, out HolepunchPayload payload));
        return (send.Ticket, payload);
    }

    public void ReplyToRound(PunchTicket ticket, HolepunchPayload payload, PeerAddress? from = null)
    {
        HolepunchMessage message = new(PeerRoutingMode.Reply, 0, Far.Seal(payload), Remote);
        Initiator.HandleReply(ticket, new ReceivedReply(from ?? Relay, null, Own) { Value = message.Encode() }, Now);
    }

    /// <summary>Moves time to each deadline in turn until it is far enough.</summary>
    public void RunUntil(TimeSpan until)
    {
        while ((_isInitiator ? Initiator.NextDeadline : Responder.NextDeadline) is { } due && due <= until)
        {
            Now = due;
            if (_isInitiator)
                Initiator.HandleTimeout(Now);
            else
                Responder.HandleTimeout(Now);
        }

        Now = until;
    }

    private void Reply(PunchTicket ticket, ReceivedReply reply)
    {
        if (_isInitiator)
            Initiator.HandleReply(ticket, reply, Now);
        else
            Responder.HandleReply(ticket, reply, Now);
    }

    private void Fail(PunchTicket ticket)
    {
        if (_isInitiator)
            Initiator.HandleFailure(ticket, Now);
        else
            Responder.HandleFailure(ticket, Now);
    }
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>Asks a few nodes, from one socket, under which address they see it.</summary>
internal sealed class NatSampling
{
    /// <summary>With this many nodes known the newest are left out: they may have been brought by the remote.</summary>
    private const int ManyNodes = 8, NewestNodes = 5;

    private readonly PunchVantage _vantage;
    private readonly LocalSocket _socket;
    private readonly Func<PunchTicket> _nextTicket;
    private readonly Queue<PunchEffect> _effects;
    private readonly int _wanted;
    private readonly HashSet<PunchTicket> _pending = [];
    private readonly HashSet<PeerAddress> _asked = [];
    private bool _isSecondPass;

    public NatSampling(
        PunchVantage vantage, LocalSocket socket, int wanted, Func<PunchTicket> nextTicket, Queue<PunchEffect> effects)
    {
        (_vantage, _socket, _wanted, _nextTicket, _effects) = (vantage, socket, wanted, nextTicket, effects);
        Nat = new NatAnalysis(vantage.IsFirewalled, wanted);
        Ask();
        GoOn();
    }

    public NatAnalysis Nat { get; }

    /// <summary>False when the request is none of the sampling's.</summary>
    public bool HandleReply(PunchTicket ticket, ReceivedReply reply)
    {
        if (!_pending.Remove(ticket))
            return false;
        Nat.Add(reply.To, reply.From);
        GoOn();
        return true;
    }

    public bool HandleFailure(PunchTicket ticket)
    {
        if (!_pending.Remove(ticket))
            return false;
        GoOn();
        return true;
    }

    private void GoOn()
    {
        if (_pending.Count > 0 || Nat.SampleCount >= _wanted)
            return;
        if (!_isSecondPass)
        {
            _isSecondPass = true;
            Ask();
        }

        if (_pending.Count == 0)
            Nat.Exhaust();
    }

    private void Ask()
    {
        foreach (PeerAddress node in _vantage.Nodes.Skip(_vantage.Nodes.Count >= ManyNodes ? NewestNodes : 0))
        {
            if (Nat.SampleCount + _pending.Count >= _wanted)
                return;
            if (!_asked.Add(node))
                continue;
            PunchTicket ticket = _nextTicket();
            _pending.Add(ticket);
            _effects.Enqueue(new PunchEffect.Send(ticket, new OutgoingRequest(node, DhtCommand.Ping) { Socket = _socket, Retries = 0 }));
        }
    }
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>Whether the own NAT can be worked with.</summary>
internal enum NatVerdict
{
    /// <summary>Answers are still awaited.</summary>
    Pending,
    Stable,
    Unstable,
}

/// <summary>The sockets of one holepunch: learns their NAT, sends probes from them and sees which of them is reached.</summary>
internal sealed class Puncher
{
    private readonly HolepunchOptions _options;
    private readonly PunchVantage _vantage;
    private readonly bool _isInitiator;
    private readonly Func<PunchTicket> _nextTicket;
    private readonly IEntropy _entropy;
    private readonly Queue<PunchEffect> _effects;
    private readonly List<LocalSocket> _sockets = [];
    private readonly Permit _permit;
    private NatSampling _sampling;
    private ProbeSchedule? _schedule;
    private int _reopens;
    private int _echoes;

    public Puncher(
        HolepunchOptions options, PunchVantage vantage, bool isInitiator, FirewallState remote, Func<PunchTicket> nextTicket, IEntropy entropy,
        Queue<PunchEffect> effects)
    {
        (_options, _vantage, _isInitiator, _nextTicket, _entropy, _effects) = (options, vantage, isInitiator, nextTicket, entropy, effects);
        _permit = new Permit(effects);
        Remote = new RemoteNat(remote, options.MaxRemoteAddresses);
        Socket = Open();
        _sampling = new NatSampling(vantage, Socket, options.Samples, nextTicket, effects);
    }

    /// <summary>The socket whose NAT is known, from which rounds are sent.</summary>
    public LocalSocket Socket { get; private set; }

    public NatAnalysis Nat => _sampling.Nat;

    public RemoteNat Remote { get; }

    public Permit RandomPermit => _permit;

    public bool IsPunching => !IsOver && _schedule is { IsOver: false };

    /// <summary>Closed, or a way was found.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Everything was tried in vain.</summary>
    public bool IsExhausted => !IsOver && _schedule is { IsOver: true };

    /// <summary>One side's port is unknown, so that punching is a search.</summary>
    public bool IsSearch => Remote.IsRandom || Nat.Firewall >= FirewallState.Random;

    public TimeSpan? NextDeadline => IsOver ? null : _schedule?.NextDeadline;

    /// <summary>How long to leave a side alone that is busy with other searches.</summary>
    public TimeSpan DrawRetryPause()
        => _options.RetryPause + TimeSpan.FromMilliseconds(_entropy.NextInt32(1 + (int)_options.RetrySpread.TotalMilliseconds));

    /// <summary>Sends a probe that the remote is to receive.</summary>
    public void Probe(LocalSocket socket, PeerAddress to) => Send(socket, to, 0);

    /// <summary>Opens our own NAT for an address with a probe that dies on its way.</summary>
    public void Knock(LocalSocket socket, PeerAddress to) => Send(socket, to, _options.ShortTimeToLive);

    public bool HandleReply(PunchTicket ticket, ReceivedReply reply) => _sampling.HandleReply(ticket, reply);

    public bool HandleFailure(PunchTicket ticket) => _sampling.HandleFailure(ticket);

    /// <summary>A probe came in. The server sends one back; for the client it is the way, which is answered once.</summary>
    public PeerAddress? HandleProbe(LocalSocket socket, PeerAddress from)
    {
        if (IsOver || !_sockets.Contains(socket))
            return null;
        if (_isInitiator)
        {
            Close(socket);
            return from;
        }

        if (_echoes++ < _options.MaxEchoes)
            Probe(socket, from);
        return null;
    }

    /// <param name="mayReopen">Try other sockets while the NAT makes no sense.</param>
    public NatVerdict Judge(bool mayReopen)
    {
        if (!Nat.IsComplete)
            return NatVerdict.Pending;
        if (!IsUnstable)
            return mayReopen && _reopens > 0 && !Nat.IsConsistent ? NatVerdict.Unstable : NatVerdict.Stable;
        if (!mayReopen || _reopens >= _options.MaxReopens || IsPunching || IsOver)
            return NatVerdict.Unstable;
        Reopen();
        return Judge(mayReopen);
    }

    /// <summary>False when the two NATs, or what is known of the remote's, leave no way.</summary>
    public bool TryPunch(TimeSpan now)
    {
        if (IsOver)
            return false;
        if (_schedule is null)
        {
            _schedule = Plan(now);
            if (_schedule is not null)
                _effects.Enqueue(new PunchEffect.Begun(IsSearching));
            Advance(now);
        }

        return _schedule is not null;
    }

    public void Advance(TimeSpan now)
    {
        if (!IsOver)
            _schedule?.Advance(now);
    }

    /// <param name="kept">The socket that the connection goes on with, if there is one.</param>
    public void Close(LocalSocket? kept = null)
    {
        if (IsOver)
            return;
        IsOver = true;
        foreach (LocalSocket socket in _sockets.Where(socket => socket != kept))
            _effects.Enqueue(new PunchEffect.CloseSocket(socket));
        _permit.Release(wasUsed: IsSearching);
    }

    private bool IsSearching => _schedule is RandomPortProbes or BirthdayProbes;

    private bool IsUnstable => Nat.Firewall == FirewallState.Unknown || (Remote.IsRandom && Nat.Firewall >= FirewallState.Random);

    private ProbeSchedule? Plan(TimeSpan now)
    {
        if (Remote.Addresses.Count == 0)
            return null;
        if (Nat.IsConsistent && Remote.IsConsistent)
        {
            // The server's fast answer has just gone out.
            return new ConsistentProbes(this, _options, _isInitiator ? now : now + _options.ConsistentInterval);
        }

        if (Remote.Verified is not { } verified)
            return null;
        if (Nat.IsConsistent && Remote.IsRandom)
            return new RandomPortProbes(this, verified, _entropy, _options, now);
        if (Nat.Firewall < FirewallState.Random || !Remote.IsConsistent)
            return null;
        while (_sockets.Count < _options.BirthdaySockets)
            Knock(Open(), verified);
        return new BirthdayProbes(this, verified, _sockets, _options, now + _options.BirthdayPause);
    }

    private void Reopen()
    {
        _reopens++;
        LocalSocket previous = Socket;
        _sockets.Remove(previous);
        Socket = Open();
        _effects.Enqueue(new PunchEffect.CloseSocket(previous));
        _sampling = new NatSampling(_vantage, Socket, _options.Samples, _nextTicket, _effects);
    }

    // A random number is unique on the node without anybody keeping count; the lowest ones are the node's own sockets.
    private LocalSocket Open()
    {
        LocalSocket socket = new(LocalSocket.Client.Index + 1 + _entropy.NextInt32(int.MaxValue - LocalSocket.Client.Index));
        _sockets.Add(socket);
        _effects.Enqueue(new PunchEffect.OpenSocket(socket));
        return socket;
    }

    private void Send(LocalSocket socket, PeerAddress to, int timeToLive)
    {
        if (to.Port != 0)
            _effects.Enqueue(new PunchEffect.Probe(socket, to, timeToLive));
    }
}

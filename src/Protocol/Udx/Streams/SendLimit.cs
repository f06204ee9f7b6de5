using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>The window the remote end announces, and the probing of a closed one.</summary>
internal sealed class SendLimit(UdxStreamOptions options, RoundTripEstimator roundTrip)
{
    private uint _bytes = (uint)options.ReceiveWindowBytes;
    private bool _updated;
    private uint _updateSequence;
    private long _updateAcknowledgement;
    private TimeSpan? _probeAt;

    public uint Bytes => _bytes;

    public bool IsClosed => _bytes == 0;

    public TimeSpan? Deadline => _probeAt;

    /// <summary>Packets the window has room for; any open window has room for one.</summary>
    public int Packets(int payloadBytes) => IsClosed ? 0 : (int)Math.Max(1, _bytes / payloadBytes);

    /// <summary>Takes the window of a packet unless a later packet has spoken already.</summary>
    public void Update(in PacketHeader header, long acknowledgement)
    {
        int newer = (int)(header.Sequence - _updateSequence);
        if (_updated && newer < 0)
            return;
        if (_updated && newer == 0 && acknowledgement < _updateAcknowledgement)
            return;
        _updated = true;
        _updateSequence = header.Sequence;
        _updateAcknowledgement = acknowledgement;
        _bytes = header.ReceiveWindow;
        if (!IsClosed)
            _probeAt = null;
    }

    /// <summary>True when a probe is to be sent now because nothing else can bring news of the window.</summary>
    public bool ShouldProbe(TimeSpan now)
    {
        if (_probeAt is { } probeAt && now < probeAt)
            return false;
        _probeAt = now + (_probeAt is null ? roundTrip.RetransmissionTimeout : 2 * roundTrip.RetransmissionTimeout);
        return true;
    }

    public void StopProbing() => _probeAt = null;
}

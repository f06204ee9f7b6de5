using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Packets sent and not acknowledged cumulatively, by number and in order of sending.</summary>
internal sealed class SendWindow(uint initialSequence)
{
    private const long None = -1;
    private const int InitialCapacity = 16;
    private const int RetainedCapacity = 64;
    private readonly Queue<long> _lost = new();
    private SentPacket[] _packets = [];
    private NumberSet _delivered = NumberSet.Empty;
    private long _latestSent = None;

    /// <summary>Number of the first packet not acknowledged cumulatively.</summary>
    public long Oldest { get; private set; } = SequenceNumber.First(initialSequence);

    /// <summary>Number of the next new packet.</summary>
    public long Next { get; private set; } = SequenceNumber.First(initialSequence);

    /// <summary>One past the highest packet known to be delivered.</summary>
    public long HighestDelivered { get; private set; } = SequenceNumber.First(initialSequence);

    /// <summary>Packets neither delivered nor declared lost.</summary>
    public int InFlight { get; private set; }

    /// <summary>Packets delivered out of order.</summary>
    public int SackedCount { get; private set; }

    /// <summary>Bytes in packets delivered out of order.</summary>
    public int SackedBytes { get; private set; }

    /// <summary>The packet in flight that was sent the longest ago, or -1.</summary>
    public long EarliestSent { get; private set; } = None;

    public int Outstanding => (int)(Next - Oldest);

    public ref SentPacket this[long number] => ref _packets[(int)(number & (_packets.Length - 1))];

    /// <summary>Takes the next number for a packet that is being sent now.</summary>
    public long Add(in SentPacket packet)
    {
        if (Outstanding == _packets.Length)
            Grow();
        long number = Next++;
        this[number] = packet;
        _delivered.Remove(number);
        AppendSent(number);
        return number;
    }

    /// <summary>The first packet from <paramref name="number"/> on that is not known to be delivered, or <paramref name="end"/>.</summary>
    public long NextUndelivered(long number, long end) => _delivered.First(number, end, isMember: false);

    public void MarkDelivered(long number)
    {
        ref SentPacket packet = ref this[number];
        if (packet.State == SentPacketState.InFlight)
            UnlinkSent(ref packet, number);
        packet.State = SentPacketState.Delivered;
        _delivered.Add(number);
        SackedCount++;
        SackedBytes += packet.Length;
        HighestDelivered = Math.Max(HighestDelivered, number + 1);
    }

    /// <summary>Queues a packet in flight for retransmission.</summary>
    public void MarkLost(long number)
    {
        ref SentPacket packet = ref this[number];
        UnlinkSent(ref packet, number);
        packet.State = SentPacketState.Lost;
        _lost.Enqueue(number);
    }

    /// <summary>A lost packet, or one sent again as a probe, is in flight from now.</summary>
    public void MarkSentAgain(long number, TimeSpan now)
    {
        ref SentPacket packet = ref this[number];
        if (packet.State == SentPacketState.InFlight)
            UnlinkSent(ref packet, number);
        packet.State = SentPacketState.InFlight;
        packet.SentAt = now;
        packet.Transmissions++;
        AppendSent(number);
    }

    /// <summary>The next packet to retransmit; it stays queued until <see cref="MarkSentAgain"/>.</summary>
    public bool TryPeekLost(out long number)
    {
        while (_lost.TryPeek(out number))
        {
            if (number >= Oldest && this[number].State == SentPacketState.Lost)
                return true;
            _lost.Dequeue();
        }

        return false;
    }

    /// <summary>Forgets the oldest packet, which must have been marked delivered.</summary>
    public void RemoveOldest()
    {
        SackedBytes -= this[Oldest].Length;
        SackedCount--;
        Oldest++;
        if (Oldest != Next)
            return;
        if (_packets.Length > RetainedCapacity)
            (_packets, _delivered) = ([], NumberSet.Empty);
        _lost.Clear();
    }

    private void AppendSent(long number)
    {
        ref SentPacket packet = ref this[number];
        packet.Earlier = _latestSent;
        packet.Later = None;
        if (_latestSent == None)
            EarliestSent = number;
        else
            this[_latestSent].Later = number;
        _latestSent = number;
        InFlight++;
    }

    private void UnlinkSent(ref SentPacket packet, long number)
    {
        if (packet.Earlier == None)
            EarliestSent = packet.Later;
        else
            this[packet.Earlier].Later = packet.Later;
        if (packet.Later == None)
            _latestSent = packet.Earlier;
        else
            this[packet.Later].Earlier = packet.Earlier;
        InFlight--;
    }

    private void Grow()
    {
        var larger = new SentPacket[Math.Max(InitialCapacity, _packets.Length * 2)];
        NumberSet delivered = new(larger.Length);
        for (long number = Oldest; number < Next; number++)
        {
            larger[(int)(number & (larger.Length - 1))] = this[number];
            if (this[number].State == SentPacketState.Delivered)
                delivered.Add(number);
        }

        (_packets, _delivered) = (larger, delivered);
    }
}

using System.Buffers;
using Hyper.Protocol.Udx.Congestion;
using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

/// <summary>Two streams and the virtual link between them.</summary>
internal sealed class StreamPair
{
    public const uint LeftId = 0x11111111;
    public const uint RightId = 0x22222222;
    private readonly PriorityQueue<InTransit, (TimeSpan At, long Order)> _link = new();
    private readonly Random _random;
    private long _order;

    public StreamPair(
        UdxStreamOptions? left = null,
        UdxStreamOptions? right = null,
        int seed = 1,
        bool connect = true,
        ICongestionController? congestion = null)
    {
        _random = new Random(seed);
        Left = new Side("left", new UdxStreamMachine(left ?? new UdxStreamOptions(), LeftId, congestion));
        Right = new Side("right", new UdxStreamMachine(right ?? new UdxStreamOptions(), RightId));
        if (!connect)
            return;
        Left.Stream.Connect(RightId, Now);
        Right.Stream.Connect(LeftId, Now);
    }

    public Side Left { get; }

    public Side Right { get; }

    public TimeSpan Now { get; private set; }

    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Most that is added to the latency of one datagram; larger than the gaps it reorders.</summary>
    public TimeSpan Jitter { get; init; }

    public double Loss { get; init; }

    /// <summary>Packets that the bottleneck of each direction passes; 0 for no bottleneck.</summary>
    public int PacketsPerSecond { get; init; }

    /// <summary>Packets that wait at the bottleneck; further ones are lost.</summary>
    public int QueuePackets { get; init; }

    /// <summary>Loses the datagrams for which it returns true.</summary>
    public Func<LinkPacket, bool> Drop { get; set; } = _ => false;

    /// <summary>False for transfers so long that the log would take too much memory.</summary>
    public bool KeepsLog { get; init; } = true;

    /// <summary>Every packet that was sent, lost ones included.</summary>
    public List<LinkPacket> Log { get; } = [];

    public IEnumerable<LinkPacket> SentBy(Side side) => Log.Where(packet => packet.From == side.Name);

    /// <summary>Carries packets and fires timers until the condition holds or nothing is left to do; returns whether it holds.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan? limit = null)
    {
        TimeSpan end = Now + (limit ?? TimeSpan.FromMinutes(10));
        Drain();
        while (!condition())
        {
            TimeSpan? next = NextEvent();
            if (next is null || next > end)
                return false;
            Now = next.Value > Now ? next.Value : Now;
            Step();
        }

        return true;
    }

    /// <summary>Lets time pass.</summary>
    public void RunFor(TimeSpan duration)
    {
        TimeSpan end = Now + duration;
        _ = RunUntil(() => false, duration);
        Now = end;
    }

    public void Drain()
    {
        Drain(Left, Right);
        Drain(Right, Left);
    }

    private void Step()
    {
        while (_link.TryPeek(out _, out (TimeSpan At, long Order) key) && key.At <= Now)
        {
            InTransit arrived = _link.Dequeue();
            arrived.To.Stream.HandleDatagram(arrived.Bytes, Now);
            Drain();
        }

        foreach (Side side in new[] { Left, Right })
        {
            if (side.Stream.NextDeadline <= Now)
                side.Stream.HandleTimeout(Now);
        }

        Drain();
    }

    private TimeSpan? NextEvent()
    {
        TimeSpan? next = _link.TryPeek(out _, out (TimeSpan At, long Order) key) ? key.At : null;
        foreach (TimeSpan? deadline in new[] { Left.Stream.NextDeadline, Right.Stream.NextDeadline })
            next = next is null || deadline < next ? deadline ?? next : next;
        return next;
    }

    private void Drain(Side from, Side to)
    {
        while (from.Stream.TryTake(out UdxStreamEffect effect))
        {
            if (effect is UdxStreamEffect.Transmit transmit)
                Carry(transmit.Packets, from, to);
            else
                from.Note(effect);
        }
    }

    private void Carry(PacketBatch batch, Side from, Side to)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            byte[] bytes = batch[i].ToArray();
            Assert.True(PacketHeader.TryDecode(bytes, out PacketHeader header));
            var packet = new LinkPacket(Now, from.Name, header, bytes, batch.PathOf(i), Log.Count);
            if (KeepsLog)
                Log.Add(packet);
            if (Drop(packet) || (Loss > 0 && _random.NextDouble() < Loss))
                continue;
            if (!TryPassBottleneck(from, out TimeSpan departure))
                continue;
            TimeSpan arrival = departure + Latency + (Jitter * _random.NextDouble());
            _link.Enqueue(new InTransit(to, bytes), (arrival, _order++));
        }

        batch.Dispose();
    }

    private bool TryPassBottleneck(Side from, out TimeSpan departure)
    {
        departure = Now;
        if (PacketsPerSecond == 0)
            return true;
        TimeSpan gap = TimeSpan.FromSeconds(1.0 / PacketsPerSecond);
        TimeSpan free = from.LinkFreeAt > Now ? from.LinkFreeAt : Now;
        if (free - Now > gap * QueuePackets)
            return false;
        departure = from.LinkFreeAt = free + gap;
        return true;
    }

    private sealed record InTransit(Side To, byte[] Bytes);
}

/// <summary>A packet as the link saw it.</summary>
internal sealed record LinkPacket(TimeSpan SentAt, string From, PacketHeader Header, byte[] Bytes, int Path, int Index)
{
    public string Hex => Convert.ToHexStringLower(Bytes);

    public int PayloadLength => Bytes.Length - PacketHeader.EncodedSize - Header.DataOffset;
}

/// <summary>One end: its stream and everything it has told its reader.</summary>
internal sealed class Side(string name, UdxStreamMachine stream)
{
    private readonly ArrayBufferWriter<byte> _received = new();

    public string Name { get; } = name;

    /// <summary>When the bottleneck has passed on everything sent so far.</summary>
    public TimeSpan LinkFreeAt { get; set; }

    public UdxStreamMachine Stream { get; } = stream;

    public List<UdxStreamEffect> Events { get; } = [];

    public List<byte[]> Messages { get; } = [];

    public byte[] Received => _received.WrittenSpan.ToArray();

    public long ReceivedCount => _received.WrittenCount;

    public UdxCloseReason? CloseReason => Events.OfType<UdxStreamEffect.Closed>().SingleOrDefault()?.Reason;

    public bool SawEnd => Events.OfType<UdxStreamEffect.RemoteEnded>().Any();

    public void Note(UdxStreamEffect effect)
    {
        Assert.Null(CloseReason);
        if (effect is UdxStreamEffect.DataReceived data)
        {
            Assert.False(SawEnd);
            foreach (ReadOnlyMemory<byte> piece in data.Pieces)
                _received.Write(piece.Span);
        }
        else if (effect is UdxStreamEffect.MessageReceived message)
        {
            Messages.Add(message.Bytes.ToArray());
        }
        else
        {
            Events.Add(effect);
        }
    }
}

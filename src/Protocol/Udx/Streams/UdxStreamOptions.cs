namespace Hyper.Protocol.Udx.Streams;

/// <summary>Limits and timing of one stream; the defaults are the reference peer's.</summary>
public sealed record UdxStreamOptions
{
    /// <summary>First sequence number this end sends; the DHT always agrees on 0.</summary>
    public uint InitialSequence { get; init; }

    /// <summary>First sequence number the remote end sends.</summary>
    public uint InitialRemoteSequence { get; init; }

    /// <summary>IP, UDP and UDX headers plus payload of a full packet, before a larger size is known to pass.</summary>
    public int PacketBytes { get; init; } = 1200;

    /// <summary>Largest full packet that the search tries; <see cref="PacketBytes"/> or less turns the search off.</summary>
    public int MaximumPacketBytes { get; init; } = 1500;

    public int PacketSizeStep { get; init; } = 32;

    /// <summary>Probes of one size that may get lost before the search ends.</summary>
    public int PacketSizeLosses { get; init; } = 3;

    /// <summary>IPv4, UDP and UDX headers.</summary>
    public int HeaderBytes { get; init; } = 48;

    /// <summary>The reference sizes its first packet for IPv6 headers, before it knows where the packet goes.</summary>
    public int FirstPacketHeaderBytes { get; init; } = 68;

    /// <summary>Bytes announced as acceptable at first, and until it is known what the remote end announces.</summary>
    public int ReceiveWindowBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>What the announced bytes grow to, doubled with each window of bytes read: a fast long path holds more than the first.</summary>
    public int MaximumReceiveWindowBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>When true the announced window shrinks by what the reader was given and has not confirmed with <c>BytesRead</c>.</summary>
    public bool AnnounceReaderBacklog { get; init; }

    /// <summary>Packets ahead of the expected one that are kept; anything further ahead is dropped.</summary>
    public int MaximumReorderPackets { get; init; } = 16384;

    /// <summary>Bytes kept in the reorder buffer.</summary>
    public int MaximumReorderBytes { get; init; } = 24 * 1024 * 1024;

    /// <summary>Unordered messages waiting to be taken; further ones are dropped.</summary>
    public int MaximumQueuedMessages { get; init; } = 256;

    /// <summary>Queued bytes above this, plus the window, make a write report back-pressure.</summary>
    public int WritableBytes { get; init; } = 256 * 1024;

    /// <summary>Writing past this is a bug of the caller, which ignored back-pressure.</summary>
    public int MaximumQueuedBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>Packets sent and not yet acknowledged.</summary>
    public int MaximumWindowPackets { get; init; } = 16384;

    /// <summary>A batch of outgoing datagrams is handed out when it reaches this size.</summary>
    public int BatchBytes { get; init; } = 128 * 1024;

    /// <summary>Packets that arrive together and are acknowledged by one packet.</summary>
    public int PacketsPerAcknowledgement { get; init; } = 32;

    /// <summary>How long a packet waits for data that acknowledges it, in a conversation; the reference answers each at once.</summary>
    public TimeSpan AcknowledgementPatience { get; init; } = TimeSpan.Zero;

    public TimeSpan InitialRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MinimumRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaximumRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Expiries one packet survives; the next one closes the stream.</summary>
    public int MaximumRetransmissionTimeouts { get; init; } = 6;

    /// <summary>Idle time between HEARTBEAT packets; off by default, as in the DHT's streams.</summary>
    public TimeSpan? HeartbeatInterval { get; init; }
}

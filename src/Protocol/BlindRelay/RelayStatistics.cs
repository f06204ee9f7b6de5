namespace Hyper.Protocol.BlindRelay;

/// <summary>What a relay has done so far, in the terms of upstream's statistics.</summary>
public sealed class RelayStatistics
{
    public long SessionsOpened { get; internal set; }

    public long SessionsClosed { get; internal set; }

    /// <summary>Halves of pairs that were asked for and not refused.</summary>
    public long PairingsRequested { get; internal set; }

    public long PairingsMatched { get; internal set; }

    /// <summary>Pairings that were withdrawn, or whose session closed while they waited.</summary>
    public long PairingsCancelled { get; internal set; }

    /// <summary>Two for each pair.</summary>
    public long StreamsOpened { get; internal set; }

    public long StreamsClosed { get; internal set; }

    public long ForwardedPackets { get; private set; }

    public long ForwardedBytes { get; private set; }

    /// <summary>Adds what a link has forwarded since it was last counted.</summary>
    public void AddForwarded(long packets, long bytes)
        => (ForwardedPackets, ForwardedBytes) = (ForwardedPackets + packets, ForwardedBytes + bytes);

    /// <summary>The counts as they are now.</summary>
    public RelayStatistics Copy() => (RelayStatistics)MemberwiseClone();
}

namespace Hyper.Actors.Runtime.Udp;

/// <summary>Limits of UDP sockets.</summary>
public sealed record UdpOptions
{
    /// <summary>Longer datagrams are cut short; nothing in this stack sends more than 1500 bytes.</summary>
    public int LargestDatagram { get; init; } = 2048;

    /// <summary>Datagrams handed over in one batch.</summary>
    public int LargestBatch { get; init; } = 64;

    /// <summary>What to ask of the system for arriving datagrams, four times what upstream asks for; it may grant less.</summary>
    public int ReceiveBufferBytes { get; init; } = 4 << 20;

    /// <summary>What to ask of the system for datagrams that leave, as upstream does; it may grant less.</summary>
    public int SendBufferBytes { get; init; } = 212_992;

    /// <summary>Many datagrams with one system call, where the system is known to have such calls.</summary>
    public bool UsesBatchedCalls { get; init; } = true;

    /// <summary>Datagrams that are equally long go to the system in one piece, which it cuts as late as it can: whoever watches the way sees pieces.</summary>
    public bool UsesSegmentation { get; init; } = true;

    public static UdpOptions Default { get; } = new();
}

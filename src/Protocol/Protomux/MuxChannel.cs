namespace Hyper.Protocol.Protomux;

/// <summary>A channel that exists on this side.</summary>
internal sealed class MuxChannel(int handle, int localId, int messageCount, Pairing pairing)
{
    internal int Handle => handle;

    internal int LocalId => localId;

    internal int MessageCount => messageCount;

    internal Pairing Pairing => pairing;

    /// <summary>The remote's id for the channel; 0 until its open has come.</summary>
    internal int RemoteId { get; set; }
}

/// <summary>A channel that exists on the remote side: paired, or parked with what has arrived for it.</summary>
internal sealed class RemoteChannel
{
    private const int CostPerMessage = 512;

    internal MuxChannel? Paired { get; init; }

    internal Pairing? ParkedIn { get; set; }

    internal ReadOnlyMemory<byte> Handshake { get; private init; }

    internal List<(int Type, ReadOnlyMemory<byte> Payload)> Messages { get; } = [];

    /// <summary>What the parked open and its messages are charged, by upstream's formula.</summary>
    internal int ParkedBytes { get; private set; }

    internal static RemoteChannel Park(Pairing pairing, ReadOnlyMemory<byte> handshake, int openLength)
        => new() { ParkedIn = pairing, Handshake = handshake.ToArray(), ParkedBytes = CostPerMessage + openLength };

    /// <summary>Keeps a copy, because a slice would hold on to the whole input.</summary>
    internal int Keep(int type, ReadOnlyMemory<byte> payload)
    {
        Messages.Add((type, payload.ToArray()));
        ParkedBytes += CostPerMessage + payload.Length;
        return CostPerMessage + payload.Length;
    }
}

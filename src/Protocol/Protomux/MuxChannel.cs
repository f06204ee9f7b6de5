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
    private int _openLength;

    internal MuxChannel? Paired { get; init; }

    internal Pairing? ParkedIn { get; set; }

    internal ReadOnlyMemory<byte> Handshake { get; private init; }

    internal ParkedMessages Messages { get; } = new();

    /// <summary>Bytes of memory that the parked open and its messages take.</summary>
    internal int ParkedBytes => _openLength + Messages.ByteLength;

    internal static RemoteChannel Park(Pairing pairing, ReadOnlyMemory<byte> handshake, int openLength)
        => new() { ParkedIn = pairing, Handshake = handshake.ToArray(), _openLength = openLength };
}

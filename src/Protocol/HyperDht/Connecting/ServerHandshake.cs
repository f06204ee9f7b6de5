using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>One client's handshake at a server, kept for a while so that copies get the same answer.</summary>
/// <param name="slot">The number that a holepunch would name.</param>
internal sealed class ServerHandshake(Bytes32 key, int slot)
{
    /// <summary>Hash of the client's Noise message.</summary>
    public Bytes32 Key { get; } = key;

    public int Slot { get; } = slot;

    /// <summary>The client as the last relay saw it.</summary>
    public PeerAddress Client { get; init; }

    /// <summary>Our Noise message; absent means that the client gets no answer.</summary>
    public byte[]? Reply { get; set; }

    public NoiseResult? Noise { get; set; }

    public NoisePayload? Payload { get; set; }

    public uint StreamId { get; set; }

    /// <summary>The relay that the server offered to the client, if any.</summary>
    public RelayThroughInfo? Offer { get; set; }

    /// <summary>The client shall see the socket of its holepunch as the server's address.</summary>
    public bool IsAnsweredFromPuncher { get; set; }

    /// <summary>When to forget the handshake.</summary>
    public TimeSpan Deadline { get; set; }
}

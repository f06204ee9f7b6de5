namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>What a server has turned away since it began to listen.</summary>
/// <param name="Refused">Clients that the firewall turned away.</param>
/// <param name="Malformed">Messages that are no handshake for the server's key.</param>
/// <param name="Repeated">Copies of a handshake that was handled already, as several relays or an eavesdropper send them.</param>
/// <param name="TooMany">Handshakes for which there was no room.</param>
/// <param name="Displaced">Half-open handshakes that gave way to others.</param>
/// <param name="Rounds">Rounds of holepunches that belong to no handshake, are not sealed by its client, or are too many.</param>
public sealed record HandshakeCounts(long Refused, long Malformed, long Repeated, long TooMany, long Displaced, long Rounds)
{
    public static HandshakeCounts None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Of two servers together.</summary>
    public HandshakeCounts Add(HandshakeCounts other)
        => new(
            Refused + other.Refused, Malformed + other.Malformed, Repeated + other.Repeated, TooMany + other.TooMany,
            Displaced + other.Displaced, Rounds + other.Rounds);
}

namespace Hyper.Protocol.SecretStream.Noise;

/// <summary>The words of a handshake pattern; in agreements the initiator's key comes first.</summary>
internal enum NoiseToken
{
    Ephemeral,
    Static,
    EphemeralEphemeral,
    EphemeralStatic,
    StaticEphemeral,
    StaticStatic,
}

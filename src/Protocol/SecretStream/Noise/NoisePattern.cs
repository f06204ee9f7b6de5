namespace Hyper.Protocol.SecretStream.Noise;

/// <summary>The two handshake patterns of the stack.</summary>
public enum NoisePattern
{
    /// <summary>The initiator knows the responder's key: two messages, used by every DHT connection.</summary>
    IK,

    /// <summary>Neither side knows the other's key: three messages, used by bare streams.</summary>
    XX,
}

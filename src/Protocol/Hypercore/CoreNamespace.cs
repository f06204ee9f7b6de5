using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hypercore;

/// <summary>The domain-separation constants of Hypercore (reference 1.1).</summary>
public static class CoreNamespace
{
    public static Bytes32 Tree { get; } = Blake2b.Namespace("hypercore", 0);

    public static Bytes32 ReplicateInitiator { get; } = Blake2b.Namespace("hypercore", 1);

    public static Bytes32 ReplicateResponder { get; } = Blake2b.Namespace("hypercore", 2);

    public static Bytes32 Manifest { get; } = Blake2b.Namespace("hypercore", 3);

    /// <summary>The namespace of a signer that names none.</summary>
    public static Bytes32 DefaultSigner { get; } = Blake2b.Namespace("hypercore", 4);

    public static Bytes32 BlockEncryption { get; } = Blake2b.Namespace("hypercore", 5);
}

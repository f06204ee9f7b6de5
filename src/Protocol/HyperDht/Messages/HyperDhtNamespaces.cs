using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>The constants that keep signatures and hashes of one purpose from serving another.</summary>
public static class HyperDhtNamespaces
{
    private const string Name = "hyperswarm/dht";

    public static Bytes32 PeerHandshake { get; } = Blake2b.Namespace(Name, (byte)HyperDhtCommand.PeerHandshake);

    public static Bytes32 PeerHolepunch { get; } = Blake2b.Namespace(Name, (byte)HyperDhtCommand.PeerHolepunch);

    public static Bytes32 Announce { get; } = Blake2b.Namespace(Name, (byte)HyperDhtCommand.Announce);

    public static Bytes32 Unannounce { get; } = Blake2b.Namespace(Name, (byte)HyperDhtCommand.Unannounce);

    public static Bytes32 MutablePut { get; } = Blake2b.Namespace(Name, (byte)HyperDhtCommand.MutablePut);
}

using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht;

/// <summary>Nodes of test networks that got into the public one by accident; upstream neither visits nor keeps them.</summary>
public static class StrayNodes
{
    private static readonly HashSet<PeerAddress> Addresses =
    [
        new(0x86d11c62, 49738), // 134.209.28.98
        new(0xa7638eb9, 49738), // 167.99.142.185
        new(0x23e92ffc, 9400), // 35.233.47.252
    ];

    // 150.136.142.116, whatever the port.
    private const uint Host = 0x96888e74;

    /// <summary>False for a node to be left alone.</summary>
    public static bool Admit(PeerAddress node) => node.Host != Host && !Addresses.Contains(node);
}

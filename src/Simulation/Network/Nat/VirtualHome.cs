using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Network.Nat;

/// <summary>A private network behind one NAT of the virtual network; peers inside it reach each other directly.</summary>
public sealed class VirtualHome
{
    internal VirtualHome(uint host, NatBehaviour behaviour, IEntropy entropy)
        => (Host, Router) = (host, new NatRouter(behaviour, host, entropy));

    /// <summary>The one public host.</summary>
    public uint Host { get; }

    internal NatRouter Router { get; }
}

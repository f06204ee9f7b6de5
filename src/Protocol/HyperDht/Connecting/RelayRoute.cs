using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>How two peers meet at a blind relay; the one whose relay it is initiates, and the server's relay goes before the client's.</summary>
/// <param name="Relay">The key that the relay listens under.</param>
/// <param name="Token">Names the pair to the relay.</param>
public sealed record RelayRoute(PublicKey Relay, Bytes32 Token, bool IsInitiator)
{
    /// <summary>What a side offers: one of its relays, with a fresh token; nothing when it has none.</summary>
    internal static RelayThroughInfo? Offer(IReadOnlyList<PublicKey> relays, IEntropy entropy)
        => relays.Count == 0 ? null : new RelayThroughInfo(relays[entropy.NextInt32(relays.Count)].Value, entropy.Next32());

    /// <summary>What both have agreed on.</summary>
    /// <param name="client">What the client offered.</param>
    /// <param name="server">What the server offered.</param>
    /// <param name="isServer">Whose view it is.</param>
    internal static RelayRoute? Of(RelayThroughInfo? client, RelayThroughInfo? server, bool isServer)
        => server is not null ? new RelayRoute(new PublicKey(server.PublicKey), server.Token, isServer)
            : client is not null ? new RelayRoute(new PublicKey(client.PublicKey), client.Token, !isServer)
            : null;
}

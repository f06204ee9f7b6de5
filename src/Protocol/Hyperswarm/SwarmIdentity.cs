using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hyperswarm;

/// <summary>Whose swarm it is.</summary>
/// <param name="Own">The key under which the swarm listens and dials.</param>
/// <param name="Refuses">Peers that shall neither be dialled nor accepted; asked again each time, so it must not change its mind.</param>
public sealed record SwarmIdentity(PublicKey Own, Func<PublicKey, bool> Refuses)
{
    public SwarmIdentity(PublicKey own)
        : this(own, _ => false)
    {
    }
}

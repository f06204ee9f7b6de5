using Hyper.Protocol.HyperDht.Holepunching;

namespace Hyper.Actors.Networking.Dht.Punching;

/// <summary>What passes between the holepunches of a peer and its DHT.</summary>
internal static class PunchProtocol
{
    /// <summary>Something that the holepunch of a stream needs.</summary>
    public sealed record Order(uint StreamId, PunchEffect Effect);

    /// <summary>Whether a search for a random port may begin.</summary>
    public sealed record PermitDecided(uint StreamId, bool IsGranted);
}

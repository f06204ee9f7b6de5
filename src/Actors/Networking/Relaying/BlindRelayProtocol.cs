using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>What a blind relay tells its owner and answers.</summary>
public static class BlindRelayProtocol
{
    public interface IEvent;

    public interface IQuery;

    /// <summary>Answered by <see cref="Load"/>.</summary>
    public sealed record GetLoad : IQuery;

    /// <summary>The relay can be found under its key.</summary>
    public sealed record Ready(PublicKey Key) : IEvent;

    /// <summary>The port is taken; the relay stops.</summary>
    public sealed record BindFailed(string Reason) : IEvent;

    /// <param name="Sessions">Clients with an open channel.</param>
    /// <param name="Waiting">Tokens that wait for their other half.</param>
    /// <param name="Links">Pairs of streams.</param>
    /// <param name="Dropped">Messages that no honest peer sends, or that were beyond a limit.</param>
    /// <param name="Statistics">What the relay has done so far; what a link forwards is added when it ends, and each time it is looked after.</param>
    public sealed record Load(int Sessions, int Waiting, int Links, long Dropped, RelayStatistics Statistics) : IEvent;
}

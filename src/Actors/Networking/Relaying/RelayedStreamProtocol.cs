using Akka.Actor;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>What passes between the DHT of a peer, those who want a stream relayed, and who sees to it.</summary>
internal static class RelayedStreamProtocol
{
    public interface IEvent;

    /// <summary>From a dial or a listener: meet the remote at a relay as well.</summary>
    /// <param name="Connection">Of a dial; a listener's has begun already.</param>
    public sealed record Wanted(uint StreamId, RelayRoute Route, EstablishedConnection? Connection = null) : IEvent;

    /// <summary>The relay carries the stream.</summary>
    public sealed record Paired(uint StreamId) : IEvent;

    /// <summary>The relay never will, or is not needed any more.</summary>
    public sealed record Stopped(uint StreamId) : IEvent;

    /// <summary>To a dial: whether the relay carries its stream.</summary>
    public sealed record Outcome(bool IsPaired);

    /// <summary>A stream, and where it shall be paired.</summary>
    public sealed record Order(uint StreamId, RelayRoute Route, IActorRef Connection);
}

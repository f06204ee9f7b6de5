using Akka.Actor;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>What the replication of a peer, <c>ReplicationActor</c>, is told by the peer.</summary>
public static class ReplicationProtocol
{
    /// <summary>An order.</summary>
    public interface ICommand;

    /// <summary>Replicates an open core over every connection, present and future.</summary>
    /// <param name="Key">The core's key.</param>
    /// <param name="Core">Its actor.</param>
    /// <param name="IsFollowed">Whether others are asked for it, now and as it grows; otherwise the core is only served.</param>
    /// <param name="IsSparse">Whether a followed core fetches only the blocks that somebody reads.</param>
    public sealed record AddCore(CoreKey Key, IActorRef Core, bool IsFollowed, bool IsSparse = false) : ICommand
    {
        /// <summary>Whether peers may send blocks that were not asked for (version 11).</summary>
        public bool AllowsPush { get; init; }

        /// <summary>Whether nothing is asked for: there will be what peers send unasked.</summary>
        public bool IsPushOnly { get; init; }

        /// <summary>Whether it is one of a store, which closes it when nobody has a session of it.</summary>
        internal bool IsOfStore { get; init; }
    }

    /// <summary>Sends a stored block to every peer that takes blocks it did not ask for.</summary>
    public sealed record PushBlock(CoreKey Key, long Index) : ICommand;

    /// <summary>
    /// Replicates every core that is open in a <c>CorestoreActor</c>, fetching the blocks that somebody reads, and opens those that a
    /// remote asks for. A core of which nobody has an active session any more is exchanged until the remote wants no more either.
    /// </summary>
    /// <param name="Store">Its actor.</param>
    /// <param name="IsPassive">Whether remotes have to ask for each core; what is read is fetched from those that did.</param>
    public sealed record AddStore(IActorRef Store, bool IsPassive = false) : ICommand;

    /// <summary>No longer replicates the core.</summary>
    public sealed record RemoveCore(CoreKey Key) : ICommand;

    /// <summary>
    /// Replicates every core over a connection that has just been made; opens of its remote follow as
    /// <see cref="Networking.Connections.ConnectionProtocol.PairRequested"/>, whose sender is the connection.
    /// </summary>
    public sealed record AddConnection(IActorRef Connection, NoiseResult Session) : ICommand;
}

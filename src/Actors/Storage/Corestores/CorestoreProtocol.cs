using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>What a corestore actor is told and what it answers. Request numbers are the asker's own and come back with the answer.</summary>
public static class CorestoreProtocol
{
    /// <summary>An order to the store; answered to its sender.</summary>
    public interface ICommand
    {
        long Request { get; }
    }

    /// <summary>An order that gives its sender a session of a core.</summary>
    public interface IOpen : ICommand
    {
        /// <summary>What the session is to be like.</summary>
        SessionTerms Terms { get; }
    }

    /// <summary>A fact about the store.</summary>
    public interface IEvent;

    /// <summary>Opens our own core of that name, made when it is not there; answered by <see cref="Opened"/>.</summary>
    public sealed record OpenNamed(long Request, string Name, StoreNamespace Namespace = default) : IOpen
    {
        public SessionTerms Terms { get; init; } = SessionTerms.Default;
    }

    /// <summary>
    /// Opens a core by its identity, made when it is not there; a stored or open core learns from it what it lacks, a manifest or a key
    /// pair. Answered by <see cref="Opened"/>.
    /// </summary>
    public sealed record OpenCore(long Request, CoreIdentity Identity) : IOpen
    {
        public SessionTerms Terms { get; init; } = SessionTerms.Default;
    }

    /// <summary>Opens a core that the store has; answered by <see cref="Opened"/>, or fails without making anything.</summary>
    public sealed record OpenStored(long Request, DiscoveryKey Key) : IOpen
    {
        public SessionTerms Terms { get; init; } = SessionTerms.Default;
    }

    /// <summary>
    /// Ends one session of the sender. A core is open while somebody has a session, and a stopped actor has none.
    /// Answered by <see cref="SessionClosed"/>.
    /// </summary>
    public sealed record CloseSession(long Request, DiscoveryKey Key) : ICommand
    {
        /// <summary>Whether it was one in which nobody is asked for the core.</summary>
        public bool IsActive { get; init; } = true;
    }

    /// <summary>Which cores are stored, open or not; those of names in one namespace only, if one is given. Answered by <see cref="Cores"/>.</summary>
    public sealed record ListCores(long Request, StoreNamespace? Namespace = null) : ICommand;

    /// <summary>
    /// What a stored core says of itself without being opened: its key, its manifest, the key pair of who signs. Answered by
    /// <see cref="Identity"/>, or by <see cref="Failed"/> when its files are damaged.
    /// </summary>
    public sealed record GetIdentity(long Request, DiscoveryKey Key) : ICommand;

    /// <summary>Deletes the files of a core that nobody has open; answered by <see cref="Purged"/>.</summary>
    public sealed record Purge(long Request, DiscoveryKey Key) : ICommand;

    /// <summary>Tells the sender of every core that is open, now and later; answered by <see cref="Watching"/>.</summary>
    public sealed record Watch(long Request) : ICommand;

    /// <summary>Tells the sender no longer; answered by <see cref="Unwatched"/>.</summary>
    public sealed record Unwatch(long Request) : ICommand;

    /// <summary>
    /// Peers are being looked for until <see cref="EndFindingPeers"/>, or until the sender stops: updates of the cores of which the sender
    /// has sessions, now or later, wait for the first of them. Answered by <see cref="FindingPeers"/>.
    /// </summary>
    public sealed record BeginFindingPeers(long Request) : ICommand;

    /// <summary>Ends one search of the sender; answered by <see cref="FindingPeersEnded"/>.</summary>
    public sealed record EndFindingPeers(long Request) : ICommand;

    /// <summary>The asker has a session of the core.</summary>
    public sealed record Opened(long Request, IActorRef Core, CoreInfo Info) : IEvent;

    /// <summary>The core could not be opened, or the order not be carried out.</summary>
    public sealed record Failed(long Request, CoreProblem Problem, string Reason) : IEvent;

    public sealed record SessionClosed(long Request) : IEvent;

    public sealed record Watching(long Request) : IEvent;

    public sealed record Unwatched(long Request) : IEvent;

    public sealed record FindingPeers(long Request) : IEvent;

    public sealed record FindingPeersEnded(long Request) : IEvent;

    public sealed record Cores(long Request, ImmutableArray<DiscoveryKey> Keys) : IEvent;

    public sealed record Purged(long Request) : IEvent;

    /// <summary>Null when the store does not hold the core.</summary>
    public sealed record Identity(long Request, CoreIdentity? Core) : IEvent;

    /// <summary>To watchers: a core is open; its actor stops when the last session has ended.</summary>
    public sealed record CoreOpened(IActorRef Core, CoreInfo Info, CoreSharing Sharing) : IEvent;

    /// <summary>To watchers: a core that is open is to be exchanged otherwise from now on.</summary>
    public sealed record SharingChanged(IActorRef Core, CoreKey Key, CoreSharing Sharing) : IEvent;
}

/// <summary>What a session of a core is to be like.</summary>
public sealed record SessionTerms
{
    public static SessionTerms Default { get; } = new();

    /// <summary>Off where a core that is not stored is refused rather than made.</summary>
    public bool CreateIfMissing { get; init; } = true;

    /// <summary>Whether to wait until nobody else has an exclusive session of the core: for those who are to write it one after the other.</summary>
    public bool IsExclusive { get; init; }

    /// <summary>Whether peers are asked for the core; otherwise it is only served to those that ask.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>Whether peers may send blocks that nobody asked for (version 11); one session says it for all.</summary>
    public bool AllowsPush { get; init; }

    /// <summary>Whether peers are asked for nothing, and only what they send unasked is taken; one session says it for all.</summary>
    public bool IsPushOnly { get; init; }
}

/// <summary>How a core is exchanged with peers, as all of its sessions together want it.</summary>
public readonly record struct CoreSharing(bool IsActive, bool AllowsPush = false, bool IsPushOnly = false);

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

    /// <summary>A fact about the store.</summary>
    public interface IEvent;

    /// <summary>Opens our own core of that name, made when it is not there; answered by <see cref="Opened"/>.</summary>
    public sealed record OpenNamed(long Request, string Name, StoreNamespace Namespace = default) : ICommand;

    /// <summary>Opens a core by its identity, made when it is not there; answered by <see cref="Opened"/>.</summary>
    public sealed record OpenCore(long Request, CoreIdentity Identity) : ICommand;

    /// <summary>Opens a core that the store has; answered by <see cref="Opened"/>, or fails without making anything.</summary>
    public sealed record OpenStored(long Request, DiscoveryKey Key) : ICommand;

    /// <summary>
    /// Ends one session of the sender. A core is open while somebody has a session, and a stopped actor has none.
    /// Answered by <see cref="SessionClosed"/>.
    /// </summary>
    public sealed record CloseSession(long Request, DiscoveryKey Key) : ICommand;

    /// <summary>Which cores are stored, open or not; answered by <see cref="Cores"/>.</summary>
    public sealed record ListCores(long Request) : ICommand;

    /// <summary>Deletes the files of a core that nobody has open; answered by <see cref="Purged"/>.</summary>
    public sealed record Purge(long Request, DiscoveryKey Key) : ICommand;

    /// <summary>Tells the sender of every core that is open, now and later; answered by <see cref="Watching"/>.</summary>
    public sealed record Watch(long Request) : ICommand;

    /// <summary>The asker has a session of the core.</summary>
    public sealed record Opened(long Request, IActorRef Core, CoreInfo Info) : IEvent;

    /// <summary>The core could not be opened.</summary>
    public sealed record Failed(long Request, CoreProblem Problem, string Reason) : IEvent;

    public sealed record SessionClosed(long Request) : IEvent;

    public sealed record Watching(long Request) : IEvent;

    public sealed record Cores(long Request, ImmutableArray<DiscoveryKey> Keys) : IEvent;

    public sealed record Purged(long Request) : IEvent;

    /// <summary>To watchers: a core is open; its actor stops when the last session has ended.</summary>
    public sealed record CoreOpened(IActorRef Core, CoreInfo Info) : IEvent;
}

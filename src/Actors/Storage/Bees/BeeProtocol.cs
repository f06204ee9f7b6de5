using System.Collections.Immutable;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>What a bee actor is told and what it answers. Request numbers are the asker's own and come back with the answer.</summary>
public static class BeeProtocol
{
    /// <summary>An order to the bee; answered to its sender.</summary>
    public interface ICommand
    {
        long Request { get; }
    }

    /// <summary>A question; answered to its sender.</summary>
    public interface IQuery
    {
        long Request { get; }
    }

    /// <summary>An answer.</summary>
    public interface IEvent;

    /// <summary>Writes the changes as one batch that readers see whole; answered by <see cref="Written"/> once on disk.</summary>
    public sealed record Write(long Request, ImmutableArray<BeeEdit> Changes) : ICommand;

    /// <summary>Answered by <see cref="Entry"/>.</summary>
    /// <param name="Request">Echoed in the answer.</param>
    /// <param name="Key">Encoded key.</param>
    /// <param name="Version">Length of the core to read at; the newest when null.</param>
    public sealed record Get(long Request, ReadOnlyMemory<byte> Key, long? Version = null) : IQuery;

    /// <summary>Answered by <see cref="Entries"/>.</summary>
    public sealed record GetRange(long Request, BeeRange Range, long? Version = null) : IQuery;

    /// <summary>Every put and deletion, oldest first; answered by <see cref="History"/>.</summary>
    public sealed record GetHistory(long Request, long From = 1) : IQuery;

    /// <summary>Takes back every question of the sender with that number.</summary>
    public sealed record Cancel(long Request) : IQuery;

    /// <summary>Null when the key is not in the bee.</summary>
    public sealed record Entry(long Request, BeeEntry? Found) : IEvent;

    public sealed record Entries(long Request, ImmutableArray<BeeEntry> Found) : IEvent;

    public sealed record History(long Request, ImmutableArray<BeeChange> Found) : IEvent;

    /// <summary>The changes are on disk.</summary>
    /// <param name="Request">Of the order.</param>
    /// <param name="Version">Length of the core that holds them; unchanged when there was nothing to write.</param>
    public sealed record Written(long Request, long Version) : IEvent;

    /// <summary>The order or question failed.</summary>
    public sealed record Failed(long Request, BeeProblem Problem, string Reason) : IEvent;
}

/// <summary>A put, or with <see cref="IsDeletion"/> the removal of a key.</summary>
/// <param name="Key">Encoded key.</param>
/// <param name="Value">Null is stored as absent.</param>
/// <param name="IsDeletion">Whether the key is taken out.</param>
public sealed record BeeEdit(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value, bool IsDeletion = false);

using System.Collections.Immutable;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

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

    /// <summary>Puts and deletions, oldest first or newest first; answered by <see cref="History"/>.</summary>
    /// <param name="Request">Echoed in the answer.</param>
    /// <param name="From">The first block; below zero it counts back from the end.</param>
    /// <param name="To">The block after the last; below zero it counts back from the end, which it is when null.</param>
    /// <param name="Reverse">Whether the newest comes first.</param>
    /// <param name="Limit">Most changes that are answered.</param>
    public sealed record GetHistory(long Request, long From = 1, long? To = null, bool Reverse = false, int? Limit = null) : IQuery
    {
        /// <summary>Whether a question for the block after the last is answered once it is written.</summary>
        public bool Waits { get; init; }
    }

    /// <summary>What the left version holds otherwise than the right one, in key order; answered by <see cref="Differences"/>.</summary>
    /// <param name="Request">Echoed in the answer.</param>
    /// <param name="Right">A length of the core.</param>
    /// <param name="Left">Another; the newest when null.</param>
    /// <param name="Range">Bounds of the keys; all when null.</param>
    public sealed record GetDifferences(long Request, long Right, long? Left = null, BeeRange? Range = null) : IQuery;

    /// <summary>
    /// Tells the sender with <see cref="RangeChanged"/> when something in the range is written, or the core cut;
    /// answered by <see cref="Watching"/> and ended by <see cref="Cancel"/>.
    /// </summary>
    public sealed record Watch(long Request, BeeRange Range) : IQuery;

    /// <summary>Takes back every question and watch of the sender with that number.</summary>
    public sealed record Cancel(long Request) : IQuery;

    /// <summary>Null when the key is not in the bee.</summary>
    public sealed record Entry(long Request, BeeEntry? Found) : IEvent;

    /// <param name="Request">Of the question.</param>
    /// <param name="Found">In the order that was asked for.</param>
    /// <param name="IsCut">Whether one answer could not hold all: ask again from behind the last.</param>
    public sealed record Entries(long Request, ImmutableArray<BeeEntry> Found, bool IsCut = false) : IEvent;

    /// <inheritdoc cref="Entries"/>
    public sealed record History(long Request, ImmutableArray<BeeChange> Found, bool IsCut = false) : IEvent
    {
        /// <summary>Told to one who waits: the core was cut to this length, what was told from there on holds no longer.</summary>
        public long? CutTo { get; init; }
    }

    /// <inheritdoc cref="Entries"/>
    public sealed record Differences(long Request, ImmutableArray<BeeDifference> Found, bool IsCut = false) : IEvent;

    /// <summary>The range is watched from this version on.</summary>
    public sealed record Watching(long Request, long Version) : IEvent;

    /// <summary>The two versions differ within the range, or the core was cut between them.</summary>
    public sealed record RangeChanged(long Request, long OldVersion, long NewVersion) : IEvent;

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
public sealed record BeeEdit(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value, bool IsDeletion = false)
{
    /// <summary>Asked only when the key exists; when it says no, nothing is written. It must not depend on anything that changes.</summary>
    public WriteCondition? Condition { get; init; }
}

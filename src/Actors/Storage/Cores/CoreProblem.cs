using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Why a core cannot be opened or an order not be carried out.</summary>
public enum CoreProblem
{
    /// <summary>There is no core in the folder.</summary>
    NotFound,

    /// <summary>The folder holds another core than the one asked for.</summary>
    OtherCore,

    /// <summary>Another process or actor has the folder open.</summary>
    Locked,

    /// <summary>The folder cannot be written.</summary>
    FolderReadOnly,

    /// <summary>The folder is of a version that keeps its cores in RocksDB.</summary>
    WrongVersion,

    /// <summary>The files contradict themselves.</summary>
    Corrupt,

    NotWritable,
    OutOfRange,
    LimitReached,

    /// <summary>The disk refused; the core can still be read.</summary>
    StorageFailed,

    /// <summary>The writer has signed two histories.</summary>
    Conflicted,

    /// <summary>The core was closed first: a change that it was to make may be on disk or not.</summary>
    Closed,
}

/// <summary>Problems of the machine in the words of the actor.</summary>
internal static class CoreProblems
{
    internal static CoreProblem Of(CoreFailure failure) => failure switch
    {
        CoreFailure.NotWritable => CoreProblem.NotWritable,
        CoreFailure.OutOfRange => CoreProblem.OutOfRange,
        CoreFailure.LimitReached => CoreProblem.LimitReached,
        CoreFailure.Damaged => CoreProblem.Corrupt,
        CoreFailure.Conflicted => CoreProblem.Conflicted,
        _ => CoreProblem.StorageFailed,
    };
}

using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>Why a bee cannot answer.</summary>
public enum BeeProblem
{
    /// <summary>The core refused or failed.</summary>
    CoreFailed,

    /// <summary>The core does not hold a Hyperbee, or a damaged one.</summary>
    Malformed,

    /// <summary>Too many operations wait.</summary>
    Busy,
}

/// <summary>Faults of the tree in the words of the actor.</summary>
internal static class BeeProblems
{
    internal static BeeProtocol.Failed Answer(long request, BeeFault fault)
        => fault == BeeFault.Unavailable
            ? new BeeProtocol.Failed(request, BeeProblem.CoreFailed, "a block of the tree cannot be had")
            : new BeeProtocol.Failed(request, BeeProblem.Malformed, "the core does not hold a well-formed Hyperbee");
}

using Hyper.Protocol.Hyperbee.Nodes;
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

    /// <summary>A key with its value takes more room than a block has.</summary>
    TooLarge,
}

/// <summary>Faults of the tree in the words of the actor.</summary>
internal static class BeeProblems
{
    internal static BeeProtocol.Failed Answer(long request, BeeFault fault)
        => fault switch
        {
            BeeFault.Unavailable => new BeeProtocol.Failed(request, BeeProblem.CoreFailed, "a block of the tree cannot be had"),
            BeeFault.TooLarge => new BeeProtocol.Failed(
                request, BeeProblem.TooLarge, $"a key with its value and tree nodes takes at most {BeeLimits.MaxBlockBytes} bytes"),
            _ => new BeeProtocol.Failed(request, BeeProblem.Malformed, "the core does not hold a well-formed Hyperbee"),
        };
}

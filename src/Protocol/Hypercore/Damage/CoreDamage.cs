using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>One place where the files contradict the signed tree.</summary>
public sealed record CoreDamage(CoreFile File, long Offset, string Reason)
{
    public override string ToString() => $"{CoreStorageException.NameOf(File)} at byte {Offset}: {Reason}";
}

/// <summary>What looking through a core for damage came to.</summary>
/// <param name="Damage">Every place, as far as the limit of one look goes.</param>
/// <param name="Mended">Nodes that were computed again from what is intact.</param>
/// <param name="LostBlocks">Blocks that are no longer counted as stored; whoever wants them fetches them again.</param>
/// <param name="Wanted">Nodes to ask peers for: until then the blocks below them cannot be read.</param>
public sealed record RepairReport(IReadOnlyList<CoreDamage> Damage, long Mended, IReadOnlyList<long> LostBlocks, IReadOnlyList<WantedNode> Wanted)
{
    /// <summary>The blocks whose roots are lost and could not be computed: nothing is read until a peer brings them; null when there are none.</summary>
    public long? LostLength { get; init; }

    /// <summary>Whether there may be more behind the last place: as much was found as one look reports. The next one goes further.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Whether the next look will find less even if no peer brings anything.</summary>
    public bool HasProgress { get; init; } = Mended + LostBlocks.Count > 0;

    /// <summary>This look and what earlier ones came to as one; what these gave up is wanted still, or has come.</summary>
    public RepairReport After(RepairReport earlier) => this with
    {
        Damage = [.. earlier.Damage.Union(Damage)],
        Mended = earlier.Mended + Mended,
        LostBlocks = [.. earlier.LostBlocks.Union(LostBlocks)],
    };
}

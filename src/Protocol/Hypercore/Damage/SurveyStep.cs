using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>What one step of a survey found.</summary>
internal sealed class SurveyStep
{
    internal List<CoreDamage> Damage { get; } = [];

    /// <summary>Nodes as they must be, and blank ones for those that are given up.</summary>
    internal List<MerkleNode> Nodes { get; } = [];

    internal long Mended { get; set; }

    /// <summary>In order.</summary>
    internal List<long> LostBlocks { get; } = [];

    internal List<WantedNode> Wanted { get; } = [];
}

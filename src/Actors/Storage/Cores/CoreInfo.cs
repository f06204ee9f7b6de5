using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>How a core stands on disk.</summary>
/// <param name="Tree">The persisted state: length, fork, roots and signature.</param>
/// <param name="ByteLength">Bytes without the padding of encryption.</param>
/// <param name="ContiguousLength">Blocks from the start without a gap.</param>
/// <param name="Manifest">Null for a reader that has verified nothing yet.</param>
/// <param name="ReadOnlyReason">Why nothing can be changed; null while changes are taken.</param>
public sealed record CoreInfo(
    CoreKey Key,
    MerkleTree Tree,
    long ByteLength,
    long ContiguousLength,
    bool Writable,
    bool Compat,
    Manifest? Manifest,
    string? ReadOnlyReason)
{
    /// <summary>Blocks that are stored although the roots above them are lost: as many as there will be when a peer has brought these.</summary>
    public long? LostLength { get; init; }

    public DiscoveryKey DiscoveryKey => Key.ToDiscoveryKey();

    /// <summary>Whether nothing can be changed because the writer has signed two histories.</summary>
    public bool IsConflicted { get; init; }

    public long Length => Tree.Length;

    public long Fork => Tree.Fork;

    internal static CoreInfo Of(HypercoreMachine core) => new(
        core.Key, core.Tree, core.ByteLength, core.ContiguousLength, core.Writable, core.Compat, core.Manifest, core.ReadOnlyReason)
    {
        LostLength = core.LostLength,
        IsConflicted = core.IsConflicted,
    };
}

using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Manifests;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Why a proof could not be made.</summary>
public enum ProofFailure
{
    None,

    /// <summary>A request that no tree could answer; version 10 of the JavaScript module ends the connection over it.</summary>
    InvalidRequest,

    /// <summary>A node or block that it needs is not stored here.</summary>
    NotStored,
}

/// <summary>Collects the nodes that prove what a peer asks for (reference 3.7).</summary>
public sealed class ProofBuilder
{
    private readonly MerkleTree _tree;
    private readonly IMerkleNodes _stored;
    private readonly ProofRequest _request;
    private readonly bool _targetIsBlock;
    private readonly NodeTarget? _target;
    private List<MerkleNode>? _node;
    private List<MerkleNode>? _seek;
    private List<MerkleNode>? _upgrade;
    private List<MerkleNode>? _additional;
    private ProofFailure _failure;

    private ProofBuilder(MerkleTree tree, IMerkleNodes stored, ProofRequest request)
    {
        _tree = tree;
        _stored = stored;
        _request = request;
        _targetIsBlock = request.Block is not null;
        _target = request.Block is { } block ? block with { Index = 2 * block.Index } : request.Hash;
    }

    /// <summary>Builds a proof whose block value is empty: the caller adds it.</summary>
    public static bool TryBuild(
        MerkleTree tree, IMerkleNodes stored, ProofRequest request, Prologue? prologue, out MerkleProof proof, out ProofFailure failure)
    {
        proof = new MerkleProof(tree.Fork);
        failure = ProofFailure.None;
        if (tree.Length == 0)
            return true;
        if (!IsInRange(request))
        {
            failure = ProofFailure.InvalidRequest;
            return false;
        }

        if (prologue is not null && request.Upgrade is { } upgrade && upgrade.Start < prologue.Length)
            request = request with { Upgrade = new UpgradeTarget(0, prologue.Length) };
        ProofBuilder builder = new(tree, stored, request);
        if (builder.TryCollect())
            proof = builder.ToProof();
        failure = builder._failure;
        return failure == ProofFailure.None;
    }

    private static bool IsInRange(ProofRequest request)
        => IsCount(request.Block?.Index) && IsCount(request.Block?.Nodes) && IsCount(request.Hash?.Index) && IsCount(request.Hash?.Nodes)
            && IsCount(request.Seek?.Bytes) && IsCount(request.Seek?.Padding)
            && IsCount(request.Upgrade?.Start) && IsCount(request.Upgrade?.Length);

    private static bool IsCount(long? value) => value is null or (>= 0 and < FlatTreeIndex.MaxIndex);

    private bool TryCollect()
    {
        long head = 2 * _tree.Length;
        long from = 2 * (_request.Upgrade?.Start ?? 0);
        long to = _request.Upgrade is { } upgrade ? from + 2 * upgrade.Length : head;
        if (from >= to || to > head)
            return Fail(ProofFailure.InvalidRequest);
        if (_request.Seek is not null && _request.Upgrade is not null && _target?.Index >= from)
            return Fail(ProofFailure.InvalidRequest);
        if (_target is { } outside && FlatTreeIndex.RightSpan(outside.Index) >= head)
            return Fail(ProofFailure.NotStored);

        long embedded = to;
        if (_target is { } target && (_request.Upgrade is null || FlatTreeIndex.RightSpan(target.Index) < from))
        {
            if (!TryCollectStandalone(target, to))
                return false;
        }
        else if (_request.Upgrade is not null && _request.Seek is { } seek)
        {
            if (!TrySeekFromHead(seek, to, out embedded))
                return false;
        }
        else if (_target is not null)
        {
            embedded = _target.Value.Index;
        }

        if (_request.Upgrade is not null && !TryCollectUpgrade(from / 2, to / 2, embedded))
            return false;
        return _target is null || _node is not null || Fail(ProofFailure.InvalidRequest);
    }

    /// <summary>A node below what the requester already has: climb as many levels as it named.</summary>
    private bool TryCollectStandalone(NodeTarget target, long to)
    {
        long root = target.Index;
        for (long i = 0; i < target.Nodes; i++)
        {
            root = FlatTreeIndex.Parent(root);
            if (FlatTreeIndex.RightSpan(root) >= to)
                return Fail(ProofFailure.InvalidRequest);
        }

        long seekRoot = -1;
        if (_request.Seek is { } seek && !TrySeekWithin(root, seek, out seekRoot))
            return false;
        return TryClimb(target, seekRoot, root);
    }

    private bool TryCollectUpgrade(long start, long end, long embedded)
    {
        _upgrade = [];
        foreach (long index in FlatTreeIndex.Path(start, end))
        {
            bool embeds = _node is null && _seek is null && embedded < 2 * end && FlatTreeIndex.Contains(index, embedded);
            if (!(embeds ? TryEmbed(index, embedded) : TryAdd(_upgrade, index)))
                return false;
        }

        if (end == _tree.Length)
            return true;
        _additional = [];
        foreach (long index in FlatTreeIndex.Path(end, _tree.Length))
        {
            if (!TryAdd(_additional, index))
                return false;
        }

        return true;
    }

    private bool TryEmbed(long root, long embedded)
        => _target is { } target
            ? TryClimb(target, _request.Seek is null ? -1 : embedded, root)
            : TryCollectSeek(embedded, root);

    private bool TryClimb(NodeTarget target, long seekRoot, long root)
    {
        _node = [];
        if (!_targetIsBlock && !TryAdd(_node, target.Index))
            return false;
        for (long at = target.Index; at != root; at = FlatTreeIndex.Parent(at))
        {
            if (FlatTreeIndex.Depth(at) >= FlatTreeIndex.Depth(root))
                return Fail(ProofFailure.InvalidRequest);
            long sibling = FlatTreeIndex.Sibling(at);
            bool seeks = seekRoot >= 0 && sibling != seekRoot && FlatTreeIndex.Contains(sibling, seekRoot);
            if (!(seeks ? TryCollectSeek(seekRoot, sibling) : TryAdd(_node, sibling)))
                return false;
        }

        return true;
    }

    private bool TryCollectSeek(long seekRoot, long root)
    {
        _seek = [];
        if (!TryAdd(_seek, seekRoot))
            return false;
        for (long at = seekRoot; at != root; at = FlatTreeIndex.Parent(at))
        {
            if (!TryAdd(_seek, FlatTreeIndex.Sibling(at)))
                return false;
        }

        return true;
    }

    private bool TrySeekFromHead(SeekTarget seek, long to, out long found)
    {
        found = to;
        ByteSeeker seeker = new(_stored, seek.Padding);
        return seeker.TryFindInRoots(to / 2, seek.Bytes, out found) || Fail(seeker.Failure);
    }

    private bool TrySeekWithin(long root, SeekTarget seek, out long found)
    {
        found = -1;
        if (!_tree.TryByteOffset(_stored, root, out long offset) || !_stored.TryGet(root, out MerkleNode node))
            return Fail(ProofFailure.NotStored);
        ByteSeeker seeker = new(_stored, seek.Padding);
        return seeker.TryFindWithin(node, offset, seek.Bytes, out found) || Fail(seeker.Failure);
    }

    private bool TryAdd(List<MerkleNode> list, long index)
    {
        if (!_stored.TryGet(index, out MerkleNode node))
            return Fail(ProofFailure.NotStored);
        list.Add(node);
        return true;
    }

    private bool Fail(ProofFailure failure)
    {
        _failure = failure;
        return false;
    }

    private MerkleProof ToProof() => new(
        _tree.Fork,
        _request.Block is { } block ? new BlockProof(block.Index, default, _node!) : null,
        _request.Block is null && _request.Hash is { } hash ? new HashProof(hash.Index, _node!) : null,
        _request.Seek is { } seek && _seek is not null ? new SeekProof(seek.Bytes, _seek) : null,
        _request.Upgrade is { } upgrade
            ? new UpgradeProof(upgrade.Start, upgrade.Length, _upgrade!, _additional ?? [], _tree.Signature)
            : null);
}

using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>Decides when the peer is asked for a longer tree, the tree of a higher fork, the manifest, or evidence.</summary>
internal sealed class TreeRequests(RemotePeer remote)
{
    private bool _refused;
    private long? _upgradedFrom;
    private bool _comparing;
    private bool _conflictAsked;
    private bool _seekRefused;

    /// <summary>The peer has news: what it refused before it may grant now.</summary>
    public void HandleSync() => _refused = false;

    public void Reset()
    {
        _comparing = false;
        _upgradedFrom = null;
    }

    /// <summary>A request has ended, however.</summary>
    public void HandleEnd(ProofRequest parts)
    {
        _comparing &= parts.Hash is null;
        _seekRefused |= SeeksBeyond(parts);
    }

    public void HandleStored(ProofRequest parts)
    {
        _seekRefused = false;
        if (parts.Upgrade is { } upgrade)
            _upgradedFrom = upgrade.Start;
    }

    public void HandleRefused(ProofRequest parts)
    {
        _refused |= parts.Upgrade is not null && !SeeksBeyond(parts);
        HandleEnd(parts);
    }

    /// <summary>What the peer is to be asked for now; null for nothing.</summary>
    /// <param name="core">As it stands.</param>
    /// <param name="book">What is asked for already.</param>
    /// <param name="beyond">A byte behind the end that somebody looks for; a peer that does not help is asked without it.</param>
    public ProofRequest? Next(LocalCore core, RequestBook book, SeekTarget? beyond = null)
    {
        if (remote.Fork > core.Fork)
            return NextOfFork(book);
        // What was accepted may take a moment until it is on disk and counts as our length.
        if (CanUpgrade(core) && remote.LengthAcknowledged == core.Length && !book.HasUpgrade && core.Length != _upgradedFrom)
            return new ProofRequest(
                Seek: _seekRefused ? null : beyond, Upgrade: new UpgradeTarget(core.Length, remote.Length - core.Length));
        return !core.ManifestKnown && remote.HasManifest && remote.Length == 0 && !book.HasManifest ? new ProofRequest() : null;
    }

    /// <summary>
    /// The way to where a higher fork parts from ours. Any block below the node will do, if the peer has it: the climb is what is wanted.
    /// </summary>
    public ProofRequest? Compare(WantedNode node)
    {
        long block = remote.Blocks.NextPresent(node.FirstBlock, Math.Min(node.EndBlock, remote.Length));
        _comparing = block >= 0;
        _refused |= block < 0;
        return block < 0 ? null : new ProofRequest(Hash: new NodeTarget(2 * block, node.Levels));
    }

    /// <summary>Two trees of one writer may both be signed: the peer is asked to show all of its own, once.</summary>
    public bool TryAskForEvidence(LocalCore core, [NotNullWhen(true)] out RequestMessage? request)
    {
        long length = Math.Min(core.Length, remote.Length);
        bool asks = length > 0 && !_conflictAsked;
        request = asks ? new RequestMessage(0, remote.Fork, new ProofRequest(Upgrade: new UpgradeTarget(0, length))) : null;
        _conflictAsked |= asks;
        return asks;
    }

    /// <summary>Whether more may come of what the peer has announced.</summary>
    public bool IsPending(LocalCore core, RequestBook book)
        => book.HasUpgrade || _comparing || core.Length == _upgradedFrom
            || (remote.Fork > core.Fork ? remote.Length > 0 && !_refused : remote.Fork == core.Fork && CanUpgrade(core));

    // The rule of upstream: the peer must be able to prove it, and is asked once it knows exactly how long we are.
    private bool CanUpgrade(LocalCore core) => remote.CanUpgrade && remote.Length > core.Length && !_refused;

    private static bool SeeksBeyond(ProofRequest parts) => parts is { Seek: not null, Upgrade: not null };

    // The whole tree of a higher fork, one search at a time; faults bound how often a peer can make us begin.
    private ProofRequest? NextOfFork(RequestBook book)
        => remote.Length > 0 && !book.HasUpgrade && !_refused && !_comparing
            ? new ProofRequest(Upgrade: new UpgradeTarget(0, remote.Length)) : null;
}

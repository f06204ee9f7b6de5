using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Pushes;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Exchanges one core with one peer over one channel, in both directions.</summary>
public sealed class ReplicationMachine
{
    private readonly EffectQueue _effects = new();
    private readonly ChannelHandshake _expected;
    private readonly RemotePeer _remote;
    private readonly BlockSet _have;
    private readonly Downloader _downloader;
    private readonly Uploader _uploader;
    private readonly SyncExchange _sync;
    private readonly Gossip _gossip;
    private readonly PushSender _pushes;
    private readonly Unsolicited _unsolicited;
    private readonly MessageReceiver _receiver;
    private readonly ExtensionNames _extensions = new();
    private LocalCore _core;
    private bool _downloading;
    private bool _opened;
    private bool _closed;

    /// <summary>Begins before the channel is open.</summary>
    /// <param name="core">The local core as it stands.</param>
    /// <param name="have">Blocks that are stored; the machine keeps the set and changes it.</param>
    /// <param name="expected">The handshake that the peer must present.</param>
    /// <param name="downloading">Whether everything the peer has is to be fetched, now and as it grows.</param>
    public ReplicationMachine(
        LocalCore core, BlockSet have, ChannelHandshake expected, bool downloading, ReplicationOptions? options = null)
    {
        options ??= ReplicationOptions.Default;
        _core = core;
        _have = have;
        _expected = expected;
        _downloading = downloading;
        _remote = new RemotePeer(options.MaxRemotePages);
        _downloader = new Downloader(options, _remote, have, _effects.Counters, _effects.Add);
        _pushes = new PushSender(options, _remote, _effects.Add);
        _unsolicited = new Unsolicited(options, have, _effects.Counters, _effects.Add);
        _uploader = new Uploader(options, have, _pushes, _effects.Counters, _effects.Add);
        _receiver = new MessageReceiver(_remote, _uploader, _downloader, _unsolicited, _extensions, _effects.Counters, HandleSync, _effects.Add);
        _sync = new SyncExchange(_remote, have, _effects.Add);
        _gossip = new Gossip(options, _remote, _uploader.Wants, have, Sync, _effects.Add);
    }

    /// <summary>Whether the peer is to keep the channel although nothing is fetched: to hear of growth and for blocks by name.</summary>
    public bool IsFollowing { get; set; }

    /// <summary>Whether the peer may send blocks that were not asked for, while blocks are fetched at all.</summary>
    public bool AllowsPush { get; set; }

    /// <summary>Whether nothing is ever asked for: all there will be is what the peer sends unasked.</summary>
    public bool IsPushOnly { get; set; }

    public TimeSpan? NextDeadline => _closed ? null : _uploader.Earlier(_gossip.Earlier(_downloader.NextDeadline));

    /// <summary>The channel was closed by a peer that saw no interest on either side, but there is one: open it again.</summary>
    public bool ShouldReopen => _opened && (_downloading || IsFollowing) && !_remote.Downloading && _remote.Uploading;

    /// <summary>Whether the peer may still bring a longer tree; false when it has nothing newer, or will not be asked.</summary>
    public bool IsUpdating => !_closed && (!_remote.Synced || (!IsPushOnly && _downloader.IsUpdating(_core)));

    /// <summary>What has passed so far.</summary>
    public ReplicationStatistics Statistics => _effects.Counters.Take();

    public bool TryTake(out ReplicationEffect? effect) => _effects.TryTake(out effect);

    /// <summary>Both sides have opened the channel; the peer's handshake decides whether it goes on.</summary>
    public void HandleOpened(ReadOnlySpan<byte> handshake, TimeSpan now)
    {
        if (_opened || _closed)
            return;
        if (_expected.FindFault(handshake) is { } fault)
        {
            End(new ReplicationEffect.DestroyConnection(fault));
            return;
        }

        _opened = true;
        Sync();
        _gossip.TellPrefix(_core);
        Advance(now);
    }

    /// <summary>One message of the channel; what cannot be decoded ends the connection, as upstream does.</summary>
    public void HandleMessage(int type, ReadOnlyMemory<byte> body, TimeSpan now)
    {
        if (!_opened || _closed || type > MessageCodec.LastType)
            return;
        if (MessageCodec.TryDecode(type, body, out ReplicationMessage? message))
            _receiver.Handle(message, _core, AllowsPush && IsDownloading, now);
        else
            End(new ReplicationEffect.DestroyConnection(CloseReason.MalformedMessage));
        Advance(now);
    }

    /// <summary>The core has another length, fork or manifest.</summary>
    public void HandleCore(LocalCore core, TimeSpan now)
    {
        if (core.Fork != _core.Fork)
            _downloader.Reset();
        _downloader.Searches.HandleCore();
        bool grew = core.Fork == _core.Fork && core.HasManifest == _core.HasManifest && core.Length > _core.Length;
        _core = core;
        if (!_opened || _closed)
            return;
        if (!grew || !_downloading || !_gossip.TryHold(core, now))
            Sync();
        Advance(now);
    }

    /// <summary>Blocks were stored or dropped; the peer is told unless it has them.</summary>
    public void HandleBlocks(long start, long length, bool dropped, TimeSpan now)
    {
        if (dropped)
            _have.Remove(start, length);
        else
            _have.Add(start, length);
        if (!_opened || _closed)
            return;
        if (dropped)
            _effects.Add(new ReplicationEffect.Send(new RangeMessage(start, length, dropped)));
        else
            _gossip.Tell(start, length, _core, _downloading, now);
        Advance(now);
    }

    /// <summary>Answers PlanBlocks.</summary>
    public void HandlePlan(PlanAnswer answer, TimeSpan now)
    {
        _downloader.HandlePlan(answer, _core, CanDownload, now);
        Advance(now);
    }

    /// <summary>Blocks that others fetched may be asked for again; none of them, but there is room for a plan that was postponed.</summary>
    public void HandleReleased(IReadOnlyList<long> blocks, TimeSpan now)
    {
        _downloader.HandleReleased(blocks);
        Advance(now);
    }

    /// <summary>Answers Prove; null when there is no such proof.</summary>
    public void HandleProof(long request, MerkleProof? proof, TimeSpan now)
    {
        if (!_closed)
            _uploader.HandleProof(request, proof);
        Advance(now);
    }

    /// <summary>Answers Verify; with the nodes that are wanted when the outcome is incomplete.</summary>
    public void HandleVerified(long request, VerifyOutcome outcome, TimeSpan now, WantedNode? wanted = null)
    {
        if (!_unsolicited.HandleVerified(request, outcome))
            _downloader.HandleVerified(request, outcome, wanted, _core, now);
        Advance(now);
    }

    /// <summary>Answers CheckConflict; a proven conflict ends the exchange.</summary>
    public void HandleConflictChecked(bool conflict, TimeSpan now)
    {
        if (_closed)
            return;
        if (conflict)
            End(new ReplicationEffect.CloseChannel(CloseReason.Conflict));
        else
            _downloader.Resume();
        Advance(now);
    }

    /// <summary>Answers FindRoots.</summary>
    public void HandleRoots(long length, bool stored)
    {
        if (_sync.HandleRoots(length, stored) && CanDownload)
            Sync();
    }

    public void HandleCongestion(bool congested, TimeSpan now)
    {
        _uploader.Congested = congested;
        Advance(now);
    }

    public void SetDownloading(bool downloading, TimeSpan now)
    {
        _downloading = downloading;
        Configure(IsFollowing, AllowsPush, IsPushOnly, now);
    }

    /// <summary>Changes the three settings; the peer is told, and where neither side wants more the channel ends.</summary>
    public void Configure(bool isFollowing, bool allowsPush, bool isPushOnly, TimeSpan now)
    {
        (IsFollowing, AllowsPush, IsPushOnly) = (isFollowing, allowsPush, isPushOnly);
        if (!CanDownload)
            return;
        Sync();
        CloseIfIdle();
        Advance(now);
    }

    /// <summary>Asks for one block ahead of others, whether or not everything is fetched.</summary>
    public void WantBlock(long index, TimeSpan now)
    {
        _downloader.Want(index);
        TellInterest(now);
    }

    public void UnwantBlock(long index) => _downloader.Unwant(index, _downloading);

    /// <summary>Asks for nodes: to find a byte, or to repair the tree.</summary>
    public void WantNodes(NodeSearch search, TimeSpan now)
    {
        _downloader.Searches.Add(search);
        TellInterest(now);
    }

    public void UnwantNodes(NodeSearch search) => _downloader.Searches.Remove(search);

    /// <summary>Sends a block to a peer that takes what it did not ask for.</summary>
    public void Push(long index, TimeSpan now)
    {
        if (CanDownload && _have.Contains(index))
            _pushes.Push(index, _core);
        Advance(now);
    }

    /// <summary>Sends a message of an extension; peers that do not know its name ignore it.</summary>
    public void SendExtension(string name, ReadOnlyMemory<byte> payload)
    {
        if (CanDownload)
            _effects.Add(new ReplicationEffect.Send(_extensions.ToMessage(name, payload)));
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (CanDownload)
            _gossip.HandleTimeout(now);
        _downloader.HandleTimeout(now);
        Advance(now);
    }

    /// <summary>The channel or the connection is gone; blocks that were under way are released.</summary>
    public void HandleClosed()
    {
        _closed = true;
        _downloader.Reset();
    }

    private bool CanDownload => _opened && !_closed;
    private bool IsDownloading => _downloading || IsFollowing || _downloader.IsBusy || _core.LostLength is not null;

    private void HandleSync(SyncMessage sync)
    {
        _remote.Update(sync, _core);
        if (CloseIfIdle())
            return;
        _downloader.HandleSync();
        if (_remote.Fork == _core.Fork && _core.Length > _remote.Length)
            Sync();
    }

    private void Advance(TimeSpan now)
    {
        if (!CanDownload)
            return;
        if (_remote.Synced && (!IsPushOnly || _core.LostLength is not null))
            _downloader.Advance(_core, _downloading, now);
        _uploader.Advance(_core, now);
    }

    private void TellInterest(TimeSpan now)
    {
        if (CanDownload && !_downloading)
            Sync();
        Advance(now);
    }

    private void Sync() => _sync.Send(_core, IsDownloading, AllowsPush && IsDownloading);

    private bool CloseIfIdle()
    {
        bool isIdle = _remote is { Synced: true, Downloading: false } && !IsDownloading;
        if (isIdle)
            End(new ReplicationEffect.CloseChannel(CloseReason.Idle));
        return isIdle;
    }

    private void End(ReplicationEffect last)
    {
        HandleClosed();
        _effects.Add(last);
    }
}

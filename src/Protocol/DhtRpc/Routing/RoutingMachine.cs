using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>Keeps the routing table alive: who enters, who is pinged, who is thrown out, when to look for more.</summary>
public sealed class RoutingMachine
{
    private readonly RoutingOptions _options;
    private readonly IEntropy _entropy;
    private readonly Queue<RoutingEffect> _effects = new();
    private readonly Dictionary<PeerAddress, PeerAddress?> _checks = [];
    private RoutingTable _table;
    private int _tick;
    private int _refreshTicks;
    private int _replacementChecks;
    private TimeSpan _nextTick;
    private TimeSpan _nextPublish;
    private bool _isChanged;
    private bool _isBootstrapped;
    private bool _isSuspended;

    public RoutingMachine(NodeId own, IEntropy entropy, RoutingOptions? options, TimeSpan now)
    {
        _options = options ?? new RoutingOptions();
        _entropy = entropy;
        _table = new RoutingTable(own);
        _tick = 51 + entropy.NextInt32(50);
        _refreshTicks = _options.RefreshTicks / 2 + 1 + entropy.NextInt32(_options.RefreshTicks / 2);
        _nextTick = now + _options.Tick * (1 - entropy.NextDouble());
        _nextPublish = now;
    }

    public RoutingTable Table => _table;

    public TimeSpan? NextDeadline => _isSuspended ? null : _isChanged && _nextPublish < _nextTick ? _nextPublish : _nextTick;

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RoutingEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>A node with a verified id spoke to us.</summary>
    public void HandleHeard(PeerAddress address, TimeSpan now)
    {
        RoutingNode node = RoutingNode.At(address);
        if (_table.TryGet(node.Id, out RoutingEntry? known))
            _table.Refresh(known, _tick);
        else
            Offer(new RoutingEntry(node, _tick));
        PublishWhenDue(now);
    }

    /// <summary>A node did not answer a query.</summary>
    public void HandleUnreachable(PeerAddress address, TimeSpan now)
    {
        Remove(NodeId.Of(address));
        PublishWhenDue(now);
    }

    /// <summary>Somebody says that a node is down: see for ourselves.</summary>
    public void HandleDownHint(PeerAddress address, TimeSpan now)
    {
        if (_checks.Count - _replacementChecks >= _options.MaxDownHintChecks
            || !_table.TryGet(NodeId.Of(address), out RoutingEntry? entry)
            || (entry.PingedTick >= _tick && entry.WasDownHinted))
            return;
        entry.WasDownHinted = true;
        Check(entry, null);
        PublishWhenDue(now);
    }

    /// <summary>A ping that this machine asked for was answered, or not.</summary>
    /// <param name="address">The node that was pinged.</param>
    /// <param name="answered">It answered under its id. One that answers without an id is not persistent any more.</param>
    /// <param name="now">The time.</param>
    public void HandlePingEnded(PeerAddress address, bool answered, TimeSpan now)
    {
        if (!_checks.Remove(address, out PeerAddress? replacement))
            return;
        if (replacement.HasValue)
            _replacementChecks--;
        NodeId id = NodeId.Of(address);
        if (answered)
        {
            if (_table.TryGet(id, out RoutingEntry? entry))
                _table.Refresh(entry, _tick);
        }
        else if (!_isSuspended)
        {
            Remove(id);
            if (replacement is { } newcomer)
                Offer(new RoutingEntry(RoutingNode.At(newcomer), _tick));
        }

        PublishWhenDue(now);
    }

    /// <summary>A walk through the network has begun, so that the next one can wait.</summary>
    public void HandleQueryStarted() => _refreshTicks = _options.RefreshTicks;

    /// <summary>The first walk has ended: upkeep begins.</summary>
    public void HandleBootstrapped() => _isBootstrapped = true;

    /// <summary>Arranges the table around a new own id.</summary>
    public void HandleIdentity(NodeId own, TimeSpan now)
    {
        if (own == _table.Own)
            return;
        RoutingTable old = _table;
        _table = new RoutingTable(own);
        foreach (RoutingEntry entry in old.OldestFirst.ToArray())
            _table.Add(entry);
        _isChanged = true;
        if (_isBootstrapped)
            Refresh();
        PublishWhenDue(now);
    }

    /// <summary>The machine slept: every node counts as old and a walk is due.</summary>
    public void HandleWakeUp()
    {
        _tick += 2 * _options.OldTicks;
        _tick += 8 - (_tick & 7) - 2;
        _refreshTicks = 1;
    }

    /// <summary>Nothing is asked for until the node goes on.</summary>
    public void HandleSuspended() => _isSuspended = true;

    /// <summary>The node goes on after a rest: looks at once for who is still there.</summary>
    public void HandleResumed(TimeSpan now)
    {
        _isSuspended = false;
        _nextTick = now + _options.Tick;
        Refresh();
        PublishWhenDue(now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (_isSuspended)
            return;
        if (now >= _nextTick)
        {
            _nextTick = now - _nextTick > _options.Tick ? now + _options.Tick : _nextTick + _options.Tick;
            _tick++;
            if (_isBootstrapped)
                Upkeep();
        }

        PublishWhenDue(now);
    }

    private void Upkeep()
    {
        if (_tick % _options.PingTicks == 0)
            PingLongestSilent();
        bool isSparse = _tick % _options.SparseRefreshTicks == 0 && _table.Count < RoutingTable.BucketSize;
        if (--_refreshTicks <= 0 || isSparse)
            Refresh();
    }

    private void PingLongestSilent()
    {
        if (_table.Count == 0)
        {
            Refresh();
            return;
        }

        bool isRecent = _tick - _table.OldestFirst.First().PingedTick < _options.RecentTicks;
        int count = isRecent ? _options.PingedNodesWhenRecent : _options.PingedNodes;
        foreach (RoutingEntry entry in _table.OldestFirst.Take(count))
        {
            if (entry.PingedTick != _tick)
                Check(entry, null);
        }
    }

    private void Refresh()
    {
        _refreshTicks = _options.RefreshTicks;
        NodeId target = _table.Count == 0
            ? _table.Own
            : _table.OldestFirst.ElementAt(_entropy.NextInt32(_table.Count)).Node.Id;
        _effects.Enqueue(new RoutingEffect.Refresh(target.Value));
    }

    private void Offer(RoutingEntry entry)
    {
        switch (_table.Add(entry))
        {
            case RoutingAddition.Added:
                _isChanged = true;
                break;
            case RoutingAddition.BucketFull:
                ChallengeOldest(entry);
                break;
        }
    }

    private void ChallengeOldest(RoutingEntry newcomer)
    {
        if (!_isBootstrapped || _replacementChecks >= _options.MaxReplacementChecks)
            return;
        RoutingEntry? oldest = null;
        foreach (RoutingEntry entry in _table.Bucket(newcomer.Node.Id))
        {
            bool isLonger = oldest is null || (entry.PingedTick, entry.AddedTick).CompareTo((oldest.PingedTick, oldest.AddedTick)) < 0;
            if (isLonger && entry.PingedTick != _tick && !_checks.ContainsKey(entry.Node.Address))
                oldest = entry;
        }

        if (oldest is null)
            return;
        bool isProven = _tick - oldest.PingedTick < _options.RecentTicks && _tick - oldest.AddedTick > _options.OldTicks;
        if (!isProven)
            Check(oldest, newcomer.Node.Address);
    }

    private void Check(RoutingEntry entry, PeerAddress? replacement)
    {
        entry.PingedTick = _tick;
        if (!_checks.TryAdd(entry.Node.Address, replacement))
            return;
        if (replacement.HasValue)
            _replacementChecks++;
        _effects.Enqueue(new RoutingEffect.Ping(entry.Node.Address));
    }

    private void Remove(NodeId id)
    {
        if (_table.Remove(id))
            _isChanged = true;
    }

    private void PublishWhenDue(TimeSpan now)
    {
        if (!_isChanged || (now < _nextPublish && _table.Count > _options.SmallTableNodes))
            return;
        _isChanged = false;
        _nextPublish = now + _options.PublishInterval;
        _effects.Enqueue(new RoutingEffect.Publish(_table.Snapshot()));
    }
}

namespace Hyper.Protocol.Protomux;

/// <summary>Numbers the channels of this side; the most recently freed id is used first, as upstream does.</summary>
internal sealed class LocalChannels
{
    private readonly List<MuxChannel?> _byId = [];
    private readonly Stack<int> _freeIds = new();
    private readonly Dictionary<int, MuxChannel> _byHandle = [];
    private readonly Dictionary<int, Pairing> _unanswered = [];
    private int _lastHandle;

    internal bool IsEmpty => _byId.Count == _freeIds.Count;

    internal MuxChannel? this[int localId] => _byId[localId - 1];

    internal MuxChannel? Find(int handle) => _byHandle.GetValueOrDefault(handle);

    internal MuxChannel[] All() => [.. _byId.OfType<MuxChannel>()];

    internal MuxChannel Add(int messageCount, Pairing pairing)
    {
        if (!_freeIds.TryPop(out int id))
        {
            _byId.Add(null);
            id = _byId.Count;
        }

        MuxChannel channel = new(++_lastHandle, id, messageCount, pairing);
        _byId[id - 1] = channel;
        _byHandle.Add(channel.Handle, channel);
        pairing.OpenCount++;
        return channel;
    }

    /// <summary>Remembers that the remote owes an answer; until then the id stays taken even when the channel goes.</summary>
    internal void Await(MuxChannel channel)
    {
        channel.Pairing.Outgoing.Add(channel.LocalId);
        _unanswered.Add(channel.LocalId, channel.Pairing);
    }

    /// <summary>The oldest unanswered open under a name, and its channel unless that was closed.</summary>
    internal MuxChannel? TakeUnanswered(Pairing pairing)
    {
        int id = Pairing.TakeFirst(pairing.Outgoing);
        _unanswered.Remove(id);
        if (_byId[id - 1] is { } channel)
            return channel;
        _freeIds.Push(id);
        return null;
    }

    /// <summary>Settles one open that the remote rejected; false when none has this id.</summary>
    internal bool TryTakeRejected(ulong localId, out MuxChannel? channel, out Pairing? pairing)
    {
        (channel, pairing) = (null, null);
        if (localId > int.MaxValue || !_unanswered.Remove((int)localId, out pairing))
            return false;
        pairing.Outgoing.Remove((int)localId);
        channel = _byId[(int)localId - 1];
        _freeIds.Push((int)localId);
        return true;
    }

    internal void Remove(MuxChannel channel)
    {
        _byHandle.Remove(channel.Handle);
        _byId[channel.LocalId - 1] = null;
        channel.Pairing.OpenCount--;
        if (channel.RemoteId > 0)
            _freeIds.Push(channel.LocalId);
    }
}

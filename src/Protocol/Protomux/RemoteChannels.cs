namespace Hyper.Protocol.Protomux;

/// <summary>The remote's channels by its own ids, and the memory that parked ones take.</summary>
internal sealed class RemoteChannels(ProtomuxOptions options)
{
    private readonly List<RemoteChannel?> _byId = [];
    private int _parkedOpens;

    /// <summary>What the parked messages are charged, by upstream's formula.</summary>
    internal long ParkedCost { get; private set; }

    /// <summary>Bytes of memory that parked opens and messages take.</summary>
    internal int ParkedBytes { get; private set; }

    internal RemoteChannel? Find(ulong remoteId) => remoteId > 0 && remoteId <= (ulong)_byId.Count ? _byId[(int)remoteId - 1] : null;

    internal int[] ParkedIds()
        => _parkedOpens == 0 ? [] : [.. Enumerable.Range(1, _byId.Count).Where(id => _byId[id - 1] is { Paired: null })];

    /// <summary>False for an id that is taken, or more than one above the highest so far, or beyond the limit.</summary>
    internal bool TryReserve(ulong remoteId)
    {
        if (remoteId == (ulong)_byId.Count + 1 && _byId.Count < options.MaxRemoteChannels)
            _byId.Add(null);
        return remoteId > 0 && remoteId <= (ulong)_byId.Count && _byId[(int)remoteId - 1] is null;
    }

    internal void Pair(int remoteId, MuxChannel channel) => _byId[remoteId - 1] = new RemoteChannel { Paired = channel };

    /// <summary>False when as many opens as allowed wait already, or their bytes are too many.</summary>
    internal bool TryPark(int remoteId, Pairing pairing, ReadOnlyMemory<byte> handshake, int openLength)
    {
        if (_parkedOpens >= options.MaxParkedOpens || openLength > options.MaxParkedBytes - ParkedBytes)
            return false;
        RemoteChannel parked = RemoteChannel.Park(pairing, handshake, openLength);
        _byId[remoteId - 1] = parked;
        _parkedOpens++;
        ParkedBytes += parked.ParkedBytes;
        return true;
    }

    /// <summary>False when the parked bytes are too many.</summary>
    internal bool TryKeep(RemoteChannel parked, int type, ReadOnlyMemory<byte> payload)
    {
        int length = ParkedMessages.LengthOf(type, payload.Length);
        if (length > options.MaxParkedBytes - ParkedBytes)
            return false;
        long costBefore = parked.Messages.Cost;
        parked.Messages.Add(type, payload.Span);
        ParkedBytes += length;
        ParkedCost += parked.Messages.Cost - costBefore;
        return true;
    }

    internal RemoteChannel Unpark(int remoteId)
    {
        RemoteChannel parked = _byId[remoteId - 1]!;
        _byId[remoteId - 1] = null;
        _parkedOpens--;
        ParkedBytes -= parked.ParkedBytes;
        ParkedCost -= parked.Messages.Cost;
        return parked;
    }

    /// <summary>Parked opens answer to another name from now on.</summary>
    internal void Move(IReadOnlyList<int> remoteIds, Pairing pairing)
    {
        foreach (int id in remoteIds)
            _byId[id - 1]!.ParkedIn = pairing;
    }

    internal void Free(int remoteId) => _byId[remoteId - 1] = null;
}

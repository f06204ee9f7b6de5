namespace Hyper.Protocol.Protomux;

/// <summary>Opens of either side that wait for their counterpart under one name.</summary>
internal sealed class Pairing
{
    internal List<ChannelName> Names { get; } = [];

    /// <summary>Local channels that exist under this name.</summary>
    internal int OpenCount { get; set; }

    /// <summary>Remote ids of parked opens, oldest first.</summary>
    internal List<int> Incoming { get; } = [];

    /// <summary>Local ids of unanswered opens, oldest first; those of channels closed meanwhile included.</summary>
    internal List<int> Outgoing { get; } = [];

    internal bool IsIdle => OpenCount == 0 && Incoming.Count == 0 && Outgoing.Count == 0;

    internal static int TakeFirst(List<int> ids)
    {
        int first = ids[0];
        ids.RemoveAt(0);
        return first;
    }
}

/// <summary>The pairings of a multiplexer by every name they answer to.</summary>
internal sealed class PairingTable
{
    private readonly Dictionary<ChannelName, Pairing> _pairings = [];

    internal Pairing GetOrAdd(ChannelName name)
    {
        if (_pairings.TryGetValue(name, out Pairing? pairing))
            return pairing;
        pairing = new Pairing();
        AddName(pairing, name);
        return pairing;
    }

    internal Pairing? Find(ChannelName name) => _pairings.GetValueOrDefault(name);

    /// <summary>Makes a pairing answer to another name; opens parked under that name come along and are returned.</summary>
    internal IReadOnlyList<int> AddAlias(Pairing pairing, ChannelName alias)
    {
        Pairing? other = Find(alias);
        if (other == pairing || other is { OpenCount: > 0 } or { Outgoing.Count: > 0 })
            return [];
        AddName(pairing, alias);
        pairing.Incoming.AddRange(other?.Incoming ?? []);
        return other?.Incoming ?? [];
    }

    internal void RemoveIfIdle(Pairing pairing)
    {
        if (!pairing.IsIdle)
            return;
        foreach (ChannelName name in pairing.Names)
            _pairings.Remove(name);
    }

    private void AddName(Pairing pairing, ChannelName name)
    {
        _pairings[name] = pairing;
        pairing.Names.Add(name);
    }
}

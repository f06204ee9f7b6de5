using System.Numerics;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Uploads;

/// <summary>Regions that the peer wants to hear of, as version 11 remembers them; beyond the limits it hears of everything.</summary>
internal sealed class RemoteWants(ReplicationOptions options)
{
    private const int MinLength = 32;
    private const int MaxLengths = 4;
    private const int MaxCheckedRegions = 3;

    private readonly List<WantMessage> _loose = [];
    private readonly Dictionary<long, HashSet<long>> _regions = [];
    private bool _everything;
    private int _count;

    public void Add(WantMessage want)
    {
        if (want.Any && _loose.Count < options.MaxLooseWants)
            _loose.Add(want);
        else if (want.Any || !IsRegion(want.Start, want.Length) || _count >= options.MaxRememberedWants)
            _everything = true;
        else if (_regions.TryGetValue(want.Length, out HashSet<long>? regions) || _regions.Count < MaxLengths)
            Remember(want, regions);
        else
            _everything = true;
    }

    public void Remove(UnwantMessage unwant)
    {
        if (unwant.Any)
        {
            int at = _loose.FindIndex(want => want.Start == unwant.Start && want.Length == unwant.Length);
            if (at >= 0)
                _loose.RemoveAt(at);
            return;
        }

        if (!IsRegion(unwant.Start, unwant.Length) || !_regions.TryGetValue(unwant.Length, out HashSet<long>? regions)
            || !regions.Remove(unwant.Start / unwant.Length))
            return;
        _count--;
        if (regions.Count == 0)
            _regions.Remove(unwant.Length);
    }

    /// <summary>Whether any of these blocks was wanted; a run over many regions counts as wanted without a look.</summary>
    public bool Covers(long start, long length)
    {
        long end = start + length;
        if (_everything || _loose.Exists(want => want.Start < end && start - want.Start < want.Length))
            return true;
        foreach ((long size, HashSet<long> regions) in _regions)
        {
            long first = start / size, last = (end - 1) / size;
            if (last - first >= MaxCheckedRegions)
                return true;
            for (long region = first; region <= last; region++)
                if (regions.Contains(region))
                    return true;
        }

        return false;
    }

    private void Remember(WantMessage want, HashSet<long>? regions)
    {
        if (regions is null)
            _regions.Add(want.Length, regions = []);
        if (regions.Add(want.Start / want.Length))
            _count++;
    }

    private bool IsRegion(long start, long length)
        => length >= MinLength && length <= options.MaxWantLength && BitOperations.IsPow2(length) && (start & (length - 1)) == 0;
}

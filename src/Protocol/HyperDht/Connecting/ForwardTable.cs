using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Records;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>The servers a node can lead clients to: those that announced themselves to it, and those it hosts.</summary>
public sealed class ForwardTable
{
    private readonly GenerationCache<Forward> _announced;
    private readonly Dictionary<Bytes32, Forward> _hosted = [];

    public ForwardTable(RecordOptions options)
        => _announced = new GenerationCache<Forward>(options.MaxAnnouncements, options.AnnouncementLifetime);

    /// <summary>A server announced itself from this address; a hosted server is never replaced by an announcement.</summary>
    public void Announce(Bytes32 target, PeerAddress source, ReadOnlyMemory<byte> record, TimeSpan now)
    {
        if (!_hosted.ContainsKey(target))
            _announced.Set(target, new Forward(source, record), now);
    }

    /// <summary>A server of this node; it stays until it is removed.</summary>
    public void Host(Bytes32 target, ReadOnlyMemory<byte> record)
    {
        _announced.Remove(target);
        _hosted[target] = new Forward(null, record);
    }

    /// <summary>Forgets an announcement, as UNANNOUNCE asks; hosted servers do not leave this way.</summary>
    public void Unannounce(Bytes32 target) => _announced.Remove(target);

    public void Unhost(Bytes32 target) => _hosted.Remove(target);

    public bool TryFind(Bytes32 target, TimeSpan now, [NotNullWhen(true)] out Forward? forward)
        => _hosted.TryGetValue(target, out forward) || _announced.TryGet(target, now, out forward);
}

/// <summary>Where a server is: at the address it announced from, or on this node when there is none.</summary>
public sealed record Forward(PeerAddress? Address, ReadOnlyMemory<byte> Record)
{
    public bool IsHosted => Address is null;
}

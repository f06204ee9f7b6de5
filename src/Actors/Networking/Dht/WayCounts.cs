using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht;

/// <summary>How the connections of a node have sought and found their ways since it started.</summary>
public sealed record WayCounts
{
    public static WayCounts None { get; } = new();

    /// <summary>Connections that came about with one side open to everybody.</summary>
    public long Direct { get; init; }

    /// <summary>Connections inside a network that both share.</summary>
    public long Lan { get; init; }

    /// <summary>Connections through holes in both firewalls.</summary>
    public long Punched { get; init; }

    /// <summary>Connections through holes that were found by trying many ports.</summary>
    public long Birthday { get; init; }

    /// <summary>Connections that a relay carried when they came about.</summary>
    public long Relayed { get; init; }

    /// <summary>Holepunches between known ports that the first packets alone did not do.</summary>
    public long Punches { get; init; }

    /// <summary>Searches for a port that nobody knew.</summary>
    public long Searches { get; init; }

    /// <summary>Searches that were put off because of another one.</summary>
    public long TryLater { get; init; }

    /// <summary>Relays that were asked to carry a connection.</summary>
    public long RelaysTried { get; init; }

    /// <summary>Relays that had the other side of the connection too.</summary>
    public long RelaysPaired { get; init; }

    /// <summary>Relays that came to nothing.</summary>
    public long RelaysFailed { get; init; }

    internal WayCounts WithConnection(ConnectionPath path) => path switch
    {
        ConnectionPath.Direct => this with { Direct = Direct + 1 },
        ConnectionPath.Lan => this with { Lan = Lan + 1 },
        ConnectionPath.Punched => this with { Punched = Punched + 1 },
        ConnectionPath.Birthday => this with { Birthday = Birthday + 1 },
        ConnectionPath.Relayed => this with { Relayed = Relayed + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(path)),
    };

    internal WayCounts WithPunch(bool isSearch)
        => isSearch ? this with { Searches = Searches + 1 } : this with { Punches = Punches + 1 };
}

using Hyper.Protocol.HyperDht.Holepunching;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Limits of one attempt to connect; the defaults are upstream's.</summary>
public sealed record ConnectOptions
{
    public static ConnectOptions Default { get; } = new();

    /// <summary>Handshakes under way at once through relays that were found.</summary>
    public int ParallelHandshakes { get; init; } = 2;

    /// <summary>Relays tried in all.</summary>
    public int MaxRelays { get; init; } = 20;

    /// <summary>Resends of a search step.</summary>
    public int SearchRetries { get; init; } = 3;

    /// <summary>Tell the server our local addresses and try its own.</summary>
    public bool UsesLocalNetwork { get; init; } = true;

    /// <summary>How long a way inside a shared network is waited for before holes are punched as well: a server that cannot punch gives up at once.</summary>
    public TimeSpan LocalHeadStart { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a server that dials us may take.</summary>
    public TimeSpan PathTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take that a relay may carry, while another way is searched for.</summary>
    public TimeSpan RelayedPathTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Make holes into firewalls where there is no other way.</summary>
    public bool PunchesHoles { get; init; } = true;

    /// <summary>Tell the server that another connection may go the way of the first one.</summary>
    public bool ReusesSocket { get; init; }

    /// <summary>Asked before punching begins.</summary>
    public HolepunchVeto? HolepunchVeto { get; init; }

    public HolepunchOptions Holepunch { get; init; } = HolepunchOptions.Default;
}

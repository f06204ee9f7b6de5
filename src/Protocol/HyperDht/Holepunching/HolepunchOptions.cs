namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>Limits and times of holepunching; the defaults are upstream's.</summary>
public sealed record HolepunchOptions
{
    public static HolepunchOptions Default { get; } = new();

    /// <summary>Nodes whose word about a socket's outer address is asked for.</summary>
    public int Samples { get; init; } = 4;

    /// <summary>Sockets tried one after another while the own NAT makes no sense.</summary>
    public int MaxReopens { get; init; } = 3;

    /// <summary>Time to live of a datagram that is to pass our own NAT and die before the remote's.</summary>
    public int ShortTimeToLive { get; init; } = 5;

    /// <summary>Time between probes of addresses that are known.</summary>
    public TimeSpan ConsistentInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes of addresses that are known.</summary>
    public int ConsistentTries { get; init; } = 10;

    /// <summary>Time between probes when one side's port is unknown.</summary>
    public TimeSpan RandomInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Probes when one side's port is unknown.</summary>
    public int RandomTries { get; init; } = 1750;

    /// <summary>Probes of a search that may be caught up with at once after the timer was late.</summary>
    public int RandomBurst { get; init; } = 4;

    /// <summary>Sockets that a side with random ports opens at most.</summary>
    public int BirthdaySockets { get; init; } = 256;

    /// <summary>Time between opening the sockets and the first of the probes from them.</summary>
    public TimeSpan BirthdayPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Searches for random ports at once on a node.</summary>
    public int RandomPunches { get; init; } = 1;

    /// <summary>Time after such a search before the next.</summary>
    public TimeSpan RandomPunchInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A node that has just begun rests, too, before its first search.</summary>
    public bool DefersRandomPunches { get; init; }

    /// <summary>Least time before a side that is busy with other searches is asked again.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is added to that time by chance, at most.</summary>
    public TimeSpan RetrySpread { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time given to the first probe to arrive when the server does not know its NAT yet.</summary>
    public TimeSpan UnknownPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server waits for a client to begin punching.</summary>
    public TimeSpan FirstPunchTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Addresses that a remote may name; the others are left out.</summary>
    public int MaxRemoteAddresses { get; init; } = 16;

    /// <summary>Probes that a server answers for one client.</summary>
    public int MaxEchoes { get; init; } = 4096;

    /// <summary>Rounds of one client that wait for the own NAT to be known; more are dropped.</summary>
    public int MaxWaitingRounds { get; init; } = 8;

    /// <summary>Rounds in which a client asks for the server's NAT.</summary>
    public int MaxProbeRounds { get; init; } = 4;
}

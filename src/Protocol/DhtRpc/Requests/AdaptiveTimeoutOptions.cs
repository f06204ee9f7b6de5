using System.Collections.Immutable;

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>How long answers are awaited where that follows from how long they took before; the defaults are upstream's.</summary>
public sealed record AdaptiveTimeoutOptions
{
    /// <summary>For a node that has not answered lately: after the first send, after the second and so on; the last one for all that follow.</summary>
    public ImmutableArray<TimeSpan> Unknown { get; init; } =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>The shortest time for a node that is known.</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest time for a node that is known.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Up to so much is added, so that not all is sent again at once.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMilliseconds(256);

    /// <summary>Nodes of one generation; two are kept.</summary>
    public int MaxNodes { get; init; } = 65536;

    /// <summary>About how long a node is remembered that is not asked.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);
}

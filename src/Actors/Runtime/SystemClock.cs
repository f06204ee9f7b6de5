using System.Diagnostics;

namespace Hyper.Actors.Runtime;

/// <summary>The clock of the machine; monotonic time starts with the first use in the process.</summary>
public sealed class SystemClock : IClock
{
    private static readonly long Origin = Stopwatch.GetTimestamp();

    public static SystemClock Instance { get; } = new();

    public TimeSpan Now => Stopwatch.GetElapsedTime(Origin);

    public long UnixMilliseconds => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}

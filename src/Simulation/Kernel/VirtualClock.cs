using Hyper.Actors.Runtime;

namespace AuctionActors.Simulation.Kernel;

/// <summary>Time that moves only when the kernel moves it.</summary>
public sealed class VirtualClock : IClock
{
    /// <summary>The calendar time at which every virtual run begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Now { get; internal set; }

    public long UnixMilliseconds => (Epoch + Now).ToUnixTimeMilliseconds();
}

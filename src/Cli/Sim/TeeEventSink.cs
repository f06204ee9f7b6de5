using AuctionActors.Simulation.Running;

namespace AuctionActors.Cli.Sim;

/// <summary>Writes a run's events to two places; the first one's digest counts.</summary>
internal sealed class TeeEventSink(IEventSink first, IEventSink second) : IEventSink
{
    public void Append(byte[] batch)
    {
        first.Append(batch);
        second.Append(batch);
    }

    public string Seal(ulong events)
    {
        second.Seal(events);
        return first.Seal(events);
    }
}

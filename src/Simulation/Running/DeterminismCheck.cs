using AuctionActors.EventLog.Querying;

namespace AuctionActors.Simulation.Running;

/// <summary>Compares the event logs of two runs of one scenario.</summary>
public static class DeterminismCheck
{
    private const int Context = 20;

    /// <summary>Null when the logs are equal byte for byte, otherwise the first differing event and what came before it.</summary>
    public static Divergence? Compare(IReadOnlyList<byte[]> first, IReadOnlyList<byte[]> second)
    {
        for (int i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            if (i >= first.Count || i >= second.Count || !first[i].AsSpan().SequenceEqual(second[i]))
                return Explain(first, second, i);
        }

        return null;
    }

    private static Divergence Explain(IReadOnlyList<byte[]> first, IReadOnlyList<byte[]> second, int block)
    {
        LoggedEvent[] before = [.. Enumerable.Range(Math.Max(0, block - 1), Math.Min(1, block)).SelectMany(i => Events(first, i))];
        LoggedEvent[] left = Events(first, block), right = Events(second, block);
        int same = 0;
        while (same < left.Length && same < right.Length && Describe(left[same]) == Describe(right[same]))
            same++;
        string[] context = [.. before.Concat(left.Take(same)).TakeLast(Context).Select(Describe)];
        return new Divergence(context, At(left, same), At(right, same));
    }

    private static string? At(LoggedEvent[] events, int index) => index < events.Length ? Describe(events[index]) : null;

    private static LoggedEvent[] Events(IReadOnlyList<byte[]> log, int block)
        => block < log.Count && BatchReader.TryRead(log[block], out List<LoggedEvent>? events) ? [.. events] : [];

    private static string Describe(LoggedEvent item)
    {
        string correlations = string.Join(' ', item.Correlations.Select(pair => $"{pair.Key}={pair.Value}"));
        return $"#{item.Number} {item.Time.TotalMilliseconds:0.000} ms {item.Kind} <- #{item.Cause} {item.Peer} {item.Actor} "
            + $"{item.From}>{item.To} {item.Message?.Hash:x32}.{item.Message?.Copy} {item.Type} {item.Size} B {item.Text} {correlations}";
    }
}

/// <summary>Where two runs part.</summary>
/// <param name="Context">The last common events.</param>
/// <param name="First">The first differing event of the first run, or null when its log ends there.</param>
/// <param name="Second">The same of the second run.</param>
public sealed record Divergence(IReadOnlyList<string> Context, string? First, string? Second);

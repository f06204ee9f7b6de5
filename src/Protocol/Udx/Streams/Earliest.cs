namespace Hyper.Protocol.Udx.Streams;

/// <summary>The first of several deadlines, of which each may be absent.</summary>
internal static class Earliest
{
    public static TimeSpan? Of(params ReadOnlySpan<TimeSpan?> deadlines)
    {
        TimeSpan? earliest = null;
        foreach (TimeSpan? deadline in deadlines)
        {
            if (earliest is null || deadline < earliest)
                earliest = deadline ?? earliest;
        }

        return earliest;
    }
}

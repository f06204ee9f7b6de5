using System.Text.RegularExpressions;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.EventLog.Querying;

/// <summary>Which events a reader wants; empty parts let everything through.</summary>
public sealed class LogFilter
{
    private readonly string? _peer;
    private readonly Regex? _actor;
    private readonly Regex? _kind;
    private readonly Correlation? _correlation;
    private readonly TimeSpan _from;
    private readonly TimeSpan _to;

    /// <param name="peer">Exact name of a peer.</param>
    /// <param name="actor">Pattern over actor paths, where <c>*</c> stands for anything.</param>
    /// <param name="kind">Pattern over kinds, for example <c>auction.*</c>.</param>
    /// <param name="correlation">Key and value; a value may be the beginning of the one recorded.</param>
    /// <param name="between">First and last moment, both included.</param>
    public LogFilter(
        string? peer = null, string? actor = null, string? kind = null, Correlation? correlation = null, (TimeSpan From, TimeSpan To)? between = null)
    {
        _peer = peer;
        _actor = actor is null ? null : Pattern(actor, anywhere: true);
        _kind = kind is null ? null : Pattern(kind, anywhere: false);
        _correlation = correlation;
        (_from, _to) = between ?? (TimeSpan.MinValue, TimeSpan.MaxValue);
    }

    public bool Matches(LoggedEvent item)
        => (_peer is null || item.Peer == _peer)
        && item.Time >= _from && item.Time <= _to
        && (_kind is null || _kind.IsMatch(item.Kind.Name()))
        && (_actor is null || (item.Actor is not null && _actor.IsMatch(item.Actor)))
        && (_correlation is null || Correlates(item, _correlation.Value));

    private static bool Correlates(LoggedEvent item, Correlation wanted)
        => item.Correlations.Any(correlation => correlation.Key == wanted.Key
            && correlation.Value.StartsWith(wanted.Value, StringComparison.OrdinalIgnoreCase));

    private static Regex Pattern(string text, bool anywhere)
    {
        string body = Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal);
        return new Regex(anywhere ? body : $"^{body}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }
}

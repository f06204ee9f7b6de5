using System.Globalization;
using System.Net;
using System.Text;
using AuctionActors.EventLog.Querying;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Simulation.Reports;

/// <summary>The auctions' events and the faults of a run: a lane for each peer, and the story in lines.</summary>
internal static class HtmlTimeline
{
    /// <summary>Events looked at, lanes, marks and lines: a page stays small however long the run was.</summary>
    private const int EventsRead = 200_000, Lanes = 60, Marks = 3000, Lines = 300;

    private const int LaneHeight = 22, Left = 130, Width = 1000;

    public static void Append(StringBuilder page, IEnumerable<LoggedEvent> events)
    {
        LoggedEvent[] shown = [.. events.Take(EventsRead).Where(item => ColorOf(item.Kind) is not null).Take(Marks)];
        if (shown.Length == 0)
            return;
        string[] peers = [.. shown.Select(item => item.Peer).OfType<string>().Distinct().Order(StringComparer.Ordinal).Take(Lanes)];
        page.Append("<h2>Timeline</h2>\n<p>");
        foreach ((string color, string meaning) in Legend)
            page.Append($"<svg width=\"14\" height=\"12\"><circle cx=\"6\" cy=\"7\" r=\"4\" fill=\"{color}\"/></svg>{meaning} &nbsp; ");
        page.Append("</p>\n");
        Draw(page, shown, peers);
        HtmlReport.Table(page, "Story", ["time", "peer", "event", "what"], shown.Take(Lines).Select(item => (string[])
        [
            Moment(item.Time), Encode(item.Peer), item.Kind.Name(), Encode(item.Text),
        ]));
        if (shown.Length > Lines)
            page.Append($"<p>The first {Lines} lines; <code>auction log show</code> has all.</p>\n");
    }

    private static readonly (string Color, string Meaning)[] Legend =
    [
        ("#3b7dd8", "opened or found"), ("#2a9d4a", "bid accepted"), ("#d88a1d", "bid rejected"), ("#8a4bd8", "closed or won"), ("#c62828", "fault"),
    ];

    private static string? ColorOf(EventKind kind) => kind switch
    {
        EventKind.AuctionOpen or EventKind.AuctionFound => Legend[0].Color,
        EventKind.AuctionBidAccepted => Legend[1].Color,
        EventKind.AuctionBidRejected => Legend[2].Color,
        EventKind.AuctionClose or EventKind.AuctionWinner => Legend[3].Color,
        EventKind.FaultStart or EventKind.FaultStop => Legend[4].Color,
        _ => null,
    };

    private static void Draw(StringBuilder page, LoggedEvent[] shown, string[] peers)
    {
        TimeSpan first = shown[0].Time, span = shown[^1].Time - first;
        int height = (peers.Length + 1) * LaneHeight;
        page.Append($"<div class=\"scroll\"><svg width=\"{Left + Width + 20}\" height=\"{height}\" role=\"img\" aria-label=\"timeline\">\n");
        for (int lane = 0; lane < peers.Length; lane++)
        {
            page.Append($"<text x=\"0\" y=\"{Y(lane) + 4}\">{Encode(peers[lane])}</text>")
                .Append($"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(lane)}\" y2=\"{Y(lane)}\" stroke=\"#8884\"/>\n");
        }

        foreach (LoggedEvent item in shown)
        {
            double x = Left + (span > TimeSpan.Zero ? Width * ((item.Time - first) / span) : 0);
            string title = $"<title>{Moment(item.Time)} {item.Kind.Name()} {Encode(item.Text)}</title>";
            int lane = Array.IndexOf(peers, item.Peer);
            page.Append(lane >= 0
                ? $"<circle cx=\"{Number(x)}\" cy=\"{Y(lane)}\" r=\"4\" fill=\"{ColorOf(item.Kind)}\">{title}</circle>\n"
                : $"<line x1=\"{Number(x)}\" x2=\"{Number(x)}\" y1=\"0\" y2=\"{height}\" stroke=\"{ColorOf(item.Kind)}\">{title}</line>\n");
        }

        page.Append($"<text x=\"{Left}\" y=\"{height - 4}\">{Moment(first)}</text>")
            .Append($"<text x=\"{Left + Width}\" y=\"{height - 4}\" text-anchor=\"end\">{Moment(first + span)}</text></svg></div>\n");
    }

    private static int Y(int lane) => (lane * LaneHeight) + (LaneHeight / 2);

    private static string Moment(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");
}

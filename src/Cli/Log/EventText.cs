using System.Globalization;
using System.Text.Json.Nodes;
using AuctionActors.EventLog.Querying;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Cli.Log;

/// <summary>One event as a line for people or as JSON.</summary>
internal static class EventText
{
    public static string Line(LoggedEvent item)
        => $"{Moment(item.Time),12}  {item.Peer ?? "-",-12} {item.Kind.Name(),-22} {Detail(item)}".TrimEnd();

    /// <summary>Milliseconds below a minute, minutes and seconds above.</summary>
    public static string Moment(TimeSpan time)
        => time < TimeSpan.FromMinutes(1)
            ? time.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture) + "ms"
            : time.ToString(@"h\:mm\:ss\.fff", CultureInfo.InvariantCulture);

    public static JsonObject Json(LoggedEvent item)
    {
        JsonObject json = new()
        {
            ["seq"] = item.Number,
            ["t"] = item.Time.Ticks * TimeSpan.NanosecondsPerTick,
            ["kind"] = item.Kind.Name(),
        };
        Put(json, "peer", item.Peer);
        Put(json, "actor", item.Actor);
        Put(json, "from", item.From);
        Put(json, "to", item.To);
        Put(json, "type", item.Type);
        Put(json, "text", item.Text);
        if (item.Cause != 0)
            json["cause"] = item.Cause;
        if (item.Size != 0)
            json["size"] = item.Size;
        if (item.Message is { } message)
            json["msg"] = $"{message.Hash:x32}.{message.Copy}";
        if (item.Correlations.Count > 0)
            json["corr"] = new JsonObject(item.Correlations.DistinctBy(correlation => correlation.Key)
                .Select(correlation => KeyValuePair.Create<string, JsonNode?>(correlation.Key, correlation.Value)));
        return json;
    }

    private static string Detail(LoggedEvent item)
    {
        List<string> parts = [];
        if (item.Type is not null)
            parts.Add(item.Type);
        if (item.From is not null || item.To is not null)
            parts.Add($"{item.From} → {item.To}");
        if (item.Size != 0)
            parts.Add($"{item.Size} B");
        if (item.Text is not null)
            parts.Add(item.Text);
        if (item.Kind.Name().StartsWith("actor.", StringComparison.Ordinal) && item.Actor is not null)
            parts.Add($"[{item.Actor}]");
        return string.Join("  ", parts);
    }

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null)
            json[name] = value;
    }
}

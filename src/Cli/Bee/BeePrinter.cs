using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Bees;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Cli.Bee;

/// <summary>Prints what a bee holds: a line for each item, or JSON.</summary>
internal sealed class BeePrinter(ParseResult parsed, Option<bool> json)
{
    private readonly bool _json = parsed.GetValue(json);

    public BeeText Text { get; } = BeeText.Of(parsed);

    /// <summary>The value alone, or why there is none.</summary>
    public async Task PrintValueAsync(BeeSession session, string key)
    {
        BeeEntry entry = await session.Bee.GetAsync(Text.Key(key), session.Checkout(parsed)).ConfigureAwait(false)
            ?? throw new CommandException(ExitCode.NotFound, "NO_KEY", $"there is no key '{key}'", "'auction bee ls' lists the keys");
        string value = BeeText.ToText(Text.Value(entry));
        if (_json)
            JsonOutput.WriteLine(Text.ToJson(entry));
        else
            Console.WriteLine(Console.IsOutputRedirected ? value : PrintableText.Lines(value));
    }

    public async Task PrintRangeAsync(BeeSession session, CancellationToken interrupted)
    {
        BeeRange range = BeeBounds.Of(parsed, Text);
        await foreach (BeeEntry entry in session.Bee.ScanAsync(range, session.Checkout(parsed), interrupted).ConfigureAwait(false))
            Print(Text.ToJson(entry), Text.ToLine(entry));
    }

    /// <summary>As <c>diff</c> writes it: what the older version holds, then what the newer one does.</summary>
    public void Print(BeeDifference difference)
    {
        if (_json)
        {
            JsonOutput.WriteLine(new JsonObject { ["left"] = ToJson(difference.Left), ["right"] = ToJson(difference.Right) });
            return;
        }

        if (difference.Right is { } old)
            Console.WriteLine($"-\t{Text.ToLine(old)}");
        if (difference.Left is { } entry)
            Console.WriteLine($"+\t{Text.ToLine(entry)}");
    }

    public void Print(BeeChange change)
    {
        string type = change.IsDeletion ? "del" : "put";
        JsonObject item = Text.ToJson(change.Entry);
        item.Insert(0, "type", type);
        Print(item, $"{change.Entry.Sequence}\t{type}\t{Text.ToLine(change.Entry)}");
    }

    private JsonObject? ToJson(BeeEntry? entry) => entry is null ? null : Text.ToJson(entry);

    private void Print(JsonObject item, string line)
    {
        if (_json)
            JsonOutput.WriteLine(item);
        else
            Console.WriteLine(line);
    }
}
